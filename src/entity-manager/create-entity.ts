import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn, encodeKey, refuseComputed } from '../metadata/entity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { initialValue } from '../metadata/initial-values.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';

/** Makes a new entity of columns and relations and schedules its insertion. Throws `validation` as {@link buildEntity} does. */
export function createEntity(unit: UnitOfWork, meta: EntityMetadata, data: object): object {
  const entity = buildEntity(unit, meta, data);
  unit.schedule(meta, entity);
  return entity;
}

/**
 * Makes a new entity that nobody knows yet. Only own properties of `data` that are columns or relations are taken. Throws
 * `validation` for any other one.
 */
export function buildEntity(unit: UnitOfWork, meta: EntityMetadata, data: object): object {
  if (typeof data !== 'object' || data === null)
    throw new ValidationError(`${meta.table}: an object of values is needed`);
  const entity = new meta.target() as Record<string, unknown>;
  const given = meta.embedded?.begin(meta.table, entity, data) ?? (data as Readonly<Record<string, unknown>>);
  const { columns, relations } = unit.hydrator(meta);
  let used = 0;
  for (const { property, default: initial, nullable } of columns) {
    const value = ownValue(given, property);
    entity[property] = value === undefined ? initialValue(initial, nullable) : value;
    if (value !== undefined) used += 1;
  }
  for (const relation of relations) {
    const value = ownValue(given, relation.property);
    if (value === undefined) continue;
    relate(unit, relation, entity[relation.property], value)();
    used += 1;
  }
  if (used !== countDefined(given)) refuseUnknown(meta, given);
  return entity;
}

/**
 * Gives an entity of any state the values of columns and relations, as edits that the next flush writes. Throws `validation`
 * before anything is changed.
 */
export function assignEntity(unit: UnitOfWork, entity: object, data: object): void {
  const meta = unit.metadataOf(entity);
  if (typeof data !== 'object' || data === null)
    throw new ValidationError(`${meta.table}: an object of values is needed`);
  const values = meta.embedded?.spread(meta.table, data, 'values') ?? data;
  refuseUnknown(meta, values);
  const target = entity as Record<string, unknown>;
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const edits = given.map(([property, value]) => {
    const relation = meta.relations.get(property);
    if (relation !== undefined) return relate(unit, relation, target[property], value);
    const column = meta.properties.get(property);
    if (column !== undefined) refuseComputed(meta, column);
    if (column !== undefined && value !== null) encodeColumn(meta, column, value);
    if (value === null && column?.nullable === false) throw invalid(meta.table, property, 'a value is required');
    return () => {
      target[property] = value;
    };
  });
  for (const edit of edits) edit();
}

// What every object inherits are methods, and no value is a function: only then is the owner worth a look.
function ownValue(given: Readonly<Record<string, unknown>>, property: string): unknown {
  const value = given[property];
  return typeof value === 'function' && !Object.hasOwn(given, property) ? undefined : value;
}

function countDefined(data: Readonly<Record<string, unknown>>): number {
  let count = 0;
  for (const property in data) if (data[property] !== undefined) count += 1;
  return count;
}

function refuseUnknown(meta: EntityMetadata, data: object): void {
  const isKnown = (property: string): boolean => meta.properties.has(property) || meta.relations.has(property);
  const unknown = Object.keys(data).find((property) => !isKnown(property));
  if (unknown === undefined) return;
  throw invalid(meta.table, null, `there is no column or relation '${unknown.slice(0, 60)}'`);
}

// What is to be done once everything is known to be right.
function relate(unit: UnitOfWork, relation: RelationMetadata, field: unknown, value: unknown): () => void {
  if (field instanceof Reference) return relateOne(unit, relation, field, value);
  if (!(field instanceof EntityCollection) || !Array.isArray(value))
    throw refuse(relation, 'takes an array of entities');
  if (EntityCollection.ownerOf(field) !== null && !field.isLoaded)
    throw refuse(relation, 'is not loaded; populate it or await load() before its items are replaced');
  const items = value.map((item) => related(unit, relation, item));
  return () => field.set(items);
}

// A key that the application knows need not be loaded to be referred to.
function relateOne(unit: UnitOfWork, relation: RelationMetadata, field: Reference, value: unknown): () => void {
  if (value === null && !relation.nullable && relation.kind === 'to-one')
    throw refuse(relation, 'a related entity is required');
  const isEntity = typeof value === 'object' && value !== null && unit.context.registry.of(value) !== undefined;
  if (value === null || isEntity) {
    const target = value === null ? null : related(unit, relation, value);
    return () => field.set(target);
  }
  if (relation.kind !== 'to-one') throw refuse(relation, `takes an entity of '${relation.target.table}'`);
  const wire = encodeKey(relation.target, value);
  return () => Reference.point(field, wire);
}

function related(unit: UnitOfWork, relation: RelationMetadata, value: unknown): object {
  const meta = typeof value === 'object' && value !== null ? unit.context.registry.of(value) : undefined;
  if (meta?.root !== relation.target.root) throw refuse(relation, `takes an entity of '${relation.target.table}'`);
  return value as object;
}

function refuse({ owner, property }: RelationMetadata, problem: string): ValidationError {
  return invalid(owner.table, property, problem);
}

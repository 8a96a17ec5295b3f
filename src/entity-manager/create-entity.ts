import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { ValidationError } from '../errors.ts';
import { encodeKey } from '../metadata/entity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { initialValue } from '../metadata/initial-values.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';

/**
 * Makes a new entity of columns and relations and schedules its insertion. Only own properties of `data` that are columns
 * or relations are taken. Throws `validation` for any other one.
 */
export function createEntity(unit: UnitOfWork, meta: EntityMetadata, data: object): object {
  if (typeof data !== 'object' || data === null)
    throw new ValidationError(`${meta.table}: create() takes an object of values`);
  const entity = new meta.target();
  const properties = entity as Record<string, unknown>;
  for (const [property, column] of meta.properties) {
    const given: unknown = Object.hasOwn(data, property) ? Reflect.get(data, property) : undefined;
    properties[property] = given === undefined ? initialValue(column.default, column.nullable) : given;
  }
  for (const property of Object.keys(data)) {
    if (meta.properties.has(property)) continue;
    const relation = meta.relations.get(property);
    if (relation === undefined) {
      throw new ValidationError(`${meta.table}: there is no column or relation '${property.slice(0, 60)}'`, {
        entity: meta.table,
      });
    }
    relate(unit, relation, Reflect.get(entity, property), Reflect.get(data, property));
  }
  unit.schedule(meta, entity);
  return entity;
}

function relate(unit: UnitOfWork, relation: RelationMetadata, field: unknown, value: unknown): void {
  if (value === undefined) return;
  if (field instanceof Reference) {
    relateOne(unit, relation, field, value);
  } else if (field instanceof EntityCollection) {
    if (!Array.isArray(value)) throw refuse(relation, 'takes an array of entities');
    field.add(...value.map((item) => related(unit, relation, item)));
  }
}

// A key that the application knows need not be loaded to be referred to.
function relateOne(unit: UnitOfWork, relation: RelationMetadata, field: Reference, value: unknown): void {
  const isEntity = typeof value === 'object' && value !== null && unit.context.registry.of(value) !== undefined;
  if (value === null || isEntity) field.set(value === null ? null : related(unit, relation, value));
  else if (relation.kind === 'to-one') Reference.fill(field, 'key', encodeKey(relation.target, value));
  else throw refuse(relation, `takes an entity of '${relation.target.table}'`);
}

function related(unit: UnitOfWork, relation: RelationMetadata, value: unknown): object {
  const meta = typeof value === 'object' && value !== null ? unit.context.registry.of(value) : undefined;
  if (meta?.root !== relation.target.root) throw refuse(relation, `takes an entity of '${relation.target.table}'`);
  return value as object;
}

function refuse({ owner, property }: RelationMetadata, problem: string): ValidationError {
  return new ValidationError(`${owner.table}.${property}: ${problem}`, { entity: owner.table, property });
}

import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn, encodeKey, keyProperties } from '../metadata/entity-key.ts';
import {
  type ColumnMetadata,
  type EntityMetadata,
  isComputed,
  type RelationMetadata,
} from '../metadata/entity-metadata.ts';
import { entityKey } from '../query/lower-relation.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireKey } from '../wire/wire-value.ts';

/** What a relation is to refer to: nothing, a row by its key, an entity that is known here, or something to be merged, too. */
export type MergeTarget =
  | { readonly kind: 'none' }
  | { readonly kind: 'key'; readonly key: WireKey }
  | { readonly kind: 'known'; readonly entity: object }
  | { readonly kind: 'source'; readonly meta: EntityMetadata; readonly source: object };

/** What a source says, read and checked: columns as own copies, and relations. */
export interface MergeSource {
  readonly meta: EntityMetadata;
  /** The key in the source; null where it has none, or not all of it. */
  readonly key: WireKey;
  readonly values: ReadonlyMap<ColumnMetadata, unknown>;
  /** The version that the source was read with; undefined where it says nothing of it. */
  readonly version: unknown;
  readonly ones: ReadonlyMap<RelationMetadata, MergeTarget>;
  readonly many: ReadonlyMap<RelationMetadata, readonly MergeTarget[]>;
}

/** The entity whose relation names a source: a foreign key that is part of the source's key follows from it. */
export interface MergeParent {
  readonly property: string;
  readonly key: unknown;
}

/** Reads plain data, or an entity that is not known here. Throws `validation` for what does not fit. */
export function readMergeSource(
  unit: UnitOfWork,
  meta: EntityMetadata,
  from: object,
  parent: MergeParent | null,
): MergeSource {
  const isEntity = unit.context.registry.of(from) !== undefined;
  const source = meta.embedded?.spread(meta.table, from, 'values') ?? from;
  if (!isEntity) refuseUnknown(meta, source);
  const values = readColumns(meta, source, isEntity);
  const { version } = meta;
  const given = version === null ? undefined : (values.get(version) ?? undefined);
  if (version !== null) values.delete(version);
  const relations = readRelations(unit, meta, source);
  return { meta, key: keyOf(unit, meta, source, isEntity, parent), values, version: given, ...relations };
}

function readRelations(unit: UnitOfWork, meta: EntityMetadata, source: object): Pick<MergeSource, 'ones' | 'many'> {
  const ones = new Map<RelationMetadata, MergeTarget>();
  const many = new Map<RelationMetadata, readonly MergeTarget[]>();
  for (const relation of meta.relations.values()) {
    const value = own(source, relation.property);
    if (value === undefined) continue;
    const isMany = relation.kind === 'link' || relation.kind === 'to-many';
    const items = isMany ? manyTargets(unit, relation, value) : null;
    const target = isMany ? null : oneTarget(unit, relation, value);
    if (items !== null) many.set(relation, items);
    if (target !== null) ones.set(relation, target);
  }
  return { ones, many };
}

function readColumns(meta: EntityMetadata, source: object, isEntity: boolean): Map<ColumnMetadata, unknown> {
  const values = new Map<ColumnMetadata, unknown>();
  for (const [property, column] of meta.properties) {
    const value = own(source, property);
    // What the database computes of the others is not the source's to say.
    if (value === undefined || isComputed(column) || (value === null && isEntity && column.generated)) continue;
    values.set(column, copied(meta, column, value));
  }
  return values;
}

// Data from outside may bear any name; only what it has itself counts.
function own(source: object, property: string): unknown {
  return Object.hasOwn(source, property) ? Reflect.get(source, property) : undefined;
}

function copied(meta: EntityMetadata, column: ColumnMetadata, value: unknown): unknown {
  if (value !== null) return column.codec.decode(encodeColumn(meta, column, value));
  if (column.nullable || column.generated) return null;
  throw invalid(meta.table, column.property, 'a value is required');
}

function refuseUnknown(meta: EntityMetadata, source: object): void {
  const unknown = Object.keys(source).find((name) => !meta.properties.has(name) && !meta.relations.has(name));
  if (unknown === undefined) return;
  throw invalid(meta.table, null, `there is no column or relation '${unknown.slice(0, 60)}'`);
}

// Without the cascade, the other side of a foreign key is not the source's to say; of links, the keys are.
function itemsOf(relation: RelationMetadata, field: EntityCollection): readonly object[] | null {
  return relation.kind === 'link' || relation.cascade.has('merge') ? EntityCollection.itemsOf(field) : null;
}

function manyTargets(unit: UnitOfWork, relation: RelationMetadata, value: unknown): MergeTarget[] | null {
  const items = value instanceof EntityCollection ? itemsOf(relation, value) : value;
  if (items === null && value !== null) return null;
  if (!Array.isArray(items)) throw refuse(relation, 'takes an array');
  return items.map((item) => {
    if (item === null || item === undefined) throw refuse(relation, 'takes an array of entities, keys or data');
    return toTarget(unit, relation, item);
  });
}

function oneTarget(unit: UnitOfWork, relation: RelationMetadata, field: unknown): MergeTarget | null {
  if (!(field instanceof Reference)) return toTarget(unit, relation, field);
  const state = Reference.stateOf(field);
  if (state === 'unset' || (relation.kind === 'inverse-one' && !relation.cascade.has('merge'))) return null;
  if (state === 'entity') return toTarget(unit, relation, Reference.valueOf(field));
  // As the application sees it: another database may keep the same key in another form.
  return relation.kind === 'inverse-one' ? null : { kind: 'key', key: encodeKey(relation.target, field.toJSON()) };
}

function toTarget(unit: UnitOfWork, relation: RelationMetadata, value: unknown): MergeTarget {
  const { target, cascade } = relation;
  if (value === null) {
    if (relation.kind === 'to-one' && !relation.nullable) throw refuse(relation, 'a related entity is required');
    return { kind: 'none' };
  }
  const meta = typeof value === 'object' ? unit.context.registry.of(value) : undefined;
  if (meta !== undefined) return entityTarget(unit, relation, meta, value as object);
  if (!isPlain(value)) return { kind: 'key', key: encodeKey(target, value) };
  if (cascade.has('merge')) return { kind: 'source', meta: target, source: value };
  const parts = keyProperties(target);
  if (Object.keys(value).every((property) => parts.length > 1 && parts.includes(property)))
    return { kind: 'key', key: encodeKey(target, value) };
  throw refuse(relation, "takes entities and keys; to merge data along, add cascade: ['merge']");
}

function entityTarget(unit: UnitOfWork, relation: RelationMetadata, meta: EntityMetadata, entity: object): MergeTarget {
  const { target, cascade } = relation;
  if (meta.root !== target.root) throw refuse(relation, `takes an entity of '${target.table}'`);
  if (unit.knows(entity)) return { kind: 'known', entity };
  if (cascade.has('merge')) return { kind: 'source', meta, source: entity };
  const key = entityKey(meta, entity);
  if (key !== undefined && key !== null) return { kind: 'key', key: encodeKey(meta, key) };
  throw refuse(relation, "the related entity is not persisted; merge it before, or add cascade: ['merge']");
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** The key that a source names, or that follows from the entity that it belongs to. */
function keyOf(
  unit: UnitOfWork,
  meta: EntityMetadata,
  source: object,
  isEntity: boolean,
  parent: MergeParent | null,
): WireKey {
  const key = isEntity ? entityKey(meta, source) : givenKey(unit, meta, source, parent);
  return key === undefined || key === null ? null : encodeKey(meta, key);
}

function givenKey(unit: UnitOfWork, meta: EntityMetadata, source: object, parent: MergeParent | null): unknown {
  const parts: Record<string, unknown> = {};
  const properties = keyProperties(meta);
  for (const property of properties) {
    const value = own(source, property) ?? (parent?.property === property ? parent.key : undefined);
    const target = meta.root.relations.get(property)?.target;
    const part = target === undefined || !(typeof value === 'object') ? value : relatedKey(unit, target, value);
    if (part === undefined || part === null) return undefined;
    parts[property] = part;
  }
  const [only = ''] = properties;
  return properties.length === 1 ? parts[only] : parts;
}

function relatedKey(unit: UnitOfWork, target: EntityMetadata, value: object | null): unknown {
  if (value === null) return null;
  const meta = unit.context.registry.of(value);
  return meta === undefined ? givenKey(unit, target, value, null) : entityKey(meta, value);
}

function refuse({ owner, property }: RelationMetadata, problem: string): ValidationError {
  return invalid(owner.table, property, problem);
}

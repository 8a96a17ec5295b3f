import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { decodeKey, keyOfRow } from '../metadata/entity-key.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { changedColumns, changedReferences } from './changed-columns.ts';
import type { Managed, UnitOfWork } from './unit-of-work.ts';

/** An unflushed edit of one property: the value of the row, and the present one. */
export interface PropertyChange {
  readonly before: unknown;
  readonly after: unknown;
}

/** The unflushed edits of a persistent entity by property; a relation is shown by its key. Empty for other entities. */
export function entityChanges(unit: UnitOfWork, entity: object): ReadonlyMap<string, PropertyChange> {
  const managed = unit.managed(entity);
  const changes = new Map<string, PropertyChange>();
  if (managed === undefined) return changes;
  const { meta, store, place } = managed;
  const row = store.rows[place] as WireRow;
  for (const column of changedColumns([...meta.properties.values()], entity, row) ?? []) {
    const wire = row[column.index] ?? null;
    const before = wire === null ? null : column.codec.decode(wire);
    changes.set(column.property, { before, after: Reflect.get(entity, column.property) });
  }
  const moved = unit.touched.has(entity)
    ? changedReferences(meta, entity, row, (related) => unit.snapshot(related))
    : [];
  for (const property of new Set(moved.map((column) => column.property))) {
    const relation = meta.relations.get(property);
    const field: unknown = Reflect.get(entity, property);
    if (relation === undefined || !(field instanceof Reference)) continue;
    const key = keyOfRow(relation.columns, row);
    const before = key === null ? null : decodeKey(relation.target, key);
    changes.set(property, { before, after: field.toJSON() ?? Reference.valueOf(field) });
  }
  return changes;
}

/**
 * Takes all unflushed edits of an entity back: properties and to-one relations to the snapshot, collections to what the
 * database said, a scheduled removal is forgotten. A pending entity is no longer scheduled.
 */
export function revertEntity(unit: UnitOfWork, entity: object): void {
  const meta = unit.metadataOf(entity);
  unit.removed.delete(entity);
  const managed = unit.managed(entity);
  if (managed === undefined) {
    unit.pending.delete(entity);
    return;
  }
  revertCollections(unit, managed, entity);
  const { store, place } = managed;
  const row = store.rows[place] as WireRow;
  for (const relation of meta.relations.values()) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (relation.kind !== 'to-one' || !(field instanceof Reference) || !unit.touched.has(entity)) continue;
    reflectBack(
      unit,
      relation.inverse?.property,
      entity,
      field,
      unit.find(relation.target, keyOfRow(relation.columns, row)),
    );
  }
  unit.hydrator(meta).fill(entity, row, 0);
  unit.touched.delete(entity);
}

// The collections at the other side showed the edit; now they show the row again.
function reflectBack(
  unit: UnitOfWork,
  inverse: string | undefined,
  entity: object,
  field: Reference,
  before: object | undefined,
): void {
  if (inverse === undefined || Reference.stateOf(field) !== 'entity') return;
  const now = Reference.valueOf(field) as object | null;
  if (now === before) return;
  for (const [owner, present] of [
    [now, false],
    [before, true],
  ] as const) {
    const collection: unknown = owner == null ? undefined : Reflect.get(owner, inverse);
    if (!(collection instanceof EntityCollection)) continue;
    EntityCollection.reflect(collection, entity, present);
    unit.reflected.add(collection);
  }
}

function revertCollections(unit: UnitOfWork, { meta }: Managed, entity: object): void {
  for (const relation of meta.relations.values()) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (!(field instanceof EntityCollection) || relation.kind !== 'link') continue;
    const { added, removed } = EntityCollection.editsOf(field);
    for (const item of [...added]) field.remove(item);
    for (const item of [...removed]) field.add(item);
    unit.editedLinks.delete(field);
  }
}

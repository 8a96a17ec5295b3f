import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { foreignKey } from '../hydration/hydrator.ts';
import { decodeKey } from '../metadata/entity-key.ts';
import type { RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { changedColumns, changedReferences } from './changed-columns.ts';
import { referredTo, showAtOtherSide, takeLinkBack } from './other-side.ts';
import type { UnitOfWork } from './unit-of-work.ts';

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
    const wire = row[column.index];
    const before = wire == null ? wire : column.codec.decode(wire);
    changes.set(column.property, { before, after: present(Reflect.get(entity, column.property)) });
  }
  const moved = unit.touched.has(entity)
    ? changedReferences(meta, entity, row, (related) => unit.snapshot(related))
    : [];
  for (const property of new Set(moved.map((column) => column.property))) {
    const relation = meta.relations.get(property);
    const field: unknown = Reflect.get(entity, property);
    if (relation === undefined || !(field instanceof Reference)) continue;
    const key = foreignKey(relation, row, 0);
    const before = key === null ? null : decodeKey(relation.target, key);
    changes.set(property, { before, after: field.toJSON() ?? Reference.valueOf(field) });
  }
  return changes;
}

// What an embedded value lacks is a symbol, so that no column takes it.
function present(value: unknown): unknown {
  return typeof value === 'symbol' ? undefined : value;
}

/**
 * Takes all unflushed edits of an entity back: properties and to-one relations to the snapshot, collections to what the
 * database said, a scheduled removal is forgotten. A pending entity is no longer scheduled, and leaves the relations of
 * others.
 */
export function revertEntity(unit: UnitOfWork, entity: object): void {
  const meta = unit.metadataOf(entity);
  const managed = unit.managed(entity);
  if (managed === undefined) {
    unit.forget(entity);
    return;
  }
  unit.takeRemovalBack(entity);
  for (const relation of meta.relations.values()) {
    const field: unknown = Reflect.get(entity, relation.property);
    if (relation.kind === 'to-one') continue;
    if (relation.kind !== 'link') revertReferring(unit, relation, entity);
    else if (field instanceof EntityCollection) revertLinks(unit, relation, field, entity);
  }
  const row = managed.store.rows[managed.place] as WireRow;
  if (unit.touched.has(entity)) {
    for (const relation of meta.relations.values()) revertReference(unit, relation, entity, row);
  }
  unit.hydrator(meta).fill(entity, row, 0);
  unit.touched.delete(entity);
}

/** Takes back everything that no flush has written yet. */
export function revertAll(unit: UnitOfWork): void {
  for (const entity of [...unit.pending.keys()]) unit.forget(entity);
  for (const store of unit.stores.values())
    for (const known of store.entities) if (known !== null) revertEntity(unit, known);
  unit.orphans.clear();
  unit.strays.clear();
}

// The relations at the other end showed the edit; now they show the row again.
function revertReference(unit: UnitOfWork, relation: RelationMetadata, entity: object, row: WireRow): void {
  if (relation.kind !== 'to-one') return;
  const field = Reflect.get(entity, relation.property) as Reference;
  const key = foreignKey(relation, row, 0);
  const before = unit.find(relation.target, key) ?? null;
  const now = referredTo(field);
  if (now === before && Reference.stateOf(field) !== 'key') return;
  Reference.fill(field, key === null ? 'entity' : 'key', key);
  showAtOtherSide(unit, relation, now, entity, false);
  showAtOtherSide(unit, relation, before, entity, true);
}

// The rows that refer, or referred, to the entity have the foreign keys; those that it lost or won are taken back.
function revertReferring(unit: UnitOfWork, { inverse, orphanRemoval }: RelationMetadata, entity: object): void {
  if (inverse === null) return;
  const revert = (item: object): void => {
    const row = unit.snapshot(item);
    if (row === undefined || unit.context.registry.of(item)?.relations.get(inverse.property) !== inverse) return;
    const before = unit.find(inverse.target, foreignKey(inverse, row, 0));
    const now = referredTo(Reflect.get(item, inverse.property));
    if (before !== entity && now !== entity) return;
    if (orphanRemoval && unit.adoptOrphan(item)) showAtOtherSide(unit, inverse, entity, item, true);
    revertReference(unit, inverse, item, row);
  };
  for (const item of [...unit.touched]) revert(item);
  if (orphanRemoval) for (const item of [...unit.orphans.keys()]) revert(item);
}

function revertLinks(unit: UnitOfWork, relation: RelationMetadata, field: EntityCollection, entity: object): void {
  const { added, removed } = EntityCollection.copyEdits(field);
  for (const item of [...added, ...removed]) {
    EntityCollection.takeBack(field, item);
    takeLinkBack(relation, item, entity);
  }
  unit.editedLinks.delete(field);
}

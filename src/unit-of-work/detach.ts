import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';
import { askAnew } from './other-side.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Forgets entities and what no flush has written of them. What refers to them keeps their keys, collections that held them
 * have to be read anew. Costs one walk over all that is in memory, whatever the number of entities.
 */
export function detach(unit: UnitOfWork, entities: readonly object[]): void {
  const gone = new Map<object, WireKey>();
  for (const entity of entities) forget(unit, entity, gone);
  if (gone.size === 0) return;
  for (const { entities: known } of unit.stores.values())
    for (const other of known) if (other !== null) part(unit, other, gone);
  for (const other of unit.pending.keys()) part(unit, other, gone);
}

function forget(unit: UnitOfWork, entity: object, gone: Map<object, WireKey>): void {
  const meta = unit.metadataOf(entity);
  const managed = unit.managed(entity);
  if (unit.pending.has(entity)) gone.set(entity, null);
  if (managed !== undefined) {
    const { store, place } = managed;
    const row = store.rows[place] as WireRow;
    gone.set(entity, keyOfRow(meta.root.primaryKey, row));
    if (unit.touched.has(entity)) askAnew(unit, entity, row);
    store.drop(unit.keyOfRow(meta, row), place);
    unit.detached.add(entity);
  }
  unit.forget(entity);
  for (const noted of [unit.removed, unit.touched, unit.orphans, unit.strays]) noted.delete(entity);
  for (const field of fieldsOf(unit, entity)) {
    if (!(field instanceof EntityCollection)) continue;
    unit.editedLinks.delete(field);
    unit.reflected.delete(field);
  }
}

function fieldsOf(unit: UnitOfWork, entity: object): unknown[] {
  return unit.hydrator(unit.metadataOf(entity)).relations.map(({ property }) => Reflect.get(entity, property));
}

function part(unit: UnitOfWork, other: object, gone: ReadonlyMap<object, WireKey>): void {
  for (const { kind, property } of unit.hydrator(unit.metadataOf(other)).relations) {
    const field: unknown = Reflect.get(other, property);
    if (field instanceof EntityCollection) EntityCollection.part(field, gone);
    if (!(field instanceof Reference) || Reference.stateOf(field) !== 'entity') continue;
    // A pending entity has no key: what refers to it is refused by the flush, by name.
    const key = gone.get(Reference.valueOf(field) as object) ?? null;
    if (key === null) continue;
    if (kind === 'to-one') Reference.fill(field, 'key', key);
    else Reference.fill(field, unit.pending.has(other) ? 'entity' : 'unset', null);
  }
}

import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { changedReferences, holds } from './changed-columns.ts';
import {
  type DeleteRecord,
  type FlushPlan,
  type InsertRecord,
  type Undo,
  type UpdateRecord,
  undoAll,
} from './flush-plan.ts';
import { hideDeleted } from './hide-deleted.ts';
import { otherSideOf, referredTo } from './other-side.ts';
import { softRemoving } from './plan-flush.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Writes into memory what the database said yes to: keys, versions, defaults, snapshots, states. Gives the function that
 * undoes it all, for the case that an outer transaction is rolled back.
 */
export function applyPlan(unit: UnitOfWork, plan: FlushPlan): Undo {
  const undos: Undo[] = [
    // Undone last, for what was deleted has to be there again.
    rememberTouched(unit),
    applyForgotten(unit, plan.forgotten),
    applyDeletes(unit, plan.deletes),
    applyUpdates(unit, plan.updates),
  ];
  // Keys that change are the old ones' until now, and may be new ones' from now on.
  if (plan.follow !== null) undos.push(plan.follow());
  undos.push(applyInserts(unit, plan.inserts));
  const removed = softRemoving(plan.softened)?.apply(unit, plan.softened);
  if (removed !== undefined) undos.push(removed);
  // New entities may show a deleted one, too.
  undos.push(hideDeleted(unit, plan.deletes), settleEdits(unit, plan), settleReferences(unit, plan));
  return undoAll(undos);
}

function applyInserts(unit: UnitOfWork, records: readonly InsertRecord[]): Undo {
  let last: readonly ColumnMetadata[] = [];
  const filled = records.map(({ entity, meta, row }) => {
    last = fillMissing(entity, unit.hydrator(meta).columns, row, last);
    evict(unit, meta, row);
    unit.store(meta).add(unit.keyOfRow(meta, row), entity, row);
    // Taken back while the flush ran: the row is there, so that it has to be removed now.
    if (!unit.pending.delete(entity)) unit.removed.add(entity);
    return last;
  });
  return () => {
    const since = [...unit.pending];
    unit.pending.clear();
    const unwanted = records.filter(({ entity }) => unit.removed.delete(entity));
    records.forEach(({ entity, meta, row }, index) => {
      const store = unit.store(meta);
      const key = unit.keyOfRow(meta, row);
      const place = store.places.get(key);
      if (place !== undefined && store.entities[place] === entity) store.drop(key, place);
      for (const column of filled[index] ?? [])
        if (shows(entity, column, row)) Reflect.set(entity, column.property, undefined);
      // Detached since: nobody wants it inserted any more.
      if (unit.detached.has(entity)) return;
      unit.pending.set(entity, meta);
      showAgain(unit, entity);
    });
    // What was scheduled later is inserted later.
    for (const [entity, meta] of since) unit.pending.set(entity, meta);
    // What was to be removed since has no row to be removed: it is not to be inserted again.
    for (const { entity } of unwanted) {
      unit.remove(entity);
      if (unit.orphans.has(entity)) unit.orphans.set(entity, true);
    }
  };
}

// Who is new again has nothing to load: what a refresh forgot since is what was added, or who refers to it.
function showAgain(unit: UnitOfWork, entity: object): void {
  for (const relation of unit.metadataOf(entity).relations.values()) {
    const field: unknown = Reflect.get(entity, relation.property);
    const other = referredTo(field);
    const place = otherSideOf(relation, other);
    if (place instanceof Reference && referredTo(place) === null) Reference.fill(place, 'entity', entity);
    if (!unit.pending.has(entity)) continue;
    if (field instanceof EntityCollection) EntityCollection.begin(field);
    else if (relation.kind === 'inverse-one' && other === null) Reference.fill(field as Reference, 'entity', null);
  }
}

// The database may hand the key of a row out again that somebody else deleted.
function evict(unit: UnitOfWork, meta: EntityMetadata, row: WireRow): void {
  const store = unit.store(meta);
  const key = unit.keyOfRow(meta, row);
  const place = store.places.get(key);
  const former = place === undefined ? null : store.entities[place];
  if (place === undefined || former == null) return;
  store.drop(key, place);
  unit.detached.add(former);
}

function applyForgotten(unit: UnitOfWork, forgotten: readonly object[]): Undo {
  const metas = forgotten.map((entity) => unit.pending.get(entity));
  for (const entity of forgotten) unit.pending.delete(entity);
  return () => {
    forgotten.forEach((entity, index) => {
      const meta = metas[index];
      if (meta !== undefined) unit.pending.set(entity, meta);
    });
  };
}

/**
 * What the application left out, the flush or the database gave. The list of such columns is mostly the one of the row
 * before, `last`, and then it is that very list.
 */
function fillMissing(
  entity: object,
  columns: readonly ColumnMetadata[],
  row: WireRow,
  last: readonly ColumnMetadata[],
): readonly ColumnMetadata[] {
  const properties = entity as Record<string, unknown>;
  let count = 0;
  let own: ColumnMetadata[] | null = null;
  for (const column of columns) {
    const value = properties[column.property];
    if (value !== undefined && !(column.generated && value === null)) continue;
    show(entity, column, row);
    if (own === null && last[count] !== column) own = last.slice(0, count);
    own?.push(column);
    count += 1;
  }
  return own ?? (last.length === count ? last : last.slice(0, count));
}

function applyUpdates(unit: UnitOfWork, records: readonly UpdateRecord[]): Undo {
  for (const { entity, meta, place, row, follows = [] } of records) {
    unit.store(meta).rows[place] = row;
    for (const column of follows) show(entity, column, row);
  }
  return () => {
    for (const { entity, meta, place, before, row, follows = [] } of records) {
      const store = unit.store(meta);
      // Cleared since: the place is another entity's, or nobody's.
      if (store.entities[place] !== entity) continue;
      store.rows[place] = before;
      for (const column of follows) if (shows(entity, column, row)) show(entity, column, before);
    }
  };
}

/** Gives a property what a row says. */
export function show(entity: object, { codec, index, property }: ColumnMetadata, row: WireRow): void {
  const wire = row[index] ?? null;
  (entity as Record<string, unknown>)[property] = wire === null ? null : codec.decode(wire);
}

// A value that the application has changed since is its own and stays.
function shows(entity: object, column: ColumnMetadata, row: WireRow): boolean {
  return holds(column, (entity as Record<string, unknown>)[column.property], row[column.index] ?? null);
}

/** Forgets deleted entities. */
export function applyDeletes(unit: UnitOfWork, records: readonly DeleteRecord[]): Undo {
  const scheduled = new Set(records.filter(({ entity }) => unit.removed.has(entity)));
  const stores = new Map(records.map(({ meta }) => [meta.root, unit.store(meta)]));
  for (const { entity, meta, place, row } of records) {
    unit.store(meta).drop(unit.keyOfRow(meta, row), place);
    unit.removed.delete(entity);
    unit.detached.add(entity);
  }
  return () => {
    for (const record of records) {
      const { entity, meta, place, row } = record;
      const store = unit.store(meta);
      if (store !== stores.get(meta.root)) continue;
      store.restore(unit.keyOfRow(meta, row), place, entity);
      unit.detached.delete(entity);
      if (scheduled.has(record)) unit.removed.add(entity);
    }
  };
}

function settleEdits(unit: UnitOfWork, { collections, edits }: FlushPlan): Undo {
  for (const { collection, edits: written } of collections) {
    EntityCollection.settle(collection, written);
    const open = unit.edits !== edits && EntityCollection.isEdited(collection);
    if (open) continue;
    unit.editedLinks.delete(collection);
    unit.reflected.delete(collection);
  }
  return () => {
    for (const { collection, edits: written, link } of collections) {
      EntityCollection.restore(collection, written);
      if (link === null) unit.reflected.add(collection);
      else unit.editedLinks.set(collection, link);
    }
  };
}

function rememberTouched(unit: UnitOfWork): Undo {
  const touched = [...unit.touched];
  return () => {
    for (const entity of touched) if (unit.managed(entity) !== undefined) unit.touched.add(entity);
    for (const entity of [...unit.pending.keys(), ...unit.touched]) showAgain(unit, entity);
  };
}

// A relation that was set while the flush ran differs from the row that was written, and is to be written next.
function settleReferences(unit: UnitOfWork, { inserts, edits }: FlushPlan): Undo {
  const touched = [...unit.touched];
  const orphans = [...unit.orphans];
  const undo = (): void => {
    for (const [item, wasPending] of orphans) unit.orphans.set(item, wasPending);
  };
  unit.touched.clear();
  if (unit.edits === edits) {
    unit.orphans.clear();
    unit.strays.clear();
    return undo;
  }
  const inserted = inserts.map(({ entity }) => entity);
  for (const entity of [...touched, ...inserted]) {
    const managed = unit.managed(entity);
    if (managed === undefined) continue;
    const row = managed.store.rows[managed.place] as WireRow;
    const moved = changedReferences(managed.meta, entity, row, (related) => unit.snapshot(related));
    if (moved.length > 0) unit.touched.add(entity);
  }
  return undo;
}

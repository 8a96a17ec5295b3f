import { EntityCollection } from '../criteria/entity-collection.ts';
import type { ColumnMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { DeleteRecord, FlushPlan, InsertRecord, UpdateRecord } from './flush-plan.ts';
import type { LinkEdit, UnitOfWork } from './unit-of-work.ts';

/** Takes back what {@link applyPlan} wrote into memory; the user's own edits stay. */
export type Undo = () => void;

/**
 * Writes into memory what the database said yes to: keys, versions, defaults, snapshots, states. Gives the function that
 * undoes it all, for the case that an outer transaction is rolled back.
 */
export function applyPlan(unit: UnitOfWork, plan: FlushPlan): Undo {
  const undos: Undo[] = [];
  for (const step of plan.steps) {
    if (step.kind === 'insert') undos.push(applyInserts(unit, step.records));
    else if (step.kind === 'update') undos.push(applyUpdates(unit, step.records));
    else if (step.kind === 'delete') undos.push(applyDeletes(unit, step.records));
  }
  undos.push(settleEdits(unit));
  return () => {
    for (const undo of undos.reverse()) undo();
  };
}

function applyInserts(unit: UnitOfWork, records: readonly InsertRecord[]): Undo {
  let last: readonly ColumnMetadata[] = [];
  const filled = records.map(({ entity, meta, row }) => {
    last = fillMissing(entity, unit.hydrator(meta).columns, row, last);
    unit.pending.delete(entity);
    unit.store(meta).add(unit.keyOfRow(meta, row), entity, row);
    return last;
  });
  return () => {
    records.forEach(({ entity, meta, row }, index) => {
      const store = unit.store(meta);
      const key = unit.keyOfRow(meta, row);
      const place = store.places.get(key);
      if (place !== undefined && store.entities[place] === entity) store.drop(key, place);
      unit.removed.delete(entity);
      for (const column of filled[index] ?? []) unfill(entity, column, row);
      unit.pending.set(entity, meta);
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
    const wire = row[column.index] as WireValue;
    properties[column.property] = wire === null ? null : column.codec.decode(wire);
    if (own === null && last[count] !== column) own = last.slice(0, count);
    own?.push(column);
    count += 1;
  }
  return own ?? (last.length === count ? last : last.slice(0, count));
}

// A value that the application has changed since is its own and stays.
function unfill(entity: object, column: ColumnMetadata, row: WireRow): void {
  const properties = entity as Record<string, unknown>;
  const value = properties[column.property];
  const wire = row[column.index] as WireValue;
  const untouched = value === wire || (value != null && wire !== null && column.codec.equals(value, wire));
  if (untouched) properties[column.property] = undefined;
}

function applyUpdates(unit: UnitOfWork, records: readonly UpdateRecord[]): Undo {
  for (const { entity, meta, place, row } of records) {
    if (place < 0) continue;
    unit.store(meta).rows[place] = row;
    if (meta.version !== null) setVersion(entity, meta.version, row);
  }
  return () => {
    for (const { entity, meta, place, before } of records) {
      if (place < 0) continue;
      unit.store(meta).rows[place] = before;
      if (meta.version !== null) setVersion(entity, meta.version, before);
    }
  };
}

function setVersion(entity: object, version: ColumnMetadata, row: WireRow): void {
  (entity as Record<string, unknown>)[version.property] = version.codec.decode(row[version.index] as WireValue);
}

function applyDeletes(unit: UnitOfWork, records: readonly DeleteRecord[]): Undo {
  for (const { entity, meta, place, row } of records) {
    unit.store(meta).drop(unit.keyOfRow(meta, row), place);
    unit.removed.delete(entity);
    unit.detached.add(entity);
  }
  return () => {
    for (const { entity, meta, place, row } of records) {
      unit.store(meta).restore(unit.keyOfRow(meta, row), place, entity);
      unit.removed.add(entity);
      unit.detached.delete(entity);
    }
  };
}

function settleEdits(unit: UnitOfWork): Undo {
  const touched = [...unit.touched];
  const links = new Map<EntityCollection, LinkEdit>(unit.editedLinks);
  const collections = new Set([...links.keys(), ...unit.reflected]);
  const edits = [...collections].map((collection) => ({ collection, edits: EntityCollection.editsOf(collection) }));
  for (const collection of collections) EntityCollection.settle(collection);
  unit.touched.clear();
  unit.editedLinks.clear();
  const reflected = [...unit.reflected];
  unit.reflected.clear();
  return () => {
    for (const entity of touched) unit.touched.add(entity);
    for (const [collection, edit] of links) unit.editedLinks.set(collection, edit);
    for (const collection of reflected) unit.reflected.add(collection);
    for (const { collection, edits: former } of edits) EntityCollection.restore(collection, former);
  };
}

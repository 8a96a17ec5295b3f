import type { EntityStore } from '../identity/entity-store.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn, refuseComputed } from '../metadata/entity-key.ts';
import { type ColumnMetadata, type EntityMetadata, isComputed } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import { changedColumns, changedReferences } from './changed-columns.ts';
import { encodeVersion, tieReferences } from './encode-insert.ts';
import { NO_COLUMNS, NO_REFERENCES, type UpdateRecord } from './flush-plan.ts';
import type { PendingRows } from './pending-rows.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * The changes of persistent entities, by comparing them with their snapshots. Foreign keys that were set are tied when all
 * rows are known: see {@link tieUpdates}. Throws `validation` for a value that does not fit.
 */
export function planUpdates(unit: UnitOfWork, rows: PendingRows, now: () => number): UpdateRecord[] {
  const records: UpdateRecord[] = [];
  for (const [root, store] of unit.stores) {
    // Only in a hierarchy do the columns differ from row to row.
    const whole = root.family.length === 1 ? [...root.properties.values()] : null;
    for (let place = 0; place < store.entities.length; place += 1) {
      const record = planUpdate(unit, rows, now, store, place, whole);
      if (record !== null) records.push(record);
    }
  }
  return records;
}

function planUpdate(
  unit: UnitOfWork,
  rows: PendingRows,
  now: () => number,
  store: EntityStore,
  place: number,
  whole: readonly ColumnMetadata[] | null,
): UpdateRecord | null {
  const entity = store.entities[place];
  if (entity == null) return null;
  const before = store.rows[place] as WireRow;
  const columns = whole ?? [...unit.metadataOf(entity).properties.values()];
  const changed = changedColumns(columns, entity, before);
  return isDirty(unit, entity, changed) ? encodeUpdate(unit, rows, now, entity, place, before, changed ?? []) : null;
}

function isDirty(unit: UnitOfWork, entity: object, changed: readonly ColumnMetadata[] | null): boolean {
  const edited = changed !== null || (unit.touched.size > 0 && unit.touched.has(entity));
  return edited && !unit.removed.has(entity);
}

function encodeUpdate(
  unit: UnitOfWork,
  rows: PendingRows,
  now: () => number,
  entity: object,
  place: number,
  before: WireRow,
  changed: readonly ColumnMetadata[],
): UpdateRecord | null {
  const meta = unit.metadataOf(entity);
  const row = before.slice();
  for (const column of changed) row[column.index] = encodeChange(meta, column, Reflect.get(entity, column.property));
  const moved = unit.touched.has(entity)
    ? changedReferences(meta, entity, before, (related) => unit.snapshot(related))
    : NO_COLUMNS;
  if (changed.length + moved.length === 0) return null;
  // An instant that the application has set is its own.
  const follows = meta.follows.filter((column) => !column.onUpdateNow || !changed.includes(column));
  const written = encodeFollowers(follows, before, row, now);
  const columns = moved.length === 0 && written.length === 0 ? changed : inRowOrder([...changed, ...moved, ...written]);
  const record: UpdateRecord = { entity, meta, place, before, row, columns, follows, references: NO_REFERENCES };
  if (columns.some(({ primary }) => primary)) rows.rekey(record);
  return record;
}

/** Ties the foreign keys of changed rows to the rows that they refer to. */
export function tieUpdates(unit: UnitOfWork, rows: PendingRows, records: readonly UpdateRecord[]): void {
  for (const record of records) {
    if (record.columns.some(({ role }) => role === 'reference')) {
      tieReferences(unit.hydrator(record.meta), record.entity, record, rows.rowOf);
    }
  }
}

/** Gives a row the values that change along with every update, and tells the columns that have to be written for them. */
export function encodeFollowers(
  follows: readonly ColumnMetadata[],
  before: WireRow,
  row: WireValue[],
  now: () => number,
): readonly ColumnMetadata[] {
  const written = follows.filter((column) => !isComputed(column));
  for (const column of written) {
    const { codec, index, version } = column;
    row[index] = version ? encodeVersion(column, before[index], now()) : codec.encode(new Date(now()));
  }
  return written;
}

/** Columns each once, in the order of the row. */
export function inRowOrder(columns: readonly ColumnMetadata[]): readonly ColumnMetadata[] {
  return [...new Set(columns)].sort((a, b) => a.index - b.index);
}

function encodeChange(meta: EntityMetadata, column: ColumnMetadata, value: unknown): WireValue {
  refuseComputed(meta, column);
  if (value !== null && value !== undefined) return encodeColumn(meta, column, value);
  if (column.nullable && value === null) return null;
  const problem = column.nullable ? 'undefined is no value; use null' : 'a value is required';
  throw invalid(meta.table, column.property, problem);
}

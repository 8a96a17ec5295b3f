import type { Dialect } from '../compiler/dialect.ts';
import { EntityCollection } from '../criteria/entity-collection.ts';
import { ValidationError } from '../errors.ts';
import type { EntityStore } from '../identity/entity-store.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import { changedColumns, changedReferences } from './changed-columns.ts';
import { tieReferences } from './encode-insert.ts';
import { type FlushPlan, type FlushStep, NO_REFERENCES, type PlannedEdits, type UpdateRecord } from './flush-plan.ts';
import { PendingRows } from './pending-rows.ts';
import { planDeletes } from './plan-deletes.ts';
import { planInserts } from './plan-inserts.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Plans the flush of a unit of work: compares entities with their snapshots, encodes what is to be written, and orders
 * it so that no statement refers to a row that is not there yet. Changes no entity. Throws `validation` with entity and
 * property before anything is sent.
 *
 * @param cascaded - entities that go along with removed ones; for this flush they count as removed, too
 * @param dialect - what the order of the steps depends on
 */
export function planFlush(
  unit: UnitOfWork,
  cascaded: ReadonlySet<object>,
  dialect: PlannedFor,
  now: () => number,
): FlushPlan {
  const extra = [...cascaded].filter((entity) => !unit.pending.has(entity) && !unit.removed.has(entity));
  for (const entity of extra) unit.removed.add(entity);
  try {
    return planAll(unit, cascaded, dialect, now);
  } finally {
    // Only the flush that deletes them may say so: it can fail, and the removal of their owner can be taken back.
    for (const entity of extra) unit.removed.delete(entity);
  }
}

/** The traits of a dialect that a plan depends on. */
type PlannedFor = Pick<Dialect, 'allocateKeys' | 'foreignKeysCheckedPer'>;

function planAll(unit: UnitOfWork, cascaded: ReadonlySet<object>, dialect: PlannedFor, now: () => number): FlushPlan {
  refuseStrays(unit);
  const rows = new PendingRows(unit, now);
  rows.encodeAll(cascaded);
  const updates = planUpdates(unit, rows);
  const inserts = planInserts(unit, rows.records(), dialect.allocateKeys !== null);
  const links = planLinks(unit, rows);
  const deletes = planDeletes(unit, dialect.foreignKeysCheckedPer === 'row');
  const steps: FlushStep[] = [
    ...links.removed,
    ...inserts.steps,
    ...groupUpdates([...updates, ...inserts.deferred, ...deletes.opened]),
    ...links.added,
    ...deletes.steps,
  ];
  return {
    steps: steps.filter((step) => ('records' in step ? step.records : step.pairs).length > 0),
    forgotten: [...cascaded].filter((entity) => unit.pending.has(entity)),
    collections: plannedEdits(unit),
    edits: unit.edits,
  };
}

/** The part of a `LinkSupport` that plans the changes to link tables. */
export interface LinkPlanning {
  plan(unit: UnitOfWork, rows: PendingRows): LinkSteps;
}

interface LinkSteps {
  readonly added: readonly FlushStep[];
  readonly removed: readonly FlushStep[];
}

const NO_LINKS: LinkSteps = { added: [], removed: [] };

function planLinks(unit: UnitOfWork, rows: PendingRows): LinkSteps {
  const [edit] = unit.editedLinks.values();
  return edit === undefined ? NO_LINKS : (edit.relation.support as LinkPlanning).plan(unit, rows);
}

// An item of a collection that nobody persists would silently not be written.
function refuseStrays(unit: UnitOfWork): void {
  for (const [item, { owner, property, inverse }] of unit.strays) {
    if (unit.knows(item) || unit.detached.has(item)) continue;
    const path = inverse === null ? `${owner.table}.${property}` : `${inverse.owner.table}.${inverse.property}`;
    throw new ValidationError(`${path}: a new item is not persisted; persist it, or add cascade: ['persist']`, {
      entity: owner.table,
      property,
    });
  }
}

function plannedEdits(unit: UnitOfWork): PlannedEdits[] {
  const collections = new Set([...unit.editedLinks.keys(), ...unit.reflected]);
  return [...collections].map((collection) => ({
    collection,
    edits: EntityCollection.copyEdits(collection),
    link: unit.editedLinks.get(collection) ?? null,
  }));
}

function planUpdates(unit: UnitOfWork, rows: PendingRows): UpdateRecord[] {
  const records: UpdateRecord[] = [];
  for (const [root, store] of unit.stores) {
    // Only in a hierarchy do the columns differ from row to row.
    const whole = root.family.length === 1 ? [...root.properties.values()] : null;
    for (let place = 0; place < store.entities.length; place += 1) {
      const record = planUpdate(unit, rows, store, place, whole);
      if (record !== null) records.push(record);
    }
  }
  return records;
}

function planUpdate(
  unit: UnitOfWork,
  rows: PendingRows,
  store: EntityStore,
  place: number,
  whole: readonly ColumnMetadata[] | null,
): UpdateRecord | null {
  const entity = store.entities[place];
  if (entity == null) return null;
  const before = store.rows[place] as WireRow;
  const columns = whole ?? [...unit.metadataOf(entity).properties.values()];
  const changed = changedColumns(columns, entity, before);
  return isDirty(unit, entity, changed) ? encodeUpdate(unit, rows, entity, place, before, changed ?? []) : null;
}

function isDirty(unit: UnitOfWork, entity: object, changed: readonly ColumnMetadata[] | null): boolean {
  const edited = changed !== null || (unit.touched.size > 0 && unit.touched.has(entity));
  return edited && !unit.removed.has(entity);
}

function encodeUpdate(
  unit: UnitOfWork,
  rows: PendingRows,
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
  refuseKeyChange(meta, [changed, moved]);
  const { version } = meta;
  if (version !== null) row[version.index] = Number(before[version.index]) + 1;
  const columns = moved.length === 0 && version === null ? changed : inRowOrder([...changed, ...moved], version);
  const record: UpdateRecord = { entity, meta, place, before, row, columns, references: NO_REFERENCES };
  if (moved.length > 0) tieReferences(unit.hydrator(meta), entity, record, rows.rowOf);
  return record;
}

const NO_COLUMNS: readonly ColumnMetadata[] = [];

function inRowOrder(columns: readonly ColumnMetadata[], version: ColumnMetadata | null): readonly ColumnMetadata[] {
  const all = version === null || columns.includes(version) ? columns : [...columns, version];
  return all.length === 1 ? all : all.slice().sort((a, b) => a.index - b.index);
}

function refuseKeyChange(meta: EntityMetadata, changes: readonly (readonly ColumnMetadata[])[]): void {
  for (const columns of changes) {
    for (const { primary, property } of columns) {
      if (!primary) continue;
      throw invalid(meta.table, property, 'a key cannot change; create another entity and remove this one');
    }
  }
}

function encodeChange(meta: EntityMetadata, column: ColumnMetadata, value: unknown): WireValue {
  if (value !== null && value !== undefined) return encodeColumn(meta, column, value);
  if (column.nullable && value === null) return null;
  const problem = column.nullable ? 'undefined is no value; use null' : 'a value is required';
  throw invalid(meta.table, column.property, problem);
}

interface UpdateGroup {
  readonly kind: 'update';
  readonly meta: EntityMetadata;
  readonly columns: readonly ColumnMetadata[];
  readonly records: UpdateRecord[];
}

/** Updates of the same columns of a table become one step. */
function groupUpdates(records: readonly UpdateRecord[]): FlushStep[] {
  const groups = new Map<string, UpdateGroup>();
  let last: UpdateGroup | undefined;
  for (const record of records) {
    const { meta, columns } = record;
    // Mostly one change is made to many rows, one after the other.
    if (last === undefined || last.meta !== meta.root || !sameColumns(last.columns, columns)) {
      const shape = `${meta.table}\0${columns.map((column) => column.index).join()}`;
      last = groups.get(shape) ?? { kind: 'update', meta: meta.root, columns, records: [] };
      groups.set(shape, last);
    }
    last.records.push(record);
  }
  return [...groups.values()];
}

function sameColumns(a: readonly ColumnMetadata[], b: readonly ColumnMetadata[]): boolean {
  return a === b || (a.length === b.length && a.every((column, index) => column.index === b[index]?.index));
}

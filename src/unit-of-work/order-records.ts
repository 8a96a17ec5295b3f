import { ValidationError } from '../errors.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { InsertRecord, KeyReference } from './flush-plan.ts';

/** A reference that closes a circle: it is left NULL by the insert and set by an update after it. */
export interface DeferredReference {
  readonly record: InsertRecord;
  readonly reference: KeyReference;
}

/** Rows in an order in which each refers to earlier ones only. */
export interface RecordOrder {
  readonly records: readonly InsertRecord[];
  readonly deferred: readonly DeferredReference[];
}

/**
 * Orders new rows of tables that refer to each other, or to themselves, row by row (Kahn's algorithm, iterative, so that
 * no depth of a chain matters). A circle is broken at a nullable foreign key. Throws `validation` that names the circle
 * where there is none. A row that refers to itself is no circle where its key is known before it is inserted: `allocates`.
 */
export function orderRecords(records: readonly InsertRecord[], allocates: boolean): RecordOrder {
  const deferred: DeferredReference[] = [];
  if (!allocates) postponeUnknown(records, deferred);
  const graph = createGraph(records);
  const { waiting } = graph;
  const ordered: InsertRecord[] = [];
  let ready = records.filter((record) => waiting.get(record)?.size === 0);
  while (waiting.size > 0) {
    if (ready.length === 0) ready = breakCircle(graph, deferred);
    ready = ready.flatMap((record) => release(graph, record, ordered));
  }
  return { records: ordered, deferred };
}

/** The rows that are not placed yet, with those that each waits for, and those that wait for a row. */
interface RecordGraph {
  readonly byRow: ReadonlyMap<WireRow, InsertRecord>;
  readonly waiting: Map<InsertRecord, Set<InsertRecord>>;
  readonly dependents: Map<InsertRecord, InsertRecord[]>;
}

function createGraph(records: readonly InsertRecord[]): RecordGraph {
  const byRow = new Map<WireRow, InsertRecord>(records.map((record) => [record.row, record]));
  const waiting = new Map<InsertRecord, Set<InsertRecord>>();
  const dependents = new Map<InsertRecord, InsertRecord[]>();
  for (const record of records) {
    const needs = new Set<InsertRecord>();
    for (const { target } of record.references) {
      const needed = byRow.get(target);
      if (needed !== undefined && needed !== record) needs.add(needed);
    }
    for (const needed of needs) appendTo(dependents, needed, record);
    waiting.set(record, needs);
  }
  return { byRow, waiting, dependents };
}

// Places a row and gives those that waited for nothing else.
function release({ waiting, dependents }: RecordGraph, record: InsertRecord, ordered: InsertRecord[]): InsertRecord[] {
  waiting.delete(record);
  ordered.push(record);
  return (dependents.get(record) ?? []).filter((dependent) => {
    const needs = waiting.get(dependent);
    return needs?.delete(record) === true && needs.size === 0;
  });
}

function appendTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/**
 * Finds a circle of waiting rows and postpones the references of one step that may be NULL; only that step, because every
 * postponed reference costs an update. Gives the row if it waits for nothing any more.
 */
function breakCircle({ waiting, byRow }: RecordGraph, deferred: DeferredReference[]): InsertRecord[] {
  const circle = findCircle(waiting);
  for (const [place, record] of circle.entries()) {
    const next = circle[(place + 1) % circle.length];
    const step = record.references.filter(({ target }) => byRow.get(target) === next);
    if (!postpone(record, step, deferred)) continue;
    const needs = waiting.get(record);
    if (next !== undefined) needs?.delete(next);
    return needs?.size === 0 ? [record] : [];
  }
  return refuseCircle(circle);
}

// A row without its key yet cannot be referred to by a row of the same INSERT, least of all by itself.
function postponeUnknown(records: readonly InsertRecord[], deferred: DeferredReference[]): void {
  const rows = new Set<WireRow>(records.map(({ row }) => row));
  for (const record of records) {
    const step = record.references.filter(({ target, source }) => rows.has(target) && target[source] == null);
    if (!postpone(record, step, deferred) && step.some(({ target }) => target === record.row)) refuseCircle([record]);
  }
}

// Leaves references NULL until the rows are there; false where one of them may not be.
function postpone(record: InsertRecord, step: readonly KeyReference[], deferred: DeferredReference[]): boolean {
  if (!step.every((reference) => isOptional(record, reference))) return false;
  if (step.length > 0) record.references = record.references.filter((reference) => !step.includes(reference));
  for (const reference of step) {
    record.row[reference.index] = null;
    deferred.push({ record, reference });
  }
  return true;
}

function refuseCircle(circle: readonly InsertRecord[]): never {
  throw new ValidationError(
    `new rows need each other's keys in a circle and none of the foreign keys may be NULL: ${nameCircle(circle)}`,
  );
}

function isOptional({ meta }: InsertRecord, { index }: KeyReference): boolean {
  return meta.ownColumns.find((column) => column.index === index)?.nullable === true;
}

// Every waiting row waits for a waiting row, so that following them must come round.
function findCircle(waiting: RecordGraph['waiting']): readonly InsertRecord[] {
  const places = new Map<InsertRecord, number>();
  let current = waiting.keys().next().value;
  while (current !== undefined && !places.has(current)) {
    places.set(current, places.size);
    current = waiting.get(current)?.values().next().value;
  }
  return current === undefined ? [] : [...places.keys()].slice(places.get(current));
}

const NAMED = 20;

function nameCircle(circle: readonly InsertRecord[]): string {
  const tables = circle.slice(0, NAMED).map((record) => record.meta.table);
  return [...tables, circle.length > NAMED ? '…' : tables[0]].join(' -> ');
}

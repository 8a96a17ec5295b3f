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
 * where there is none.
 */
export function orderRecords(records: readonly InsertRecord[]): RecordOrder {
  const graph = createGraph(records);
  const { waiting } = graph;
  const ordered: InsertRecord[] = [];
  const deferred: DeferredReference[] = [];
  let ready = records.filter((record) => waiting.get(record)?.size === 0);
  while (waiting.size > 0) {
    if (ready.length === 0) ready = [breakCircle(graph, deferred)];
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

// Takes the first row all of whose open references may be NULL, and postpones these.
function breakCircle({ waiting, byRow }: RecordGraph, deferred: DeferredReference[]): InsertRecord {
  for (const [record, needs] of waiting) {
    const open = record.references.filter(({ target }) => {
      const needed = byRow.get(target);
      return needed !== undefined && needs.has(needed);
    });
    const optional = open.every(
      ({ index }) => record.meta.ownColumns.find((column) => column.index === index)?.nullable,
    );
    if (!optional) continue;
    for (const reference of open) {
      record.references.splice(record.references.indexOf(reference), 1);
      record.row[reference.index] = null;
      deferred.push({ record, reference });
    }
    needs.clear();
    return record;
  }
  throw new ValidationError(
    `new rows need each other's keys in a circle and none of the foreign keys may be NULL: ${nameCircle(waiting)}`,
  );
}

function nameCircle(waiting: ReadonlyMap<InsertRecord, Set<InsertRecord>>): string {
  const path: InsertRecord[] = [];
  let current = waiting.keys().next().value;
  while (current !== undefined && !path.includes(current) && path.length < 20) {
    path.push(current);
    current = waiting.get(current)?.values().next().value;
  }
  return [...path, ...(current === undefined ? [] : [current])].map((record) => record.meta.table).join(' -> ');
}

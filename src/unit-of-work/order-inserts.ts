import type { FlushStep, InsertRecord, InsertStep, KeyReference, UpdateRecord } from './flush-plan.ts';
import { byRoot, generatedKey, groupInserts } from './group-steps.ts';
import { type DeferredReference, orderRecords } from './order-records.ts';
import { isCircular } from './table-components.ts';
import type { UnitOfWorkContext } from './unit-of-work.ts';

/**
 * New rows in an order in which each refers to earlier ones only: tables in the order of their foreign keys, rows of tables
 * that form a circle one by one. `deferred` are the updates that close circles of rows afterwards.
 */
export function orderInserts(
  { components }: UnitOfWorkContext,
  records: readonly InsertRecord[],
  allocates: boolean,
): { records: InsertRecord[]; deferred: UpdateRecord[] } {
  const lists = byRoot(records);
  const ordered: InsertRecord[] = [];
  const deferred: UpdateRecord[] = [];
  for (const component of components) {
    const members = component.flatMap((root) => lists.get(root) ?? []);
    const circular = isCircular(component) && hasInnerReference(members);
    const order = circular ? orderRecords(members, allocates) : { records: members, deferred: [] };
    for (const record of order.records) ordered.push(record);
    deferred.push(...closingUpdates(order.deferred));
  }
  return { records: ordered, deferred };
}

function hasInnerReference(members: readonly InsertRecord[]): boolean {
  const rows = new Set<unknown>(members.map((record) => record.row));
  return members.some((record) => record.references.some(({ target }) => rows.has(target)));
}

/**
 * The steps of ordered rows. Where keys can be allocated before an INSERT, rows that refer to each other share one; where
 * they cannot, each level of such rows is a step of its own.
 */
export function groupAllocated(records: readonly InsertRecord[], allocates: boolean): FlushStep[] {
  return groupInserts(records).flatMap((step) => {
    const first = step.keys === 'generated' ? firstWaiting(step.records) : -1;
    if (first < 0) return [step];
    if (allocates) {
      const written = new Set(step.columns);
      const columns = step.meta.ownColumns.filter((column) => column.generated || written.has(column));
      return [{ ...step, keys: 'allocated', columns }];
    }
    return splitAt(step, first);
  });
}

/** The place of the first row that refers to one before it, or to itself, whose key the database makes. */
function firstWaiting(records: readonly InsertRecord[]): number {
  const unknown = new Set<unknown>();
  return records.findIndex((record) => {
    if (generatedKey(record) !== null) unknown.add(record.row);
    return record.references.some(({ target }) => unknown.has(target));
  });
}

function splitAt(step: InsertStep, first: number): InsertStep[] {
  const steps: InsertStep[] = [];
  let rest = step.records;
  for (let next = first; next > 0; next = firstWaiting(rest)) {
    steps.push({ ...step, records: rest.slice(0, next) });
    rest = rest.slice(next);
  }
  return [...steps, { ...step, records: rest }];
}

function closingUpdates(deferred: readonly DeferredReference[]): UpdateRecord[] {
  const byRecord = new Map<InsertRecord, KeyReference[]>();
  for (const { record, reference } of deferred) {
    const references = byRecord.get(record);
    if (references === undefined) byRecord.set(record, [reference]);
    else references.push(reference);
  }
  return [...byRecord].map(([{ entity, meta, row }, references]) => ({
    entity,
    meta,
    // The insert's own row: its key is known by the time the update runs.
    place: -1,
    before: row,
    row,
    columns: meta.ownColumns.filter(({ index }) => references.some((reference) => reference.index === index)),
    references,
    reason: 'closes-circle' as const,
  }));
}

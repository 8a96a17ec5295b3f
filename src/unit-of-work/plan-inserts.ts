import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { FlushStep, InsertRecord, KeyReference, UpdateRecord } from './flush-plan.ts';
import { type DeferredReference, orderRecords } from './order-records.ts';
import { isCircular } from './table-components.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * The INSERT steps for new rows: tables in the order of their foreign keys, rows of tables that form a circle one by one.
 * `deferred` are the updates that close circles of rows afterwards. Where keys can be allocated before an INSERT, rows that
 * refer to each other share one; where they cannot, these references are set by updates, too, and only where they may not be
 * NULL is each level of such rows a step of its own.
 */
export function planInserts(
  unit: UnitOfWork,
  records: readonly InsertRecord[],
  allocates: boolean,
): { steps: FlushStep[]; deferred: UpdateRecord[] } {
  const byRoot = new Map<EntityMetadata, InsertRecord[]>();
  for (const record of records) {
    const list = byRoot.get(record.meta.root);
    if (list === undefined) byRoot.set(record.meta.root, [record]);
    else list.push(record);
  }
  const steps: FlushStep[] = [];
  const deferred: UpdateRecord[] = [];
  for (const component of unit.context.components) {
    const members = component.flatMap((root) => byRoot.get(root) ?? []);
    if (members.length === 0) continue;
    const circular = isCircular(component) && hasInnerReference(members);
    const order = circular ? orderRecords(members, allocates) : { records: members, deferred: [] };
    steps.push(...groupInserts(order.records, circular, allocates));
    deferred.push(...closingUpdates(order.deferred));
  }
  return { steps, deferred };
}

function hasInnerReference(members: readonly InsertRecord[]): boolean {
  const rows = new Set<unknown>(members.map((record) => record.row));
  return members.some((record) => record.references.some(({ target }) => rows.has(target)));
}

type InsertStep = Extract<FlushStep, { readonly kind: 'insert' }> & { readonly records: InsertRecord[] };

// Consecutive rows of the same columns become one step.
function groupInserts(records: readonly InsertRecord[], circular: boolean, allocates: boolean): FlushStep[] {
  const steps: InsertStep[] = [];
  // The rows of the last step whose keys the database makes; only in a circle can one of its rows wait for them.
  const unknown = new Set<unknown>();
  const waits = ({ references }: InsertRecord) => circular && references.some(({ target }) => unknown.has(target));
  for (const record of records) {
    const { meta, row } = record;
    const generated = generatedKey(record);
    let step = steps.at(-1);
    if (step?.meta === meta && (step.keys === 'given') === (generated === null) && (allocates || !waits(record))) {
      step.records.push(record);
    } else {
      unknown.clear();
      const keys = generated === null ? 'given' : 'generated';
      step = { kind: 'insert', meta, columns: withoutColumn(meta.ownColumns, generated), keys, records: [record] };
      steps.push(step);
    }
    if (generated !== null) unknown.add(row);
    if (waits(record)) steps[steps.length - 1] = { ...step, keys: 'allocated', columns: meta.ownColumns };
  }
  return steps;
}

function withoutColumn(columns: readonly ColumnMetadata[], left: ColumnMetadata | null): readonly ColumnMetadata[] {
  return left === null ? columns : columns.filter((column) => column.index !== left.index);
}

/** The key column that the database is to fill for this row. */
function generatedKey({ meta, row }: InsertRecord): ColumnMetadata | null {
  const [key] = meta.root.primaryKey;
  return key?.generated && row[key.index] === null ? key : null;
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
  }));
}

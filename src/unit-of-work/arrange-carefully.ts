import type { Dialect } from '../compiler/dialect.ts';
import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import { type EntityMetadata, isComputed } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { buildOperations } from './build-operations.ts';
import type { DeleteRecord, FlushDraft, FlushPlan, FlushStep, InsertRecord, UpdateRecord } from './flush-plan.ts';
import { follow } from './follow-rows.ts';
import { groupDeletes, groupUpdates } from './group-steps.ts';
import { openCircles } from './open-circles.ts';
import type { Operation } from './operation.ts';
import { groupAllocated, orderInserts } from './order-inserts.ts';
import { schedule } from './schedule.ts';
import type { UnitOfWork, UnitOfWorkContext } from './unit-of-work.ts';

/** The traits of a dialect that a plan depends on. */
export type PlannedFor = Pick<Dialect, 'allocateKeys' | 'foreignKeysCheckedPer'>;

/**
 * Orders a flush in which rows wait for each other: circles of foreign keys, changed keys, unique values that one row gives
 * up and another takes. In the order of tables where that will do, else row by row.
 *
 * A new entity with the key of a removed one (a row switch) is written as an UPDATE of its row, as if constraints were
 * checked at the end of the flush only: rows that refer to the key go on referring to it. Not so where the database does
 * something of its own when the row is deleted (`onDelete`, links): there it is deleted first and inserted again, so that
 * what was the old row's does not become the new one's.
 */
export function arrangeCarefully(unit: UnitOfWork, draft: FlushDraft, dialect: PlannedFor): FlushPlan {
  const { context } = unit;
  const allocates = dialect.allocateKeys !== null;
  const perRow = dialect.foreignKeysCheckedPer === 'row';
  const { inserts, deletes, replaced } = switchRows(context, draft);
  const ordered = orderInserts(context, inserts, allocates);
  const opened = openCircles(context, deletes, perRow);
  const updates = [...draft.updates, ...replaced, ...ordered.deferred, ...opened];
  const componentOf = new Map(context.components.flatMap((component) => component.map((root) => [root, component])));
  const operations = buildOperations({
    inserts: ordered.records,
    updates,
    deletes,
    allocates,
    perRow,
    isCircle: (one, other) => componentOf.get(one) === componentOf.get(other),
  });
  const written = isContested(operations)
    ? schedule(operations).flatMap((batch) => stepsOf(context, batch, allocates))
    : null;
  const steps: readonly FlushStep[] =
    written === null
      ? [
          ...draft.links.removed,
          ...groupAllocated(ordered.records, allocates),
          ...groupUpdates(updates),
          ...draft.links.added,
          ...groupDeletes(context, deletes),
        ]
      : [...draft.links.removed, ...written, ...draft.links.added];
  return { ...draft, steps, follow: () => follow(unit, draft) };
}

interface SwitchedRows {
  readonly inserts: readonly InsertRecord[];
  readonly deletes: readonly DeleteRecord[];
  readonly replaced: readonly UpdateRecord[];
}

function switchRows({ deletionReach }: UnitOfWorkContext, { inserts, deletes }: FlushDraft): SwitchedRows {
  const removed = new Map<EntityMetadata, Map<IdentityKey, DeleteRecord>>();
  for (const record of deletes) {
    const { root } = record.meta;
    if (deletionReach.get(root)?.tables.length !== 1) continue;
    const ofTable = removed.get(root) ?? new Map<IdentityKey, DeleteRecord>();
    removed.set(root, ofTable.set(keyOf(root, record.row), record));
  }
  const replaced = new Map<InsertRecord | DeleteRecord, UpdateRecord>();
  for (const insert of inserts) {
    const { root } = insert.meta;
    const former = removed.get(root)?.get(keyOf(root, insert.row));
    // A default of the database is given to new rows only.
    if (former !== undefined && insert.absent.every(isComputed)) {
      const update = replacement(insert, former);
      replaced.set(insert, update).set(former, update);
    }
  }
  const isLeft = (record: InsertRecord | DeleteRecord) => !replaced.has(record);
  return {
    inserts: inserts.filter(isLeft),
    deletes: deletes.filter(isLeft),
    replaced: [...new Set(replaced.values())],
  };
}

function keyOf({ primaryKey }: EntityMetadata, row: WireRow): IdentityKey {
  return createKeyReader(primaryKey)(row, 0);
}

function replacement({ entity, meta, row, references }: InsertRecord, former: DeleteRecord): UpdateRecord {
  const columns = meta.root.columns.filter((column) => !column.primary && !isComputed(column));
  return { entity, meta, place: -1, before: former.row, row, columns, references, reason: 'replaces' };
}

/** Whether the order of tables would be wrong. */
function isContested(operations: readonly Operation[]): boolean {
  return operations.some(({ waits }) => [...waits.values()].some(({ special }) => special));
}

/** The steps of a batch, which is of one kind and table. */
function stepsOf(context: UnitOfWorkContext, batch: readonly Operation[], allocates: boolean): FlushStep[] {
  const inserts = batch.flatMap((operation) => (operation.kind === 'insert' ? [operation.record] : []));
  const updates = batch.flatMap((operation) => (operation.kind === 'update' ? [operation.record] : []));
  const deletes = batch.flatMap((operation) => (operation.kind === 'delete' ? [operation.record] : []));
  return [...groupAllocated(inserts, allocates), ...groupUpdates(updates), ...groupDeletes(context, deletes)];
}

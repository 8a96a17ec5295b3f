import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { DeleteRecord, FlushDraft, FlushPlan, InsertRecord, UpdateStep } from './flush-plan.ts';
import { byRoot, groupDeletes, groupInserts, groupUpdates } from './group-steps.ts';
import { isCircular } from './table-components.ts';
import type { UnitOfWorkContext } from './unit-of-work.ts';

/**
 * Orders what most flushes write: INSERTs in the order of the tables' foreign keys, then UPDATEs, then DELETEs the other
 * way round. Gives null where that may be wrong (see {@link needsCare}); what orders such flushes is loaded when the first
 * of them comes.
 */
export function arrange(context: UnitOfWorkContext, draft: FlushDraft): FlushPlan | null {
  const { components } = context;
  const inserts = byRoot(draft.inserts);
  const deletes = byRoot(draft.deletes);
  const updates = groupUpdates(draft.updates);
  for (const component of components) {
    for (const root of component) {
      const changed = updates.filter(({ meta }) => meta === root);
      if (needsCare(context, component, inserts.get(root) ?? [], changed, deletes.get(root) ?? [])) return null;
    }
  }
  const steps = [
    ...draft.links.removed,
    ...components.flatMap(([root]) => groupInserts(inserts.get(root as EntityMetadata) ?? [])),
    ...updates,
    ...draft.links.added,
    ...groupDeletes(context, draft.deletes),
  ];
  return { ...draft, steps, follow: null };
}

/**
 * Whether rows of a table may have to be ordered one by one: rows of tables that refer to each other in a circle, keys that
 * change, unique values that one row gives up and another takes, or rows that go or change along.
 */
function needsCare(
  { deletionReach }: UnitOfWorkContext,
  component: readonly EntityMetadata[],
  inserts: readonly InsertRecord[],
  updates: readonly UpdateStep[],
  deletes: readonly DeleteRecord[],
): boolean {
  const [first] = inserts.length > 0 ? inserts : deletes;
  if (first !== undefined && isCircular(component)) return true;
  const [removed] = deletes;
  if (removed !== undefined && deletionReach.get(removed.meta.root)?.relations.size !== 0) return true;
  let changed = 0;
  for (const { meta, columns, records } of updates) {
    if (columns.some(({ primary }) => primary)) return true;
    if (columns.some((column) => isUnique(meta, column))) changed += records.length;
  }
  if (inserts.length === 0 || deletes.length === 0) {
    return changed > 1 || (changed > 0 && inserts.length + deletes.length > 0);
  }
  return changed > 0 || mayClash(inserts);
}

/** Whether two rows of a table cannot have one value of a column beside equal values of some others. */
function isUnique({ indexes }: EntityMetadata, { name, unique }: ColumnMetadata): boolean {
  return unique || indexes.some((index) => index.unique && index.columns.includes(name));
}

function mayClash(inserts: readonly InsertRecord[]): boolean {
  const root = inserts[0]?.meta.root;
  if (root === undefined) return false;
  const [key] = root.primaryKey;
  const given = !key?.generated || inserts.some(({ row }) => row[key.index] !== null);
  return given || root.columns.some((column) => isUnique(root, column));
}

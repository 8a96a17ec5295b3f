import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireValue } from '../wire/wire-value.ts';
import { type DeleteRecord, NO_REFERENCES, type UpdateRecord } from './flush-plan.ts';
import { byRoot } from './group-steps.ts';
import type { UnitOfWorkContext } from './unit-of-work.ts';

/**
 * The updates to run before rows are deleted: where tables refer to each other in a circle, or (`perRow`) a table to itself
 * and the engine checks after each row, they empty the foreign keys that may be NULL.
 */
export function openCircles(
  { components }: UnitOfWorkContext,
  records: readonly DeleteRecord[],
  perRow: boolean,
): UpdateRecord[] {
  const deleted = byRoot(records);
  return components.flatMap((component) => {
    const members = component.filter((root) => deleted.has(root));
    return perRow || members.length > 1 ? openCircle(members, deleted, perRow) : [];
  });
}

function openCircle(
  members: readonly EntityMetadata[],
  deleted: ReadonlyMap<EntityMetadata, readonly DeleteRecord[]>,
  perRow: boolean,
): UpdateRecord[] {
  const removed = new Map(members.map((root) => [root, keysOf(root, deleted.get(root) ?? [])]));
  const updates: UpdateRecord[] = [];
  for (const record of members.flatMap((root) => deleted.get(root) ?? [])) {
    const open = [...record.meta.relations.values()].filter((relation) =>
      refersToRemoved(relation, record, removed, perRow),
    );
    const columns = open.flatMap((relation) => relation.columns);
    if (columns.length === 0) continue;
    const row: WireValue[] = record.row.slice();
    for (const column of columns) row[column.index] = null;
    // The row itself is deleted next, so that the snapshot has nothing to learn of this: no place.
    const { entity, meta, row: before } = record;
    updates.push({ entity, meta, place: -1, before, row, columns, references: NO_REFERENCES, reason: 'opens-circle' });
  }
  return updates;
}

function keysOf(root: EntityMetadata, records: readonly DeleteRecord[]): ReadonlySet<IdentityKey> {
  const keyOf = createKeyReader(root.primaryKey);
  return new Set(records.map(({ row }) => keyOf(row, 0)));
}

function refersToRemoved(
  { kind, nullable, target, columns }: RelationMetadata,
  { meta, row }: DeleteRecord,
  removed: ReadonlyMap<EntityMetadata, ReadonlySet<IdentityKey>>,
  perRow: boolean,
): boolean {
  if (kind !== 'to-one' || !nullable || (target.root === meta.root && !perRow)) return false;
  const key = createKeyReader(columns)(row, 0);
  return key !== null && removed.get(target.root)?.has(key) === true;
}

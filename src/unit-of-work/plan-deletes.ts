import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import { type DeleteRecord, type FlushStep, NO_REFERENCES, type UpdateRecord } from './flush-plan.ts';
import type { UnitOfWork } from './unit-of-work.ts';

type ByRoot = Map<EntityMetadata, DeleteRecord[]>;

/**
 * The DELETE steps: tables in the reverse order of their foreign keys, each with all its rows. `opened` are updates to run
 * before them: where tables refer to each other in a circle, or (`perRow`) a table to itself and the engine checks after
 * each row, they empty the foreign keys that may be NULL.
 */
export function planDeletes(unit: UnitOfWork, perRow: boolean): { steps: FlushStep[]; opened: UpdateRecord[] } {
  const byRoot = removedByRoot(unit);
  const steps: FlushStep[] = [];
  const opened: UpdateRecord[] = [];
  for (const component of unit.context.components.toReversed()) {
    const members = component.filter((root) => byRoot.has(root));
    if (perRow || members.length > 1) opened.push(...openCircle(members, byRoot, perRow));
    for (const meta of referringFirst(members)) {
      const writes = unit.context.deletionReach.get(meta) ?? [meta.table];
      steps.push({ kind: 'delete', meta, records: byRoot.get(meta) ?? [], writes });
    }
  }
  return { steps, opened };
}

function removedByRoot(unit: UnitOfWork): ByRoot {
  const byRoot: ByRoot = new Map();
  for (const entity of unit.removed) {
    const managed = unit.managed(entity);
    if (managed === undefined) continue;
    const { meta, place, store } = managed;
    const record = { entity, meta, place, row: store.rows[place] as WireRow };
    const list = byRoot.get(meta.root);
    if (list === undefined) byRoot.set(meta.root, [record]);
    else list.push(record);
  }
  return byRoot;
}

function openCircle(members: readonly EntityMetadata[], byRoot: ByRoot, perRow: boolean): UpdateRecord[] {
  const removed = new Map(members.map((root) => [root, keysOf(root, byRoot.get(root) ?? [])]));
  const updates: UpdateRecord[] = [];
  for (const record of members.flatMap((root) => byRoot.get(root) ?? [])) {
    const open = [...record.meta.relations.values()].filter((relation) =>
      refersToRemoved(relation, record, removed, perRow),
    );
    const columns = open.flatMap((relation) => relation.columns);
    if (columns.length === 0) continue;
    const row: WireValue[] = record.row.slice();
    for (const column of columns) row[column.index] = null;
    // The row itself is deleted next, so that the snapshot has nothing to learn of this: no place.
    updates.push({ ...record, place: -1, before: record.row, row, columns, references: NO_REFERENCES });
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

// What must refer to another table of the circle goes before it; what may refer to it has been emptied.
function referringFirst(members: readonly EntityMetadata[]): readonly EntityMetadata[] {
  const ordered: EntityMetadata[] = [];
  const waiting = new Set(members);
  while (waiting.size > 0) {
    const free = [...waiting].find((root) => ![...waiting].some((other) => other !== root && mustReferTo(other, root)));
    // Without an order there is no way; the database says so.
    const next = free ?? (waiting.values().next().value as EntityMetadata);
    waiting.delete(next);
    ordered.push(next);
  }
  return ordered;
}

function mustReferTo(root: EntityMetadata, target: EntityMetadata): boolean {
  return root.family.some((member) =>
    [...member.relations.values()].some(
      (relation) => relation.kind === 'to-one' && !relation.nullable && relation.target.root === target,
    ),
  );
}

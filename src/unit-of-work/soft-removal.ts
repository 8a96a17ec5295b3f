import { Reference } from '../criteria/reference.ts';
import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey, WireRow } from '../wire/wire-value.ts';
import { applyDeletes, show } from './apply-plan.ts';
import { type DeleteRecord, NO_REFERENCES, type Undo, type UpdateRecord, undoAll } from './flush-plan.ts';
import { hideDeleted } from './hide-deleted.ts';
import type { SoftRemoving } from './plan-flush.ts';
import { encodeFollowers, inRowOrder } from './plan-updates.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** Tells rows that are deleted from those of which a column is set. */
export const splitRemovals: SoftRemoving['split'] = (unit, records, now) => {
  const deletes = deletedRows(unit, records);
  const softened = records.filter((record) => !deletes.has(record));
  return { deletes: [...deletes], softened, changes: softened.flatMap((record) => marking(record, now)) };
};

/** Shows in memory that entities are removed. */
export const showRemovals: SoftRemoving['apply'] = (unit, records) => {
  const undos = [
    applyDeletes(unit, records),
    showInstants(unit, records),
    hideDeleted(unit, records),
    keepKeys(unit, records),
  ];
  return undoAll(undos);
};

/** What is deleted for good: by its class, on demand, and what is removed and refers to such a row. */
function deletedRows(unit: UnitOfWork, records: readonly DeleteRecord[]): ReadonlySet<DeleteRecord> {
  const isSoft = ({ meta, entity }: DeleteRecord): boolean =>
    meta.root.softDelete !== null && unit.purged?.has(entity) !== true;
  const deleted = new Set(records.filter((record) => !isSoft(record)));
  let soft = records.filter(isSoft);
  for (let level: readonly DeleteRecord[] = [...deleted]; level.length > 0 && soft.length > 0; ) {
    const keys = keysOf(level);
    level = soft.filter((record) => refersTo(record, keys));
    for (const record of level) deleted.add(record);
    soft = soft.filter((record) => !deleted.has(record));
  }
  return deleted;
}

type Keys = ReadonlyMap<EntityMetadata, ReadonlySet<IdentityKey>>;

function keysOf(records: readonly DeleteRecord[]): Keys {
  const keys = new Map<EntityMetadata, Set<IdentityKey>>();
  for (const { meta, row } of records) {
    const own = keys.get(meta.root) ?? new Set();
    keys.set(meta.root, own.add(createKeyReader(meta.root.primaryKey)(row, 0)));
  }
  return keys;
}

function refersTo({ meta, row }: DeleteRecord, keys: Keys): boolean {
  return [...meta.relations.values()].some(
    ({ kind, target, columns }) =>
      kind === 'to-one' && keys.get(target.root)?.has(createKeyReader(columns)(row, 0)) === true,
  );
}

/** The change that says when a row was removed; none where it was removed before. */
function marking({ entity, meta, place, row: before }: DeleteRecord, now: () => number): UpdateRecord[] {
  const { softDelete } = meta.root;
  if (softDelete === null || before[softDelete.column.index] !== null) return [];
  const { column } = softDelete;
  const row = before.slice();
  row[column.index] = column.codec.encode(new Date(now()));
  const columns = inRowOrder([column, ...encodeFollowers(meta.follows, before, row, now)]);
  return [{ entity, meta, place, before, row, columns, follows: meta.follows, references: NO_REFERENCES }];
}

function showInstants(unit: UnitOfWork, records: readonly DeleteRecord[]): Undo {
  const undos = records.flatMap(({ entity, meta, place }): Undo[] => {
    const { softDelete } = meta.root;
    if (softDelete === null) return [];
    const { property } = softDelete.column;
    const before: unknown = Reflect.get(entity, property);
    show(entity, softDelete.column, unit.store(meta).rows[place] as WireRow);
    return [() => void Reflect.set(entity, property, before)];
  });
  return undoAll(undos);
}

/** What refers to a removed entity goes on doing so, by its key. */
function keepKeys(unit: UnitOfWork, records: readonly DeleteRecord[]): Undo {
  const gone = new Map<object, WireKey>();
  for (const { entity, meta, row } of records) gone.set(entity, keyOfRow(meta.root.primaryKey, row));
  const roots = new Set(records.map(({ meta }) => meta.root));
  const undos: Undo[] = [];
  for (const { entities } of unit.stores.values()) {
    for (const other of entities) if (other !== null) keepKeysOf(unit, other, roots, gone, undos);
  }
  return undoAll(undos);
}

function keepKeysOf(
  unit: UnitOfWork,
  other: object,
  roots: ReadonlySet<EntityMetadata>,
  gone: ReadonlyMap<object, WireKey>,
  undos: Undo[],
): void {
  for (const { kind, property, target } of unit.hydrator(unit.metadataOf(other)).relations) {
    if (kind !== 'to-one' || !roots.has(target.root)) continue;
    const field: unknown = Reflect.get(other, property);
    if (!(field instanceof Reference) || Reference.stateOf(field) !== 'entity') continue;
    const held = Reference.valueOf(field);
    const key = gone.get(held as object);
    if (key === undefined) continue;
    Reference.fill(field, 'key', key);
    undos.push(() => {
      if (Reference.stateOf(field) === 'key') Reference.fill(field, 'entity', held);
    });
  }
}

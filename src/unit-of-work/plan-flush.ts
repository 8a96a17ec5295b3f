import { EntityCollection } from '../criteria/entity-collection.ts';
import { ValidationError } from '../errors.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { DeleteRecord, FlushDraft, LinkSteps, PlannedEdits, Undo, UpdateRecord } from './flush-plan.ts';
import { PendingRows } from './pending-rows.ts';
import { planUpdates, tieUpdates } from './plan-updates.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * What the flush of a unit of work is to write: compares entities with their snapshots, and encodes their rows. Changes no
 * entity. Throws `validation` with entity and property before anything is sent.
 *
 * @param cascaded - entities that go along with removed ones; for this flush they count as removed, too
 */
export function draftFlush(unit: UnitOfWork, cascaded: ReadonlySet<object>, now: () => number): FlushDraft {
  const extra = [...cascaded].filter((entity) => !unit.pending.has(entity) && !unit.removed.has(entity));
  for (const entity of extra) unit.removed.add(entity);
  try {
    return draftAll(unit, cascaded, now);
  } finally {
    // Only the flush that deletes them may say so: it can fail, and the removal of their owner can be taken back.
    for (const entity of extra) unit.removed.delete(entity);
  }
}

function draftAll(unit: UnitOfWork, cascaded: ReadonlySet<object>, clock: () => number): FlushDraft {
  refuseStrays(unit);
  // One instant for the whole flush.
  let instant: number | undefined;
  const now = (): number => {
    instant ??= clock();
    return instant;
  };
  const rows = new PendingRows(unit, now);
  rows.encodeAll(cascaded);
  const updates = planUpdates(unit, rows, now);
  rows.tieAll();
  tieUpdates(unit, rows, updates);
  const { deletes, softened, changes } = splitRemovals(unit, draftDeletes(unit), now);
  return {
    inserts: rows.records(),
    updates: [...updates, ...changes],
    deletes,
    softened,
    links: planLinks(unit, rows),
    forgotten: [...cascaded].filter((entity) => unit.pending.has(entity)),
    collections: plannedEdits(unit),
    edits: unit.edits,
  };
}

function draftDeletes(unit: UnitOfWork): DeleteRecord[] {
  const records: DeleteRecord[] = [];
  for (const entity of unit.removed) {
    const managed = unit.managed(entity);
    if (managed === undefined) continue;
    const { meta, place, store } = managed;
    records.push({ entity, meta, place, row: store.rows[place] as WireRow });
  }
  return records;
}

/** Removals by what becomes of the rows: deleted, or marked by changes. */
export interface Removals {
  readonly deletes: readonly DeleteRecord[];
  readonly softened: readonly DeleteRecord[];
  readonly changes: readonly UpdateRecord[];
}

/** The part of the support of `softDelete()` that plans and shows removals. */
export interface SoftRemoving {
  split(unit: UnitOfWork, records: readonly DeleteRecord[], now: () => number): Removals;
  /** Shows in memory that entities are removed. */
  apply(unit: UnitOfWork, records: readonly DeleteRecord[]): Undo;
}

function splitRemovals(unit: UnitOfWork, records: readonly DeleteRecord[], now: () => number): Removals {
  const support = softRemoving(records);
  return support === undefined ? { deletes: records, softened: [], changes: [] } : support.split(unit, records, now);
}

/** What removes entities without deleting their rows, where some of the records are of such a class. */
export function softRemoving(records: readonly DeleteRecord[]): SoftRemoving | undefined {
  const soft = records.find(({ meta }) => meta.root.softDelete !== null);
  return soft?.meta.root.softDelete?.support as SoftRemoving | undefined;
}

/** The part of a `LinkSupport` that plans the changes to link tables. */
export interface LinkPlanning {
  plan(unit: UnitOfWork, rows: PendingRows): LinkSteps;
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

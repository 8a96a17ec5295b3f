import { Reference } from '../criteria/reference.ts';
import { StaleEntityError } from '../errors.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { changedColumns } from '../unit-of-work/changed-columns.ts';
import { entityChanges } from '../unit-of-work/entity-changes.ts';
import { staleRow } from '../unit-of-work/stale-error.ts';
import type { Managed, UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { WireRow } from '../wire/wire-value.ts';

/** Whether an entity has edits that no flush has written. */
export function isEdited(unit: UnitOfWork, entity: object): boolean {
  return unit.removed.has(entity) || entityChanges(unit, entity).size > 0;
}

/**
 * Turns rows that were read just now into entities, and brings those that are in memory up to date: their unflushed edits
 * stay, everything else is as the row. Throws `stale-entity`, before anything is changed, where an edited entity's row has
 * another version by now.
 */
export function renewLoaded(unit: UnitOfWork, meta: EntityMetadata, rows: readonly WireRow[]): object[] {
  const entities = unit.load(meta, rows) as object[];
  const stale = entities.filter((entity, index) => isStale(unit, entity, rows[index] as WireRow));
  if (stale.length > 0) throw staleEntities(unit, meta, stale);
  entities.forEach((entity, index) => {
    const managed = unit.managed(entity);
    if (managed !== undefined) renewRow(unit, entity, managed, rows[index] as WireRow);
  });
  return entities;
}

function isStale(unit: UnitOfWork, entity: object, row: WireRow): boolean {
  const { version } = unit.metadataOf(entity);
  const before = unit.snapshot(entity);
  if (version === null || before === undefined || before === row) return false;
  const known = before[version.index] ?? null;
  const same = known === null || version.codec.equals(version.codec.decode(known), row[version.index] ?? null);
  return !same && isEdited(unit, entity);
}

function staleEntities(unit: UnitOfWork, { table, root }: EntityMetadata, stale: readonly object[]): StaleEntityError {
  const rows = stale.map((entity) => staleRow(root, unit.snapshot(entity) ?? []));
  return new StaleEntityError(
    `${table}: an entity with unflushed edits was changed by somebody else since it was loaded; refresh it and decide anew`,
    { entity: table, table, rows },
  );
}

/** Makes a row the snapshot of an entity, and shows it where there are no unflushed edits. */
export function renewRow(unit: UnitOfWork, entity: object, { meta, store, place }: Managed, read: WireRow): void {
  const before = store.rows[place] as WireRow;
  if (before === read) return;
  // Lazy columns were not read.
  const row = [...read, ...before.slice(read.length)];
  const hydrator = unit.hydrator(meta);
  const properties = entity as Record<string, unknown>;
  const edits = (changedColumns(hydrator.columns, entity, before) ?? []).map(({ property }) => {
    const value = properties[property];
    return () => {
      properties[property] = value;
    };
  });
  for (const { kind, property } of unit.touched.has(entity) ? hydrator.relations : []) {
    const field = properties[property];
    if (kind !== 'to-one' || !(field instanceof Reference)) continue;
    const [state, value] = [Reference.stateOf(field), Reference.valueOf(field)];
    edits.push(() => Reference.fill(field, state, value));
  }
  hydrator.fill(entity, row, 0);
  for (const restore of edits) restore();
  store.rows[place] = row;
}

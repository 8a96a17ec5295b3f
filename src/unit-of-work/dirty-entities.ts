import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { changedColumns, changedReferences } from './changed-columns.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** A persistent entity that a flush would update. */
export interface DirtyEntity {
  readonly entity: object;
  readonly meta: EntityMetadata;
  readonly row: WireRow;
  /** The scalar columns that differ from the row; none where only a relation was set. */
  readonly columns: readonly ColumnMetadata[];
}

/** The persistent entities that differ from their rows, except for those to be removed. */
export function dirtyEntities(unit: UnitOfWork): DirtyEntity[] {
  const found: DirtyEntity[] = [];
  for (const store of unit.stores.values()) {
    store.entities.forEach((entity, place) => {
      const row = store.rows[place];
      const dirty = entity === null || row === undefined ? null : compare(unit, entity, row);
      if (dirty !== null) found.push(dirty);
    });
  }
  return found;
}

/** The differences of one entity, or null where there is nothing to update. */
export function dirtyEntity(unit: UnitOfWork, entity: object): DirtyEntity | null {
  const row = unit.snapshot(entity);
  return row === undefined ? null : compare(unit, entity, row);
}

function compare(unit: UnitOfWork, entity: object, row: WireRow): DirtyEntity | null {
  if (unit.removed.has(entity)) return null;
  const meta = unit.metadataOf(entity);
  const columns = changedColumns(unit.hydrator(meta).columns, entity, row) ?? [];
  const moved =
    unit.touched.has(entity) && changedReferences(meta, entity, row, (related) => unit.snapshot(related)).length > 0;
  return columns.length > 0 || moved ? { entity, meta, row, columns } : null;
}

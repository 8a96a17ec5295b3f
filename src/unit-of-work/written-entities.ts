import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { dirtyEntities } from './dirty-entities.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/** An entity that a flush is to insert or update. */
export interface WrittenEntity {
  readonly entity: object;
  readonly meta: EntityMetadata;
  /** The row that is there; null for a new entity. */
  readonly row: WireRow | null;
  /** The scalar columns that are written. */
  readonly columns: readonly ColumnMetadata[];
}

/** What a flush is to insert and update, without what goes along with removed entities. */
export function writtenEntities(unit: UnitOfWork, cascaded: ReadonlySet<object>): WrittenEntity[] {
  const written: WrittenEntity[] = [];
  for (const [entity, meta] of unit.pending) {
    if (!cascaded.has(entity)) written.push({ entity, meta, row: null, columns: unit.hydrator(meta).columns });
  }
  for (const dirty of dirtyEntities(unit)) if (!cascaded.has(dirty.entity)) written.push(dirty);
  return written;
}

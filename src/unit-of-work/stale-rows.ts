import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';

/**
 * A statement did not find all of its rows as they were loaded. Which ones is only known after the rollback: before it
 * the rows that were found have their new version, and look like those that somebody else changed.
 */
export class StaleCandidates extends Error {
  readonly meta: EntityMetadata;
  readonly rows: readonly WireRow[];

  constructor(meta: EntityMetadata, rows: readonly WireRow[]) {
    super(meta.table);
    this.meta = meta;
    this.rows = rows;
  }
}

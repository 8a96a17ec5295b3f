import { Entity, integer } from '../../../src/index.ts';

/** A row that anybody may overwrite. */
export class Cell extends Entity('cells', { id: integer().primaryKey(), value: integer() }) {}

/** A row that nobody overwrites unseen. */
export class VersionedCell extends Entity('versioned_cells', {
  id: integer().primaryKey(),
  value: integer(),
  version: integer().version(),
}) {}

export const cells = [Cell, VersionedCell] as const;

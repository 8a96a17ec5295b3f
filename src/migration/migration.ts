import type { RawQuery } from '../query/raw-query.ts';
import type { MigrationStep, RowsAtStake } from '../schema/migration-step.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireValue } from '../wire/wire-value.ts';

/** A statement with the values of its placeholders, which are written as the driver's database wants them. */
export interface MigrationStatementWithParams {
  readonly sql: string;
  readonly params: readonly WireValue[];
}

/**
 * What a function of a migration works with: SQL, and nothing of today's entities, which are not those that the migration was
 * written for.
 */
export interface MigrationContext {
  /** The name of the dialect, where one function serves several. */
  readonly dialect: string;
  /** Fires when the migration is to stop. */
  readonly signal: AbortSignal | undefined;
  /**
   * Runs SQL in the migration's transaction; values in its holes are parameters. On a driver that has batches only, reads come
   * before the batch and writes are a part of it: there a read after a write is `unsupported-by-driver`, and a write answers
   * neither rows nor how many it has changed, which nobody knows yet.
   */
  execute(query: RawQuery): Promise<ResultSet>;
}

/**
 * A change of data that SQL alone cannot say. It may run again where a migration is tried again, and a minifier rewrites its
 * text: so the checksum counts its place only.
 */
export type MigrationWork = (context: MigrationContext) => Promise<void>;

/** One step of a migration. */
export type MigrationItem = MigrationStep | MigrationStatementWithParams | MigrationWork;

/** What is done in one direction. */
export interface MigrationSide {
  readonly steps: readonly MigrationItem[];
  /** What is asked before the first statement; it is no part of the checksum. */
  readonly atStake?: readonly RowsAtStake[];
}

/** A side for all dialects, or one for each by its name. */
export type MigrationSides = MigrationSide | Readonly<Record<string, MigrationSide>>;

/** A step of a database from one version to the next. Plain data, so that it runs in a browser tab and a worker alike. */
export interface Migration {
  /**
   * Orders migrations: letters, digits, `_`, `-` and `.`, at most 64. Digits count as numbers, so that `9` comes before `10`.
   */
  readonly version: string;
  /** What it does: letters, digits, `_`, `-` and blanks, at most 100. */
  readonly name: string;
  readonly up: MigrationSides;
  /** Null where it cannot be taken back. */
  readonly down: MigrationSides | null;
}

/**
 * Declares a migration.
 *
 * @example
 * ```ts
 * import { sql } from 'meshestra';
 * import { defineMigration } from 'meshestra/migrations';
 *
 * export const addSlugs = defineMigration({
 *   version: '20260301120000',
 *   name: 'add slugs',
 *   up: {
 *     steps: [
 *       'ALTER TABLE "posts" ADD COLUMN "slug" TEXT',
 *       async ({ execute }) => {
 *         const { rows } = await execute(sql`SELECT "id", "title" FROM "posts"`);
 *         for (const [id, title] of rows) {
 *           const slug = String(title).toLowerCase().replaceAll(' ', '-');
 *           await execute(sql`UPDATE "posts" SET "slug" = ${slug} WHERE "id" = ${Number(id)}`);
 *         }
 *       },
 *     ],
 *   },
 *   down: { steps: ['ALTER TABLE "posts" DROP COLUMN "slug"'] },
 * });
 * ```
 */
export function defineMigration(migration: Migration): Migration {
  return Object.freeze({ ...migration });
}

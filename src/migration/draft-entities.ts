import { loadSchemaDialect } from '../dialect/schema-dialects.ts';
import { type NamingStrategy, snakeCase } from '../metadata/naming-strategy.ts';
import type { EntitiesDraft } from './draft-entities/drafted-entity.ts';
import type { PlanTarget } from './plan-migration.ts';
import { withScratch } from './with-scratch.ts';

/** How entities are drafted. */
export interface DraftOptions {
  /** The tables that entities are wanted of; all unless given. */
  readonly tables?: readonly string[];
  /** As in `createPersistence`: a column whose name it would make otherwise says its name. */
  readonly naming?: NamingStrategy;
  /** Names that no class may have. */
  readonly reserved?: readonly string[];
}

/**
 * Describes entities for the tables of a database, as plain data, from which source text is written. They say all of the
 * tables that an entity can; the rest is in `notes`, and a migration leaves it as it is. The database stays as it is.
 *
 * Throws `unsupported-by-driver` as `planMigration` does, and `configuration` for a table that is not there.
 *
 * @example
 * ```ts
 * import { type Persistence } from 'meshestra';
 * import { draftEntities } from 'meshestra/migrations';
 *
 * async function printTables(db: Persistence): Promise<void> {
 *   const { entities } = await draftEntities(db);
 *   for (const { className, table, columns } of entities) console.log(className, table, columns.length); // Authors authors 3
 * }
 * ```
 */
export async function draftEntities(
  { session }: Pick<PlanTarget, 'session'>,
  { tables, naming = snakeCase, reserved = [] }: DraftOptions = {},
): Promise<EntitiesDraft> {
  const { dialect } = session;
  const schema = await loadSchemaDialect(dialect);
  const { draftDatabase } = await import('./draft-entities/draft-database.ts');
  return withScratch(session, schema.needsScratch, (run) =>
    draftDatabase({ dialect, schema, naming, tables: tables ?? null, reserved, run }),
  );
}

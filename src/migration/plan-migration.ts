import { loadSchemaDialect } from '../dialect/schema-dialects.ts';
import { UnsupportedByDriverError } from '../errors.ts';
import type { Registry } from '../metadata/registry.ts';
import type { DatabaseModel } from '../schema/database-model.ts';
import { deriveSchema } from '../schema/derive-schema.ts';
import type { Session } from '../session/session.ts';
import { comparePlan, type MigrationPlan, type PlanOptions } from './compare-plan.ts';
import { answerDeclared } from './declared-renames.ts';
import type { Questioner } from './questioner.ts';
import { runOn, withScratch } from './with-scratch.ts';

/** What is compared: the entities of a persistence object, and its database. */
export interface PlanTarget {
  readonly registry: Registry;
  readonly session: Session;
}

/**
 * Compares what the entities want with what the database has, and gives the steps that lead there and back. The database
 * stays as it is. What entities cannot speak of is left alone: views, triggers, comments, and the like.
 *
 * `renamedFrom` in the entities, then `questioner`, decide what was renamed: a table or column that is gone is dropped otherwise. Throws `unsupported-by-driver`
 * where the dialect has no migrations, or the driver holds no transaction open and the dialect needs one to compare.
 *
 * @example
 * ```ts
 * import { type Persistence } from 'meshestra';
 * import { planMigration } from 'meshestra/migrations';
 *
 * async function printPlan(db: Persistence): Promise<void> {
 *   const plan = await planMigration(db, {
 *     formerTable: () => null,
 *     formerColumn: (table, column) => (table === 'posts' && column === 'title' ? 'name' : null),
 *     fill: () => null,
 *   });
 *   for (const step of plan.up.steps) console.log(step); // ALTER TABLE "posts" RENAME COLUMN "name" TO "title"
 * }
 * ```
 */
export async function planMigration(
  db: PlanTarget,
  questioner: Questioner,
  { expand, online }: PlanOptions = {},
): Promise<MigrationPlan> {
  const { session } = db;
  const { dialect } = session;
  const schema = await loadSchemaDialect(dialect);
  if (online === true && !schema.hasOnline) {
    throw new UnsupportedByDriverError(
      `${session.driver.name}: the dialect '${dialect.name}' adds nothing while others write; leave \`online\` out`,
    );
  }
  const parts = {
    dialect,
    schema,
    wanted: deriveSchema(db.registry),
    questioner: answerDeclared(db.registry, questioner),
  };
  return withScratch(session, schema.needsScratch, (run) => comparePlan({ ...parts, expand, online, run }));
}

/** Reads what tables the database has, and names what it has besides. */
export async function inspectDatabase({ session }: Pick<PlanTarget, 'session'>): Promise<DatabaseModel> {
  const schema = await loadSchemaDialect(session.dialect);
  return schema.inspect(runOn(session));
}

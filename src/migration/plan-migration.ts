import type { RunStatement } from '../compiler/schema-dialect.ts';
import { loadSchemaDialect } from '../dialect/schema-dialects.ts';
import type { Registry } from '../metadata/registry.ts';
import type { DatabaseModel } from '../schema/database-model.ts';
import { deriveSchema } from '../schema/derive-schema.ts';
import type { Session } from '../session/session.ts';
import { comparePlan, type MigrationPlan } from './compare-plan.ts';
import type { Questioner } from './questioner.ts';
import { runText } from './run-text.ts';

/** What is compared: the entities of a persistence object, and its database. */
export interface PlanTarget {
  readonly registry: Registry;
  readonly session: Session;
}

/**
 * Compares what the entities want with what the database has, and gives the steps that lead there and back. The database
 * stays as it is. What entities cannot speak of is left alone: views, triggers, comments, and the like.
 *
 * `questioner` decides what was renamed: a table or column that is gone is dropped otherwise. Throws `unsupported-by-driver`
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
export async function planMigration(db: PlanTarget, questioner: Questioner): Promise<MigrationPlan> {
  const { session } = db;
  const { dialect } = session;
  const schema = await loadSchemaDialect(dialect);
  const wanted = deriveSchema(db.registry);
  return withScratch(session, schema.needsScratch, (run) => comparePlan({ dialect, schema, wanted, questioner, run }));
}

/** Reads what tables the database has, and names what it has besides. */
export async function inspectDatabase({ session }: Pick<PlanTarget, 'session'>): Promise<DatabaseModel> {
  const schema = await loadSchemaDialect(session.dialect);
  return schema.inspect(runOn(session));
}

// Only what is temporary is written.
function runOn(session: Session): RunStatement {
  return async (sql, params = []) => (await runText(session, { sql, params }, [])).rows;
}

/** Ends a transaction whose work is done without keeping it. */
class Undone extends Error {}

// What is created to be looked at leaves no trace.
async function withScratch<R>(
  session: Session,
  isNeeded: boolean,
  work: (run: RunStatement) => Promise<R>,
): Promise<R> {
  if (!isNeeded) return work(runOn(session));
  let result: { readonly value: R } | null = null;
  const attempt = session.transact(async (inside) => {
    result = { value: await work(runOn(inside)) };
    throw new Undone('the transaction is rolled back on purpose');
  });
  await attempt.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  return (result as unknown as { readonly value: R }).value;
}

import { postgres } from '../../../src/dialect/postgres/index.ts';
import { loadSchemaDialect } from '../../../src/dialect/schema-dialects.ts';
import type { Connection, Driver } from '../../../src/port.ts';
import { literals } from './literals.ts';
import type { SchemaStage } from './survival.ts';

/** A driver of PostgreSQL, whose sessions have a schema of their own. */
export async function openPostgresStage(driver: Driver): Promise<SchemaStage> {
  const connection: Connection = await driver.connect();
  const run: SchemaStage['run'] = async (sql) => (await connection.execute({ sql, params: [] })).rows;
  const [[name] = []] = await run('SELECT quote_ident(current_schema())');
  return {
    schema: await loadSchemaDialect(postgres),
    dialect: postgres,
    run,
    scratch: (work) => rolledBack(connection, work),
    apply: async ({ steps }) =>
      connection.transact?.(async (tx) => {
        for (const step of steps) {
          if (typeof step !== 'string') throw new Error('every step of PostgreSQL is a statement of a transaction');
          await tx.execute({ sql: step, params: [] });
        }
      }),
    literal: literals({
      boolean: (number) => String(number % 2 === 1),
      bytes: (number) => `'\\x0${number % 10}ff'`,
      datetime: (number) => `'2024-01-01 00:00:00.0${10 + (number % 80)}+00'`,
    }),
    async empty() {
      await run(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
      await run(`CREATE SCHEMA ${name}`);
    },
  };
}

async function rolledBack<R>(connection: Connection, work: (run: SchemaStage['run']) => Promise<R>): Promise<R> {
  const undone = new Error('rolled back');
  const results: R[] = [];
  await Promise.resolve(
    connection.transact?.(async (tx) => {
      results.push(await work(async (sql) => (await tx.execute({ sql, params: [] })).rows));
      throw undone;
    }),
  ).catch((error: unknown) => {
    if (error !== undone) throw error;
  });
  return results[0] as R;
}

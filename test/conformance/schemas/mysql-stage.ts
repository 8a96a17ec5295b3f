import { mysql } from '../../../src/dialect/mysql/index.ts';
import { loadSchemaDialect } from '../../../src/dialect/schema-dialects.ts';
import type { Driver } from '../../../src/port.ts';
import { literals } from './literals.ts';
import type { SchemaStage } from './survival.ts';

/** A driver of MySQL or MariaDB with one session, in a database of its own. */
export async function openMysqlStage(driver: Driver): Promise<SchemaStage> {
  const connection = await driver.connect();
  const run: SchemaStage['run'] = async (sql) => (await connection.execute({ sql, params: [] })).rows;
  // What makes temporary tables is one piece of work.
  const inSession = async <R>(work: (inside: SchemaStage['run']) => Promise<R>): Promise<R> => {
    const results: R[] = [];
    await connection.transact?.(async (tx) => {
      results.push(await work(async (sql) => (await tx.execute({ sql, params: [] })).rows));
    });
    return results[0] as R;
  };
  return {
    schema: await loadSchemaDialect(mysql),
    dialect: mysql,
    run,
    scratch: inSession,
    async apply({ steps }) {
      const each = async (inside: SchemaStage['run']) => {
        for (const step of steps) {
          if (typeof step !== 'string') throw new Error('every step of MySQL is a statement');
          await inside(step);
        }
      };
      // A setting of the session holds for one piece of work; rows are not written in one that the server commits halfway.
      const isSet = steps.some((step) => typeof step === 'string' && step.startsWith('SET SESSION'));
      await (isSet ? inSession(each) : each(run));
    },
    literal: literals(),
    empty: () =>
      inSession(async (inside) => {
        const tables = await inside(
          "SELECT TABLE_NAME, IF(TABLE_TYPE = 'VIEW', 'VIEW', IF(TABLE_TYPE = 'SEQUENCE', 'SEQUENCE', 'TABLE')) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
        );
        await inside('SET SESSION foreign_key_checks = 0');
        for (const [name, kind] of tables) await inside(`DROP ${kind} ${mysql.quote(String(name))}`);
        await inside('SET SESSION foreign_key_checks = 1');
      }),
  };
}

import { type SqljsDriver, type SqljsOptions, type SqljsWarning, sqljs } from '../../../adapters/sqljs/index.ts';
import type { Connection, ResultSet, Transaction, WireValue } from '../../../src/port.ts';

/** An open database, as the tests of the driver use it. */
export interface Opened {
  readonly driver: SqljsDriver;
  readonly connection: Connection;
  readonly warnings: SqljsWarning[];
  run(sql: string, params?: readonly WireValue[], writes?: readonly string[]): Promise<ResultSet>;
  value(sql: string, params?: readonly WireValue[]): Promise<WireValue | undefined>;
  transact<R>(work: (tx: Transaction) => R | Promise<R>): Promise<R>;
}

/** Opens a database with the driver under test. */
export async function open(options: SqljsOptions = {}): Promise<Opened> {
  const warnings: SqljsWarning[] = [];
  const driver = sqljs({ onWarning: (warning) => void warnings.push(warning), ...options });
  const connection = await driver.connect();
  const run: Opened['run'] = async (sql, params = [], writes) =>
    connection.execute({ sql, params }, writes === undefined ? {} : { writes });
  return {
    driver,
    connection,
    warnings,
    run,
    value: async (sql, params) => (await run(sql, params)).rows[0]?.[0],
    transact: async (work) => {
      if (connection.transact === undefined) throw new Error('the connection has no transact');
      return connection.transact(work);
    },
  };
}

/** What `work` fails with. */
export async function failureOf(work: () => unknown): Promise<{ readonly code?: string; readonly message: string }> {
  try {
    await work();
  } catch (error) {
    return error as { code?: string; message: string };
  }
  throw new Error('nothing failed');
}

/** The code of what `work` fails with, or `none`. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

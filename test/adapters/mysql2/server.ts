import { afterAll } from 'vitest';
import { type Mysql2Options, mysql2 } from '../../../adapters/mysql2/index.ts';
import type { Connection, Driver, ResultSet, Transaction, WireValue } from '../../../src/port.ts';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase, type ScratchDatabase } from '../../support/engines/scratch-database.ts';
import { type ServerSessions, watchSessions } from '../../support/engines/server-sessions.ts';

/** A connection of the driver under test, over a database of this test file. */
export interface Opened extends AsyncDisposable {
  readonly driver: Driver;
  readonly connection: Connection;
  run(sql: string, params?: readonly WireValue[], signal?: AbortSignal): Promise<ResultSet>;
  /** The first value of the first row. */
  value(sql: string, params?: readonly WireValue[]): Promise<WireValue | undefined>;
  transact<R>(work: (tx: Transaction) => Promise<R>): Promise<R>;
}

/** The server that the tests of a file use, and the database that they have in it. */
export interface TestServer {
  readonly missing: string | undefined;
  title(text: string): string;
  database(): ScratchDatabase;
  sessions(): ServerSessions;
  open(options?: Mysql2Options): Promise<Opened>;
}

/** Finds the server and makes a database in it, which is dropped after the tests of the file. */
export async function openTestServer(): Promise<TestServer> {
  const engine = await findEngine('mysql');
  const scratch = engine.missing === undefined ? await createScratchDatabase('mysql', engine) : undefined;
  const watched = engine.missing === undefined ? await watchSessions('mysql', engine.url) : undefined;
  const present = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error(engine.missing);
    return value;
  };
  afterAll(async () => {
    await watched?.close();
    await scratch?.drop();
  });
  return {
    missing: engine.missing,
    title: (text) => engineTitle(text, engine),
    database: () => present(scratch),
    sessions: () => present(watched),
    open: (options = {}) =>
      connect(mysql2(options.existingPool === undefined ? { url: present(scratch).url, ...options } : options)),
  };
}

async function connect(driver: Driver): Promise<Opened> {
  const connection = await driver.connect();
  const run: Opened['run'] = async (sql, params = [], signal) =>
    connection.execute({ sql, params }, signal === undefined ? {} : { signal });
  return {
    driver,
    connection,
    run,
    value: async (sql, params) => (await run(sql, params)).rows[0]?.[0],
    async transact(work) {
      if (connection.transact === undefined) throw new Error('the connection has no transact');
      return connection.transact(work);
    },
    async [Symbol.asyncDispose]() {
      connection.release();
      await driver.close();
    },
  };
}

/** What `work` fails with. */
export async function failureOf(work: () => unknown): Promise<Error & { readonly code?: string }> {
  try {
    await work();
  } catch (error) {
    return error as Error & { code?: string };
  }
  throw new Error('nothing failed');
}

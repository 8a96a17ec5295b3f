/** The bare test page: the driver, and small helpers that the tests drive from outside. */

import {
  indexedDb,
  memory,
  type SqljsDriver,
  type SqljsOptions,
  type SqljsWarning,
  sqljs,
} from '../../../../../adapters/sqljs/index.ts';
import type { Connection, ResultSet, WireValue } from '../../../../../src/port.ts';

/** An open database, as tests use it. */
export interface Opened {
  readonly driver: SqljsDriver;
  readonly connection: Connection;
  readonly warnings: SqljsWarning[];
  run(sql: string, params?: readonly WireValue[], writes?: readonly string[]): Promise<ResultSet>;
  /** The first cell of the first row. */
  value(sql: string): Promise<WireValue | undefined>;
  sha(): Promise<string>;
}

/** What the page offers. */
export interface TestPage {
  readonly sqljs: typeof sqljs;
  readonly indexedDb: typeof indexedDb;
  readonly memory: typeof memory;
  open(name: string | null, options?: SqljsOptions): Promise<Opened>;
  /** A database in the ready-made worker. */
  worker(): Worker;
  /** What was opened last; survives between two calls from outside. */
  db: Opened;
  /** The code of what `work` fails with, or `none`. */
  codeOf(work: () => unknown): Promise<string>;
  sha(bytes: Uint8Array<ArrayBuffer>): Promise<string>;
}

async function sha(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function open(name: string | null, options: SqljsOptions = {}): Promise<Opened> {
  const warnings: SqljsWarning[] = [];
  const storage = name === null ? memory() : indexedDb(name);
  const driver = sqljs({ storage, onWarning: (warning) => void warnings.push(warning), ...options });
  const connection = await driver.connect();
  const run: Opened['run'] = async (sql, params = [], writes) =>
    connection.execute({ sql, params }, writes === undefined ? {} : { writes });
  page.db = {
    driver,
    connection,
    warnings,
    run,
    value: async (sql) => (await run(sql)).rows[0]?.[0],
    sha: async () => sha(await driver.exportFile()),
  };
  return page.db;
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

const page = {
  sqljs,
  indexedDb,
  memory,
  open,
  worker: () => new Worker('/worker.js', { type: 'module' }),
  codeOf,
  sha,
} as TestPage;

declare global {
  var testPage: TestPage;
}
globalThis.testPage = page;

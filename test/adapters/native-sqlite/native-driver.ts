import type { Connection, Driver, ResultSet, Transaction, WireValue } from '../../../src/port.ts';

/** What the objects of all native drivers have. */
export interface Handle {
  exec(sql: string): unknown;
  close(): unknown;
}

/** A driver under test, with what native drivers offer besides. */
export interface NativeDriver extends Driver {
  readonly database: Handle;
  backup(path: string): Promise<void>;
}

/** The options that all native drivers have. */
export interface NativeOptions {
  readonly path?: string;
  readonly readOnly?: boolean;
  readonly pragmas?: Readonly<Record<string, string | number | boolean>>;
  readonly lockTimeout?: number;
  readonly statementCache?: number;
}

/** An adapter over a native driver, for the tests that all of them share. */
export interface NativeAdapter {
  readonly name: string;
  driver(options: NativeOptions): NativeDriver;
  /** Opens a database as an application would, without Meshestra. */
  openHandle(path: string): Handle;
  /** The driver of a database that is open already. */
  handedIn(database: Handle, options?: NativeOptions): NativeDriver;
}

/** An open database, as the tests use it. */
export interface Opened extends AsyncDisposable {
  readonly driver: NativeDriver;
  readonly connection: Connection;
  run(sql: string, params?: readonly WireValue[]): Promise<ResultSet>;
  value(sql: string, params?: readonly WireValue[]): Promise<WireValue | undefined>;
  transact<R>(work: (tx: Transaction) => R | Promise<R>, options?: { readonly readOnly?: boolean }): Promise<R>;
}

/** Connects with a driver. */
export async function openWith(driver: NativeDriver): Promise<Opened> {
  const connection = await driver.connect();
  const run: Opened['run'] = async (sql, params = []) => connection.execute({ sql, params });
  return {
    driver,
    connection,
    run,
    value: async (sql, params) => (await run(sql, params)).rows[0]?.[0],
    transact: async (work, options) => {
      if (connection.transact === undefined) throw new Error('the connection has no transact');
      return connection.transact(work, options);
    },
    [Symbol.asyncDispose]: () => driver.close(),
  };
}

/** Opens a database in memory. */
export function openInMemory(adapter: NativeAdapter, options: NativeOptions = {}): Promise<Opened> {
  return openWith(adapter.driver({ path: ':memory:', ...options }));
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

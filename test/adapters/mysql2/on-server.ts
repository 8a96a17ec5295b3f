import { afterAll } from 'vitest';
import type { ResultSet, Statement, WireValue } from '../../../src/port.ts';
import { openTestServer, type TestServer } from './server.ts';

/** A database of the server, to see that texts of the dialect are understood and mean what they should. */
export interface OnServer {
  readonly server: TestServer;
  run(sql: string, params?: readonly WireValue[]): Promise<ResultSet>;
  rows(statement: Statement): Promise<readonly (readonly WireValue[])[]>;
}

/** Opens the database; nothing may be asked of it where the server is missing. */
export async function openOnServer(): Promise<OnServer> {
  const server = await openTestServer();
  const opened = server.missing === undefined ? await server.open() : undefined;
  afterAll(() => opened?.[Symbol.asyncDispose]());
  const run: OnServer['run'] = (sql, params) => {
    if (opened === undefined) throw new Error(server.missing);
    return opened.run(sql, params);
  };
  return { server, run, rows: async ({ sql, params }) => (await run(sql, params)).rows };
}

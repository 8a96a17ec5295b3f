import type { Driver, Persistence } from '../../../src/index.ts';
import { createPersistence, Entity, integer, text } from '../../../src/index.ts';
import type { PoolOptions } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import type { EngineName } from '../engines/engine-kind.ts';
import type { KeptServer } from '../engines/kept-server.ts';
import { type ServerSessions, watchSessions } from '../engines/server-sessions.ts';

/** An adapter for a server, as the suites of chaos and load see it. */
export interface ServerAdapter {
  readonly name: string;
  readonly engine: EngineName;
  driver(url: string, pool: PoolOptions): Driver;
  /** Whether a flush is one request, so that a connection that is lost during it leaves open whether it was done. */
  readonly flushesAtOnce?: boolean;
}

/** A row whose key says who wrote it. */
export class Entry extends Entity('entries', { id: integer().primaryKey(), note: text() }) {}

/** A database of its own on a private server, with the eyes of its administrator. */
export interface World extends AsyncDisposable {
  readonly db: Persistence;
  readonly database: string;
  readonly sessions: ServerSessions;
  /** The same database, reached through another port. */
  open(port: number, pool?: PoolOptions): Promise<Persistence>;
}

let made = 0;

/** Opens a new database on a server that runs. */
export async function openWorld(adapter: ServerAdapter, server: KeptServer, pool: PoolOptions = {}): Promise<World> {
  made += 1;
  const database = `chaos_${made}`;
  const sessions = await watchSessions(adapter.engine, server.url);
  await sessions.query(`CREATE DATABASE ${database}`);
  const open = (port: number, options: PoolOptions = pool): Promise<Persistence> => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    url.port = String(port);
    return createPersistence({ driver: adapter.driver(url.href, options), entities: [Entry] });
  };
  const db = await open(server.port);
  await createSchema(db);
  return {
    db,
    database,
    sessions,
    open,
    async [Symbol.asyncDispose]() {
      await db.close();
      // The server may have been away meanwhile, and with it the connection.
      await sessions.close().catch(() => undefined);
    },
  };
}

/** Asks again until the answer is yes; a test's own limit ends what never comes. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

import type { PgDriver, PgOptions } from '../../../adapters/pg/index.ts';
import { pg } from '../../../adapters/pg/index.ts';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase, type ScratchDatabase } from '../../support/engines/scratch-database.ts';
import { type ServerSessions, watchSessions } from '../../support/engines/server-sessions.ts';

/** The server that the tests of this file use, and a database of its own in it. */
export interface TestServer {
  /** Why there is none. */
  readonly missing: string | undefined;
  title(text: string): string;
  database(): ScratchDatabase;
  /** A driver that sees an empty schema of its own. */
  driver(options?: Omit<PgOptions, 'url'>): Promise<PgDriver>;
  /** The sessions of the server, seen from outside. */
  sessions(): Promise<ServerSessions>;
  drop(): Promise<void>;
}

/** Finds the server, and makes a database in it. */
export async function openTestServer(): Promise<TestServer> {
  const engine = await findEngine('postgres');
  const scratch = engine.missing === undefined ? await createScratchDatabase('postgres', engine) : undefined;
  const database = (): ScratchDatabase => {
    if (scratch === undefined) throw new Error(engine.missing);
    return scratch;
  };
  let sessions: Promise<ServerSessions> | undefined;
  let schemas = 0;
  return {
    missing: engine.missing,
    title: (text) => engineTitle(text, engine),
    database,
    async driver(options = {}) {
      schemas += 1;
      const schema = `law_${schemas}`;
      await database().query(`CREATE SCHEMA ${schema}`);
      const url = new URL(database().url);
      url.searchParams.set('options', `-c search_path=${schema}`);
      // The parts of a URL are percent-encoded, a space of a form's data is not.
      return pg({ url: url.href.replaceAll('+', '%20'), ...options });
    },
    sessions() {
      if (engine.missing !== undefined) throw new Error(engine.missing);
      // From another database, so that the watcher does not see itself.
      sessions ??= watchSessions('postgres', engine.url);
      return sessions;
    },
    async drop() {
      await (await sessions)?.close();
      await scratch?.drop();
    },
  };
}

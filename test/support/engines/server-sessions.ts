import { type EntityManager, type RawQuery, sql } from '../../../src/index.ts';
import type { AdminConnection, EngineName } from './engine-kind.ts';
import { ENGINE_KINDS } from './locate-engine.ts';

/** What a kind of server is asked about its sessions, and how it is told to end one. */
interface SessionStatements {
  /** Gives the number of the session it runs on. */
  readonly ownId: RawQuery;
  /** Runs for about so many seconds. */
  sleep(seconds: number): RawQuery;
  /** The numbers of all sessions of applications in a database. */
  list(database: string): string;
  kill(id: number): string;
  /** Of the sessions, those that wait for a lock now. */
  waiting(admin: AdminConnection, ids: readonly number[]): Promise<readonly number[]>;
  /** Of the sessions, those that run a statement now. */
  running(ids: readonly number[]): string;
}

const numbers = (rows: readonly (readonly unknown[])[]): number[] => rows.map(([value]) => Number(value));

const postgresStatements: SessionStatements = {
  ownId: sql`SELECT pg_backend_pid()`,
  sleep: (seconds) => sql`SELECT 1 FROM (SELECT pg_sleep(${seconds})) s`,
  list: (database) =>
    `SELECT pid FROM pg_stat_activity WHERE datname = '${database}' AND backend_type = 'client backend'`,
  kill: (id) => `SELECT pg_terminate_backend(${id})`,
  waiting: async (admin, ids) =>
    numbers(
      await admin.query(
        `SELECT pid FROM pg_stat_activity WHERE pid IN (${ids.join(', ')}) AND wait_event_type = 'Lock'`,
      ),
    ),
  running: (ids) => `SELECT pid FROM pg_stat_activity WHERE pid IN (${ids.join(', ')}) AND state = 'active'`,
};

// The tables of information_schema about locks show what was a tenth of a second ago; this text shows what is.
async function innodbWaiting(admin: AdminConnection, ids: readonly number[]): Promise<readonly number[]> {
  const [row] = await admin.query('SHOW ENGINE INNODB STATUS');
  const transactions = String(row?.[2]).split(/^---TRANSACTION /m);
  const waiting = transactions.filter((text) => text.includes('\nLOCK WAIT '));
  const found = waiting.flatMap((text) => Number(/ thread id (\d+),/.exec(text)?.[1] ?? []));
  return ids.filter((id) => found.includes(id));
}

const mysqlStatements: SessionStatements = {
  ownId: sql`SELECT CONNECTION_ID()`,
  // Of two rows, because a SLEEP that is all there is to do takes an interruption for its end.
  sleep: (seconds) => sql`SELECT SLEEP(${seconds / 2}) FROM (SELECT 1 AS one UNION ALL SELECT 2) AS rows_of_two`,
  list: (database) => `SELECT id FROM information_schema.processlist WHERE db = '${database}'`,
  kill: (id) => `KILL ${id}`,
  waiting: innodbWaiting,
  running: (ids) =>
    `SELECT id FROM information_schema.processlist WHERE id IN (${ids.join(', ')}) AND command <> 'Sleep'`,
};

const STATEMENTS: Readonly<Record<EngineName, SessionStatements>> = {
  postgres: postgresStatements,
  mysql: mysqlStatements,
};

/** A server's sessions, seen and ended from a connection of its administrator. */
export interface ServerSessions {
  /** Runs for about so many seconds. */
  sleep(seconds: number): RawQuery;
  /** The server's number for the session that runs the statements of a transaction. */
  idOf(tx: EntityManager): Promise<number>;
  /** The sessions of a database, without the administrator's own. */
  of(database: string): Promise<readonly number[]>;
  waiting(ids: readonly number[]): Promise<readonly number[]>;
  running(ids: readonly number[]): Promise<readonly number[]>;
  /** Ends sessions as an administrator would; those that are gone already are left. */
  kill(...ids: readonly number[]): Promise<void>;
  /** Runs a statement. */
  query(text: string): Promise<readonly (readonly unknown[])[]>;
  close(): Promise<void>;
}

/** Opens the administrator's connection of a server. */
export async function watchSessions(name: EngineName, url: string): Promise<ServerSessions> {
  const admin = await ENGINE_KINDS[name].connect(url);
  const statements = STATEMENTS[name];
  return {
    sleep: statements.sleep,
    idOf: async (tx) => Number((await tx.execute(statements.ownId)).rows[0]?.[0]),
    of: async (database) => numbers(await admin.query(statements.list(database))),
    waiting: (ids) => statements.waiting(admin, ids),
    running: async (ids) => (ids.length === 0 ? [] : numbers(await admin.query(statements.running(ids)))),
    async kill(...ids) {
      for (const id of ids) await admin.query(statements.kill(id)).catch(ignoreUnknown);
    },
    query: (text) => admin.query(text),
    close: () => admin.close(),
  };
}

function ignoreUnknown(error: unknown): void {
  if (!/unknown thread/i.test(String(error))) throw error;
}

/**
 * Whether InnoDB refuses a write to a row that changed since the transaction's snapshot: MariaDB does from 11.6 on, MySQL
 * never.
 */
export async function refusesChangedRows(sessions: ServerSessions): Promise<boolean> {
  const rows = await sessions.query("SHOW VARIABLES LIKE 'innodb_snapshot_isolation'");
  return rows[0]?.[1] === 'ON';
}

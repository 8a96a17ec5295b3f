import { expect, it } from 'vitest';
import { createPersistence, type Persistence, type PersistenceError, sql } from '../../../src/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import type { KeptServer } from '../engines/kept-server.ts';
import { watchSessions } from '../engines/server-sessions.ts';
import { Entry, openWorld, type ServerAdapter, until } from './server-adapter.ts';

const SESSIONS = 20;
/** How many transactions each session commits before the server goes, and after it is back. */
const TRANSACTIONS = 5;
/** What a driver may say while its server is away. */
const OUTAGE = ['connection', 'pool-timeout'];
/** Far more than a driver makes that pauses between its attempts to connect. */
const MOST_ATTEMPTS = 20_000;

/** What became of each row, by its key. */
interface Ledger {
  readonly committed: Set<number>;
  readonly rolledBack: Set<number>;
  readonly unknown: Set<number>;
  readonly codes: Set<string>;
  attempts: number;
  isBack: boolean;
}

/** Writes rows until the server has been away and came back, and some more. */
async function writeThroughOutage(db: Persistence, ledger: Ledger): Promise<void> {
  for (let since = 0; since < TRANSACTIONS; ) {
    ledger.attempts += 1;
    const id = ledger.attempts;
    if (id > MOST_ATTEMPTS) throw new Error(`${MOST_ATTEMPTS} attempts, and the server is not reached again`);
    try {
      await db.transaction(async (tx) => void tx.create(Entry, { id, note: 'n' }));
      ledger.committed.add(id);
      if (ledger.isBack) since += 1;
    } catch (error) {
      const { code, outcome } = error as PersistenceError;
      if (!OUTAGE.includes(code)) throw error;
      ledger.codes.add(code);
      (outcome === 'unknown' ? ledger.unknown : ledger.rolledBack).add(id);
    }
  }
}

async function surviveOutage(
  adapter: ServerAdapter,
  server: KeptServer,
  goAway: () => Promise<void>,
  what: string,
): Promise<void> {
  await using world = await openWorld(adapter, server, { max: 10, connectRetries: 3, retryDelay: 50 });
  const { db, database } = world;
  const ledger: Ledger = {
    committed: new Set(),
    rolledBack: new Set(),
    unknown: new Set(),
    codes: new Set(),
    attempts: 0,
    isBack: false,
  };
  const writing = Promise.all(Array.from({ length: SESSIONS }, () => writeThroughOutage(db, ledger)));
  await until(() => ledger.committed.size >= SESSIONS * TRANSACTIONS);
  await goAway();
  await until(() => ledger.rolledBack.size > 0);
  await server.start();
  const answered = performance.now();
  const committedBefore = ledger.committed.size;
  ledger.isBack = true;
  await until(() => ledger.committed.size > committedBefore);
  const recovery = performance.now() - answered;
  await writing;
  const total = performance.now() - answered;
  process.stdout.write(
    `${adapter.name}, server ${what}: ${ledger.attempts} attempts, ${ledger.rolledBack.size} rolled back, ` +
      `${ledger.unknown.size} unknown; first commit ${recovery.toFixed(0)} ms and all ${SESSIONS} sessions done ` +
      `${total.toFixed(0)} ms after the server answered again\n`,
  );
  const rows = new Set((await db.em().find(Entry)).map(({ id }) => id));
  expect([...ledger.committed].filter((id) => !rows.has(id))).toEqual([]);
  expect([...ledger.rolledBack].filter((id) => rows.has(id))).toEqual([]);
  expect([...rows].filter((id) => !ledger.committed.has(id) && !ledger.unknown.has(id))).toEqual([]);
  expect(ledger.codes).toContain('connection');
  const state = db.driver.pool?.state();
  expect(state).toMatchObject({ active: 0, waiting: 0 });
  expect((await openSessions(adapter, server, database)).length).toBe(state?.total);
}

async function openSessions(adapter: ServerAdapter, server: KeptServer, database: string): Promise<readonly number[]> {
  const sessions = await watchSessions(adapter.engine, server.url);
  const open = await sessions.of(database);
  await sessions.close();
  return open;
}

/** What happens when the server is stopped, crashes, and comes back. */
export function outages(adapter: ServerAdapter, server: () => KeptServer): void {
  it('twenty sessions go on after the server was stopped and started', async () => {
    await surviveOutage(adapter, server(), () => server().stop(), 'stopped');
  });

  it('twenty sessions go on after the server was killed, and no committed row is lost', async () => {
    await surviveOutage(adapter, server(), () => server().kill(), 'killed');
  });

  it('closing while the server is away ends', async () => {
    const { db, sessions } = await openWorld(adapter, server());
    await server().stop();
    await db.close();
    await sessions.close().catch(() => undefined);
    await expectCode(() => db.em().count(Entry), 'closed');
    await server().start();
  });

  it('a server that is away at the start is a connection error, and the driver connects when it is there', async () => {
    await server().stop();
    const driver = adapter.driver(server().url, { connectRetries: 1, retryDelay: 10 });
    const opening = () => createPersistence({ driver, entities: [Entry] });
    expect(await expectCode(opening, 'connection')).toMatchObject({ outcome: 'rolled-back', retryable: true });
    await server().start();
    const db = await opening();
    expect(await db.em().execute(sql`SELECT 1`)).toMatchObject({ rows: [[1]] });
    await db.close();
  });
}

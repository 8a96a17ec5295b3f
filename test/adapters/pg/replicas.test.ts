import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type PgDriver, pg } from '../../../adapters/pg/index.ts';
import { replicated } from '../../../src/driver/replicas/index.ts';
import { createPersistence, type EntityManager, type Persistence, sql } from '../../../src/index.ts';
import type { LogEvent } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import {
  engineTitle,
  findServerBinaries,
  startPrivateServer,
  startStandby,
} from '../../support/engines/find-engine.ts';
import type { KeptServer } from '../../support/engines/kept-server.ts';
import { type ServerSessions, watchSessions } from '../../support/engines/server-sessions.ts';
import { Entry, until } from '../../support/servers/server-adapter.ts';

const binaries = await findServerBinaries('postgres');
const DATABASE = 'followed';

/** A server, and what its administrator sees of it. */
interface Watched {
  readonly server: KeptServer;
  readonly admin: ServerSessions;
}

let primary: Watched;
let standby: Watched;
const started: KeptServer[] = [];
const opened: Persistence[] = [];
const stopping: (() => Promise<unknown>)[] = [];

const watch = async (server: KeptServer): Promise<Watched> => {
  started.unshift(server);
  return { server, admin: await watchSessions('postgres', server.url) };
};

/** Starts it again where it was killed, with a new connection of its administrator. */
const restart = async ({ server }: Watched): Promise<Watched> => {
  await server.start();
  return { server, admin: await watchSessions('postgres', server.url) };
};

const driver = ({ server }: Watched): PgDriver => {
  const url = new URL(server.url);
  url.pathname = `/${DATABASE}`;
  return pg({ url: url.href, pool: { connectRetries: 0 } });
};

async function open(readAfterWrite = 60_000): Promise<{ db: Persistence; events: () => string[] }> {
  const log: LogEvent[] = [];
  const db = await createPersistence({
    driver: replicated({ primary: driver(primary), replicas: [driver(standby)], readAfterWrite, retryAfter: 20 }),
    entities: [Entry],
    onLog: (event) => log.push(event),
  });
  opened.push(db);
  return { db, events: () => log.map(({ event }) => event).filter((event) => event.startsWith('replica.')) };
}

/** Waits until the standby has done all that the primary has written. */
async function caughtUp(): Promise<void> {
  const [row] = await primary.admin.query('SELECT pg_current_wal_insert_lsn()');
  await until(async () => {
    const [answer] = await standby.admin.query(`SELECT pg_last_wal_replay_lsn() >= '${row?.[0]}'::pg_lsn`);
    return answer?.[0] === true;
  });
}

const write = async (em: EntityManager, id: number, note: string): Promise<void> => {
  em.create(Entry, { id, note });
  await em.flush();
};

const isOnStandby = async (em: EntityManager): Promise<unknown> =>
  (await em.execute(sql`SELECT pg_is_in_recovery()`)).rows[0]?.[0];

const noteOf = async (em: EntityManager, id: number): Promise<string | undefined> =>
  (await em.findById(Entry, id))?.note;

/** On the standby it runs until it is ended, on the primary it answers at once; both look at the table. */
const endlessOnStandby = sql`SELECT pg_is_in_recovery() FROM (SELECT count(*) FROM entries) AS counted
  WHERE CASE WHEN pg_is_in_recovery() THEN pg_sleep(600)::text <> '' ELSE true END`;

const sleepers = async (): Promise<number> => {
  const rows = await standby.admin.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = '${DATABASE}' AND wait_event = 'PgSleep'`,
  );
  return rows.length;
};

async function countOnPrimary(where: string): Promise<unknown> {
  const connection = driver(primary);
  const session = await connection.connect();
  const { rows } = await session.execute({ sql: `SELECT count(*)::int FROM entries WHERE ${where}`, params: [] });
  session.release();
  await connection.close();
  return rows[0]?.[0];
}

/** Reads in four rows of fresh sessions, noting who answered, until it is stopped; none of them may fail. */
function readOn(db: Persistence, answers: unknown[]): { stop(): Promise<unknown> } {
  let isOver = false;
  const readers = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!isOver) {
        answers.push(await isOnStandby(db.em()));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    }),
  );
  const stop = (): Promise<unknown> => {
    isOver = true;
    return readers;
  };
  // Also where a test fails before it stops them.
  stopping.push(() => stop().catch(() => undefined));
  return { stop };
}

const closeAll = async (): Promise<void> => {
  for (const stop of stopping.splice(0)) await stop();
  for (const db of opened.splice(0)) await db.close();
};

describe.skipIf(binaries.missing !== undefined)(engineTitle('pg with a standby', binaries), () => {
  beforeAll(async () => {
    // The vacuum would be a conflict now and then, which is to be none but where a test makes one.
    primary = await watch(await startPrivateServer('postgres', binaries, { autovacuum: 'off' }));
    const settings = { max_standby_streaming_delay: 0, wal_retrieve_retry_interval: 50 };
    standby = await watch(await startStandby(primary.server, binaries, settings));
    await primary.admin.query(`CREATE DATABASE ${DATABASE}`);
    const direct = await createPersistence({ driver: driver(primary), entities: [Entry] });
    await createSchema(direct);
    await direct.em().execute(sql`CREATE SEQUENCE counter`);
    await write(direct.em(), 1, 'first');
    await direct.close();
    await caughtUp();
  });
  afterEach(closeAll);
  afterAll(async () => {
    await Promise.allSettled([primary?.admin.close(), standby?.admin.close()]);
    for (const server of started) await server.close();
  });

  it('reads of a fresh session go to the standby, writes and transactions to the primary', async () => {
    const { db, events } = await open();
    expect(await isOnStandby(db.em())).toBe(true);
    expect(await noteOf(db.em(), 1)).toBe('first');
    expect(await db.transaction((tx) => isOnStandby(tx))).toBe(false);
    expect(await db.transaction((tx) => isOnStandby(tx), { readOnly: true })).toBe(false);
    const writer = db.em();
    expect(await isOnStandby(writer)).toBe(true);
    await write(writer, 2, 'second');
    expect([await isOnStandby(writer), await isOnStandby(db.em())]).toEqual([false, true]);
    expect(await countOnPrimary('id = 2')).toBe(1);
    expect(events()).toEqual([]);
  });

  it('where the standby lags, a session sees what it wrote, and others the state before it', async () => {
    const { db } = await open();
    await caughtUp();
    await standby.admin.query('SELECT pg_wal_replay_pause()');
    await until(async () => (await standby.admin.query('SELECT pg_get_wal_replay_pause_state()'))[0]?.[0] === 'paused');
    const writer = db.em();
    const [first] = await writer.find(Entry, { id: 1 });
    if (first === undefined) throw new Error('the first entry is gone');
    first.note = 'changed';
    await write(writer, 3, 'third');
    await writer.execute(sql`UPDATE entries SET note = 'by raw SQL' WHERE id = 3`);
    const rowsOf = async (em: EntityManager) =>
      (await em.execute(sql`SELECT id, note FROM entries WHERE id IN (1, 3) ORDER BY id`)).rows;
    const after = [
      [1, 'changed'],
      [3, 'by raw SQL'],
    ];
    expect(await rowsOf(writer)).toEqual(after);
    expect(await rowsOf(db.em())).toEqual([[1, 'first']]);
    expect([await noteOf(db.em(), 1), await noteOf(db.em(), 3)]).toEqual(['first', undefined]);
    await standby.admin.query('SELECT pg_wal_replay_resume()');
    await caughtUp();
    expect(await rowsOf(db.em())).toEqual(after);
    expect(await noteOf(db.em(), 3)).toBe('by raw SQL');
    expect([await isOnStandby(db.em()), await isOnStandby(writer)]).toEqual([true, false]);
  });

  it('a read that the standby ends for the sake of replication is answered by the primary', async () => {
    const { db, events } = await open();
    const reading = db.em().execute(endlessOnStandby);
    await until(async () => (await sleepers()) === 1);
    const locking = driver(primary);
    const connection = await locking.connect();
    await connection.transact?.(async (tx) => {
      await tx.execute({ sql: 'LOCK TABLE entries IN ACCESS EXCLUSIVE MODE', params: [] });
    });
    connection.release();
    await locking.close();
    expect((await reading).rows).toEqual([[false]]);
    expect(events()).toEqual([]);
    expect(await isOnStandby(db.em())).toBe(true);
    // A session counts its conflicts at its end.
    await db.close();
    const conflicts = `SELECT confl_lock::int FROM pg_stat_database_conflicts WHERE datname = '${DATABASE}'`;
    await until(async () => (await standby.admin.query(conflicts))[0]?.[0] === 1);
  });

  it('a write that passes for a read is refused by the standby, and done nowhere', async () => {
    const { db, events } = await open();
    const em = db.em();
    const writes = [
      () => em.execute(sql`INSERT INTO entries (id, note) VALUES (90, 'a')`, { writes: [] }),
      () => em.execute(sql`UPDATE entries SET note = 'b' WHERE id = 1`, { writes: [] }),
      () => em.execute(sql`SELECT nextval('counter')`),
    ];
    for (const work of writes) {
      const error = await expectCode(work, 'driver');
      expect(error).toMatchObject({ outcome: 'rolled-back', retryable: false, cause: { sqlState: '25006' } });
    }
    expect(await countOnPrimary(`id = 90 OR note = 'b'`)).toBe(0);
    expect(await countOnPrimary('(SELECT is_called FROM counter)')).toBe(0);
    expect(await isOnStandby(em)).toBe(true);
    expect(events()).toEqual([]);
  });

  it('reads go on when the standby is killed, and return to it when it is back', async () => {
    const { db, events } = await open();
    const answers: unknown[] = [];
    const readers = readOn(db, answers);
    // They end with the standby and not before.
    const cut = Promise.all([1, 2, 3].map(() => db.em().execute(endlessOnStandby)));
    await until(async () => (await sleepers()) === 3 && answers.length > 20);
    expect(new Set(answers)).toEqual(new Set([true]));
    await standby.server.kill();
    expect((await cut).map(({ rows }) => rows)).toEqual([[[false]], [[false]], [[false]]]);
    expect(events()).toEqual(['replica.lost']);
    expect(await noteOf(db.em(), 2)).toBe('second');
    expect(await db.health()).toMatchObject([
      { name: 'primary', ok: true },
      { name: 'replica-1', role: 'replica', ok: false, error: { code: 'connection' } },
    ]);
    standby = await restart(standby);
    await until(() => events().at(-1) === 'replica.back');
    const before = answers.length;
    await until(() => answers.slice(before).includes(true));
    await readers.stop();
    expect(answers).toContain(false);
    expect(events()).toEqual(['replica.lost', 'replica.back']);
    expect((await db.health()).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('when the primary is killed, writes are connection errors, and fresh sessions read from the standby', async () => {
    const { db, events } = await open();
    await caughtUp();
    await primary.server.kill();
    const writer = db.em();
    await expectCode(() => write(writer, 4, 'never'), 'connection');
    await expectCode(() => db.transaction((tx) => write(tx, 4, 'never')), 'connection');
    // What became of its write is not known, so it is not told an older state.
    await expectCode(() => isOnStandby(writer), 'connection');
    expect([await isOnStandby(db.em()), await noteOf(db.em(), 2)]).toEqual([true, 'second']);
    expect((await db.health()).map(({ name, ok }) => [name, ok])).toEqual([
      ['primary', false],
      ['replica-1', true],
    ]);
    primary = await restart(primary);
    await write(db.em(), 5, 'fifth');
    expect(await countOnPrimary('id IN (4, 5)')).toBe(1);
    await caughtUp();
    expect(await noteOf(db.em(), 5)).toBe('fifth');
    expect(events()).toEqual([]);
  });

  it('closing leaves no session at either server, nor does it wait for a standby that is away', async () => {
    const { db } = await open();
    await Promise.all(Array.from({ length: 5 }, () => isOnStandby(db.em())));
    await db.transaction((tx) => isOnStandby(tx));
    const sessions = async () =>
      [await primary.admin.of(DATABASE), await standby.admin.of(DATABASE)].map(({ length }) => length);
    expect((await sessions()).every((count) => count > 0)).toBe(true);
    await db.close();
    await expectCode(() => db.em().count(Entry), 'closed');
    await until(async () => (await sessions()).every((count) => count === 0));

    const { db: other, events } = await open();
    expect(await isOnStandby(other.em())).toBe(true);
    await standby.server.kill();
    await until(async () => (await isOnStandby(other.em())) === false);
    expect(events()).toEqual(['replica.lost']);
    await other.close();
    standby = await restart(standby);
    await until(async () => (await sessions()).every((count) => count === 0));
    expect(events()).toEqual(['replica.lost']);
  });
});

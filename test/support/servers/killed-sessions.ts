import { expect, it } from 'vitest';
import { type ConnectionError, type Persistence, sql } from '../../../src/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import type { KeptServer } from '../engines/kept-server.ts';
import { ENGINE_KINDS } from '../engines/locate-engine.ts';
import { Entry, openWorld, type ServerAdapter, until, type World } from './server-adapter.ts';

/** The first session that runs a statement. */
async function runningSession({ sessions, database }: World): Promise<number> {
  let running: readonly number[] = [];
  await until(async () => {
    running = await sessions.running(await sessions.of(database));
    return running.length > 0;
  });
  return running[0] as number;
}

async function killAndWait({ sessions, database }: World, ...ids: readonly number[]): Promise<void> {
  await sessions.kill(...ids);
  await until(async () => !(await sessions.of(database)).some((id) => ids.includes(id)));
}

const notes = async (db: Persistence): Promise<string[]> =>
  (await db.em().find(Entry, {}, { orderBy: { id: 'asc' } })).map(({ note }) => note);

async function write(db: Persistence, ...entries: readonly (readonly [number, string])[]): Promise<void> {
  const em = db.em();
  for (const [id, note] of entries) em.create(Entry, { id, note });
  await em.flush();
}

/** Somebody else's transaction that has changed an entry and holds its lock. */
async function holdLock(world: World, adapter: ServerAdapter, server: KeptServer): Promise<() => Promise<void>> {
  const url = new URL(server.url);
  url.pathname = `/${world.database}`;
  const holder = await ENGINE_KINDS[adapter.engine].connect(url.href);
  await holder.query('BEGIN');
  await holder.query("UPDATE entries SET note = 'held' WHERE id = 1");
  return async () => {
    await holder.query('ROLLBACK');
    await holder.close();
  };
}

/** The session that waits for the lock. */
async function waitingSession({ sessions, database }: World): Promise<number> {
  let waiting: readonly number[] = [];
  await until(async () => {
    waiting = await sessions.waiting(await sessions.of(database));
    return waiting.length > 0;
  });
  return waiting[0] as number;
}

/** What happens when an administrator, a timeout of the server or a failover ends single sessions. */
export function killedSessions(adapter: ServerAdapter, server: () => KeptServer): void {
  it('ended in the middle of a query is a connection error, and the connection is not used again', async () => {
    await using world = await openWorld(adapter, server());
    const { db, sessions } = world;
    const failing = expectCode(() => db.em().execute(sessions.sleep(60)), 'connection');
    const victim = await runningSession(world);
    await sessions.kill(victim);
    expect(await failing).toMatchObject({ outcome: 'rolled-back', retryable: true });
    const ids = await Promise.all(Array.from({ length: 5 }, () => db.transaction((tx) => sessions.idOf(tx))));
    expect(ids).not.toContain(victim);
    expect(db.driver.pool?.state()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('ended in the middle of a transaction takes all of it back, and another one works', async () => {
    await using world = await openWorld(adapter, server());
    const { db, sessions } = world;
    const error = (await expectCode(
      () =>
        db.transaction(async (tx) => {
          tx.create(Entry, { id: 1, note: 'lost' });
          await tx.flush();
          await killAndWait(world, await sessions.idOf(tx));
          await tx.count(Entry);
        }),
      'connection',
    )) as ConnectionError;
    expect(error).toMatchObject({ outcome: 'rolled-back', retryable: true });
    await db.transaction(async (tx) => void tx.create(Entry, { id: 1, note: 'kept' }));
    expect(await notes(db)).toEqual(['kept']);
  });

  it('ended before the end of a transaction is never a success', async () => {
    await using world = await openWorld(adapter, server());
    const { db, sessions } = world;
    await expectCode(
      () =>
        db.transaction(async (tx) => {
          tx.create(Entry, { id: 1, note: 'lost' });
          await tx.flush();
          await killAndWait(world, await sessions.idOf(tx));
        }),
      'connection',
    );
    expect(await notes(db)).toEqual([]);
  });

  it('ended while a statement writes outside of a transaction leaves an unknown outcome', async () => {
    await using world = await openWorld(adapter, server());
    const { db, sessions } = world;
    await write(db, [1, 'before']);
    const release = await holdLock(world, adapter, server());
    const failing = expectCode(
      () => db.em().execute(sql`UPDATE entries SET note = 'after' WHERE id = 1`),
      'connection',
    );
    await sessions.kill(await waitingSession(world));
    expect(await failing).toMatchObject({ outcome: 'unknown', retryable: false });
    await release();
    expect(await notes(db)).toEqual(['before']);
  });

  it('ended in the middle of a flush leaves everything to be flushed again', async () => {
    await using world = await openWorld(adapter, server());
    const { db, sessions } = world;
    await write(db, [1, 'one'], [2, 'two']);
    const em = db.em();
    const [one, two] = (await em.find(Entry, {}, { orderBy: { id: 'asc' } })) as [Entry, Entry];
    one.note = 'one, changed';
    em.remove(two);
    em.create(Entry, { id: 3, note: 'three' });
    const release = await holdLock(world, adapter, server());
    const failing = expectCode(() => em.flush(), 'connection');
    await sessions.kill(await waitingSession(world));
    expect(await failing).toMatchObject(
      adapter.flushesAtOnce === true
        ? { outcome: 'unknown', retryable: false }
        : { outcome: 'rolled-back', retryable: true },
    );
    await release();
    expect(await notes(db)).toEqual(['one', 'two']);
    await em.flush();
    expect(await notes(db)).toEqual(['one, changed', 'three']);
  });

  it('ended while they are idle in the pool are replaced, and nobody sees an error', async () => {
    await using world = await openWorld(adapter, server(), { max: 5 });
    const { db, sessions, database } = world;
    const askAll = () => Promise.all(Array.from({ length: 5 }, () => db.transaction((tx) => sessions.idOf(tx))));
    await Promise.all(Array.from({ length: 5 }, () => db.em().execute(sessions.sleep(0.05))));
    const before = await sessions.of(database);
    expect(before.length).toBe(5);
    await killAndWait(world, ...before);
    // The pool hears of it as soon as this process looks at its sockets.
    await until(() => db.driver.pool?.state().idle === 0);
    const after = await askAll();
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    expect(db.driver.pool?.state()).toMatchObject({ active: 0, waiting: 0 });
  });

  it('ended again and again while many wait for a connection settles each of them, and none for ever', async () => {
    await using world = await openWorld(adapter, server(), { max: 3 });
    const { db, sessions, database } = world;
    let settled = 0;
    const work = Array.from({ length: 60 }, async () => {
      try {
        await db.em().execute(sessions.sleep(0.02));
        return 'done';
      } catch (error) {
        return (error as { code?: unknown }).code;
      } finally {
        settled += 1;
      }
    });
    for (let round = 1; round <= 5; round += 1) {
      await until(() => settled >= round * 6);
      await sessions.kill(...(await sessions.running(await sessions.of(database))));
    }
    const results = await Promise.all(work);
    expect(new Set(results)).toEqual(new Set(['done', 'connection']));
    expect(results.filter((result) => result === 'done').length).toBeGreaterThan(30);
    expect(db.driver.pool?.state()).toMatchObject({ active: 0, waiting: 0 });
    expect((await sessions.of(database)).length).toBeLessThanOrEqual(3);
  });
}

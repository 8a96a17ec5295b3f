import { afterEach, describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { type ReplicationOptions, replicated } from '../../../src/driver/replicas/index.ts';
import {
  ConnectionError,
  createPersistence,
  Entity,
  integer,
  type Persistence,
  sql,
  text,
} from '../../../src/index.ts';
import {
  type Driver,
  type ExecuteOptions,
  type LogEvent,
  PoolTimeoutError,
  SerializationFailureError,
  type Statement,
} from '../../../src/port.ts';

class Place extends Entity('places', { id: integer().primaryKey(), name: text() }) {}

/** A database of sql.js whose one row says which it is, with switches for what can happen to a server. */
interface Node {
  readonly driver: Driver;
  /** What each statement fails with; null where the server answers. */
  failure: Error | null;
  /** Whether connecting never ends. */
  hangs: boolean;
  /** What the next statements are answered with; null where the database answers. */
  answer: Promise<never> | null;
  readonly statements: string[];
  readonly closed: () => boolean;
}

const clock = { time: 0 };
const open: Persistence[] = [];
afterEach(async () => {
  clock.time = 0;
  for (const db of open.splice(0)) await db.close();
});

async function node(name: string): Promise<Node> {
  const driver = sqljs();
  const setUp = await driver.connect();
  await setUp.execute({ sql: 'CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT NOT NULL)', params: [] });
  await setUp.execute({ sql: 'INSERT INTO places (id, name) VALUES (1, ?)', params: [name] });
  setUp.release();
  let closed = false;
  const result: Node = {
    driver: null as never,
    failure: null,
    hangs: false,
    answer: null,
    statements: [],
    closed: () => closed,
  };
  const spied: Driver = {
    name: 'spied',
    dialect: driver.dialect,
    capabilities: driver.capabilities,
    clock: { ...driver.clock, monotonic: () => clock.time },
    async connect(options) {
      if (result.failure !== null) throw result.failure;
      if (result.hangs) await new Promise(() => {});
      const connection = await driver.connect(options);
      return {
        execute(statement: Statement, executeOptions?: ExecuteOptions) {
          result.statements.push(statement.sql);
          if (result.failure !== null) throw result.failure;
          return result.answer ?? connection.execute(statement, executeOptions);
        },
        transact: (work, options) => connection.transact?.(work, options) as never,
        release: () => connection.release(),
        destroy: (reason) => connection.destroy(reason),
      };
    },
    async close() {
      closed = true;
      await driver.close();
    },
  };
  return Object.assign(result, { driver: spied });
}

interface Cluster {
  readonly db: Persistence;
  readonly primary: Node;
  readonly replicas: readonly Node[];
  readonly log: LogEvent[];
}

async function cluster(count: number, options: Partial<ReplicationOptions<Driver>> = {}): Promise<Cluster> {
  const primary = await node('primary');
  const replicas = await Promise.all(Array.from({ length: count }, (_, index) => node(`replica ${index + 1}`)));
  const driver = replicated({ primary: primary.driver, replicas: replicas.map((one) => one.driver), ...options });
  const log: LogEvent[] = [];
  const db = await createPersistence({ driver, entities: [Place], onLog: (event) => log.push(event) });
  open.push(db);
  return { db, primary, replicas, log };
}

const where = async (db: Persistence, em = db.em()): Promise<string | undefined> =>
  (await em.execute(sql`SELECT name FROM places WHERE id = 1`)).rows[0]?.[0] as string | undefined;

/** Lets what was begun beside a read come to its end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('Reads of a replicated driver', () => {
  it('go to the replicas in turn, with entities and raw SQL alike', async () => {
    const { db } = await cluster(2);
    expect((await db.em().findById(Place, 1))?.name).toBe('replica 1');
    expect((await db.em().findById(Place, 1))?.name).toBe('replica 2');
    expect(await where(db)).toBe('replica 1');
  });

  it('go to the primary where there is no replica', async () => {
    const { db } = await cluster(0);
    expect(await where(db)).toBe('primary');
  });

  it('go to the primary inside of a transaction, a read-only one, too', async () => {
    const { db } = await cluster(1);
    expect(await db.transaction((tx) => where(db, tx))).toBe('primary');
    expect(await db.transaction((tx) => where(db, tx), { readOnly: true })).toBe('primary');
    expect(await where(db)).toBe('replica 1');
  });

  it('follow the writes of their own session for readAfterWrite, and of no other', async () => {
    const { db } = await cluster(1, { readAfterWrite: 5000 });
    const writer = db.em();
    writer.create(Place, { id: 2, name: 'new' });
    await writer.flush();
    expect([await where(db, writer), await where(db)]).toEqual(['primary', 'replica 1']);
    clock.time += 4999;
    expect(await where(db, writer)).toBe('primary');
    clock.time += 1;
    expect(await where(db, writer)).toBe('replica 1');
  });

  it('follow raw SQL whose effect is not known', async () => {
    const { db } = await cluster(1);
    const em = db.em();
    await em.execute(sql`UPDATE places SET name = 'moved' WHERE id = 99`);
    expect(await where(db, em)).toBe('primary');
    const reader = db.em();
    await reader.execute(sql`PRAGMA table_info(places)`, { writes: [] });
    expect(await where(db, reader)).toBe('replica 1');
  });

  it('follow a write that failed, whose effect nobody knows', async () => {
    const { db, primary } = await cluster(1);
    const em = db.em();
    primary.failure = new ConnectionError('lost', { outcome: 'unknown' });
    await expect(em.execute(sql`DELETE FROM places`)).rejects.toMatchObject({ code: 'connection' });
    primary.failure = null;
    expect(await where(db, em)).toBe('primary');
  });

  it('of a live query see the commit that woke it', async () => {
    const { db } = await cluster(1);
    const { query } = await import('../../../src/index.ts');
    const live = db.live(query(Place, { id: 2 }));
    expect((await live.next()).value).toEqual([]);
    const next = live.next();
    const em = db.em();
    em.create(Place, { id: 2, name: 'new' });
    await em.flush();
    expect(((await next).value as Place[]).map(({ name }) => name)).toEqual(['new']);
    await live.return?.();
  });
});

describe('A replica that is lost', () => {
  const gone = () => new ConnectionError('the server is gone');

  it('is left out at once: the read that met it goes on to the next', async () => {
    const { db, replicas, log } = await cluster(2);
    const [first] = replicas as [Node, Node];
    first.failure = gone();
    expect(await where(db)).toBe('replica 2');
    expect(await where(db)).toBe('replica 2');
    expect(first.statements).toEqual([]);
    expect(log.map(({ event, level }) => [event, level])).toEqual([['replica.lost', 'warn']]);
  });

  it('is left out when it is lost while it is used', async () => {
    const { db, replicas } = await cluster(2);
    const [first] = replicas as [Node, Node];
    expect(await where(db)).toBe('replica 1');
    first.failure = gone();
    expect([await where(db), await where(db), await where(db)]).toEqual(['replica 2', 'replica 2', 'replica 2']);
    expect(first.statements).toHaveLength(2);
  });

  it('leaves the reads to the primary when it was the last one', async () => {
    const { db, replicas } = await cluster(2);
    for (const replica of replicas) replica.failure = gone();
    expect([await where(db), await where(db)]).toEqual(['primary', 'primary']);
  });

  it('comes back when it answers again, and is asked in growing pauses until then', async () => {
    const { db, replicas, log } = await cluster(1, { retryAfter: 1000 });
    const [replica] = replicas as [Node];
    await where(db);
    replica.failure = gone();
    await where(db);
    const asked = () => replica.statements.length;
    replica.failure = null;
    clock.time += 999;
    expect(await where(db)).toBe('primary');
    await settle();
    expect(asked()).toBe(2);
    replica.failure = gone();
    clock.time += 1;
    expect(await where(db)).toBe('primary');
    await settle();
    clock.time += 1999;
    replica.failure = null;
    await where(db);
    await settle();
    expect(await where(db)).toBe('primary');
    clock.time += 1;
    expect(await where(db)).toBe('primary');
    await settle();
    expect(await where(db)).toBe('replica 1');
    expect(log.map(({ event }) => event)).toEqual(['replica.lost', 'replica.back']);
  });

  it('is one whose pool cannot connect in time, but not one whose connections are all at work', async () => {
    const { db, replicas } = await cluster(1);
    const [replica] = replicas as [Node];
    const pool = { total: 1, active: 0, idle: 0, waiting: 1, max: 1 };
    replica.failure = new PoolTimeoutError('nobody answers', { pool: { ...pool, active: 1 } });
    await expect(where(db)).rejects.toMatchObject({ code: 'pool-timeout' });
    replica.failure = new PoolTimeoutError('nobody answers', { pool: { ...pool, active: 1 }, cause: gone() });
    expect(await where(db)).toBe('primary');
    clock.time += 1000;
    replica.failure = null;
    await where(db);
    await settle();
    expect(await where(db)).toBe('replica 1');
    replica.failure = new PoolTimeoutError('nobody answers', { pool });
    expect(await where(db)).toBe('primary');
  });

  it('holds nobody up who does not want to wait while it connects', async () => {
    const { db, replicas } = await cluster(1);
    const [replica] = replicas as [Node];
    replica.hangs = true;
    const controller = new AbortController();
    const read = db.em({ signal: controller.signal }).find(Place);
    await settle();
    controller.abort();
    await expect(read).rejects.toMatchObject({ code: 'aborted' });
  });

  it('stays in use when what fails was asked before it came back', async () => {
    const { db, replicas } = await cluster(1, { retryAfter: 1000 });
    const [replica] = replicas as [Node];
    await where(db);
    let fail: (error: unknown) => void = () => {};
    replica.answer = new Promise((_, reject) => {
      fail = reject;
    });
    const old = where(db);
    replica.answer = null;
    replica.failure = gone();
    await where(db);
    replica.failure = null;
    clock.time += 1000;
    await where(db);
    await settle();
    expect(await where(db)).toBe('replica 1');
    fail(gone());
    expect(await old).toBe('primary');
    expect(await where(db)).toBe('replica 1');
  });

  it('is asked after one pause, however many reads failed with it', async () => {
    const { db, replicas } = await cluster(1, { retryAfter: 1000 });
    const [replica] = replicas as [Node];
    await where(db);
    let fail = (): void => undefined;
    replica.answer = new Promise((_, reject) => {
      fail = () => reject(gone());
    });
    const reads = Promise.all(Array.from({ length: 8 }, () => where(db)));
    await settle();
    fail();
    expect(new Set(await reads)).toEqual(new Set(['primary']));
    replica.answer = null;
    clock.time += 1000;
    expect(await where(db)).toBe('primary');
    await settle();
    expect(await where(db)).toBe('replica 1');
  });

  it('is not what refuses a statement', async () => {
    const { db, replicas } = await cluster(2);
    await expect(db.em().execute(sql`SELECT * FROM nowhere`)).rejects.toMatchObject({ code: 'driver' });
    expect(replicas.map(({ statements }) => statements.length)).toEqual([1, 0]);
    expect(await where(db)).toBe('replica 2');
    expect(await where(db)).toBe('replica 1');
  });

  it('is not what ends a read for the sake of replication; the primary reads instead', async () => {
    const { db, replicas } = await cluster(1);
    const [replica] = replicas as [Node];
    replica.failure = null;
    await where(db);
    replica.failure = new SerializationFailureError('conflict with recovery');
    expect(await where(db)).toBe('primary');
    replica.failure = null;
    expect(await where(db)).toBe('replica 1');
  });
});

describe('A replicated driver', () => {
  it('goes on when a listener of its log throws', async () => {
    const { db, replicas } = await cluster(1);
    const [replica] = replicas as [Node];
    (db.driver as { onLog?(listener: () => void): void }).onLog?.(() => {
      throw new Error('the listener');
    });
    replica.failure = new ConnectionError('gone');
    expect(await where(db)).toBe('primary');
  });

  it('tells the health of every node', async () => {
    const { db, replicas } = await cluster(2);
    const [, second] = replicas as [Node, Node];
    second.failure = new ConnectionError('gone');
    const health = await db.health();
    expect(health.map(({ name, role, ok }) => [name, role, ok])).toEqual([
      ['primary', 'primary', true],
      ['replica-1', 'replica', true],
      ['replica-2', 'replica', false],
    ]);
    expect(health[2]?.error).toBe(second.failure);
  });

  it('closes all nodes', async () => {
    const { db, primary, replicas } = await cluster(2);
    await where(db);
    await db.close();
    expect([primary, ...replicas].map(({ closed }) => closed())).toEqual([true, true, true]);
  });

  it('refuses nodes that do not fit together, and times that are none', async () => {
    const [one, two] = [sqljs(), sqljs()];
    expect(() => replicated({ primary: one, replicas: [one] })).toThrow(/named twice/);
    const other = { ...two, dialect: { ...two.dialect, name: 'other' } } as Driver;
    expect(() => replicated({ primary: one, replicas: [other] })).toThrow(/replicas\[0\] speaks other/);
    expect(() => replicated({ primary: one, replicas: [two], readAfterWrite: Number.NaN })).toThrow(/readAfterWrite/);
    expect(() => replicated({ primary: one, replicas: [two], retryAfter: 0 })).toThrow(/retryAfter/);
    expect(() => replicated({ primary: one, replicas: null as never })).toThrow(/list of drivers/);
    await Promise.all([one.close(), two.close()]);
  });
});

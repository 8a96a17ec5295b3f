import { describe, expect, it } from 'vitest';
import { type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import { type SqljsDriver, sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence } from '../../../src/index.ts';
import {
  type Connection,
  DeadlockError,
  type PersistenceError,
  type Transaction,
  type WireValue,
} from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { library, Tag, Topic } from '../../conformance/model/library.ts';

interface Opened {
  readonly driver: MemoryDriver<SqljsDriver>;
  readonly connection: Connection;
  insert(n: number, executor?: Pick<Transaction, 'execute'>): Promise<unknown>;
  /** What the database holds, read past the faults. */
  rows(): Promise<WireValue[]>;
  transact<R>(work: (tx: Transaction) => Promise<R>, options?: { signal?: AbortSignal }): Promise<R>;
}

async function open(): Promise<Opened> {
  const driver = memory({ backing: sqljs() });
  const connection = await driver.connect();
  const direct = await driver.backing.connect();
  await direct.execute({ sql: 'CREATE TABLE t (n INTEGER)', params: [] });
  return {
    driver,
    connection,
    insert: async (n, executor = connection) => executor.execute({ sql: 'INSERT INTO t VALUES (?)', params: [n] }),
    rows: async () =>
      (await direct.execute({ sql: 'SELECT n FROM t ORDER BY n', params: [] })).rows.map(([n]) => n ?? null),
    transact: async (work, options) => {
      if (connection.transact === undefined) throw new Error('no transactions');
      return connection.transact(work, options);
    },
  };
}

const failureOf = async (work: Promise<unknown>): Promise<PersistenceError> =>
  work.then(
    () => {
      throw new Error('nothing failed');
    },
    (error: PersistenceError) => error,
  );

describe('fail()', () => {
  it('strikes the next statement once, which is not run', async () => {
    const { driver, insert, rows } = await open();
    const fault = driver.fail();
    expect(fault.raised).toBe(false);
    const error = await failureOf(insert(1));
    expect([error.code, fault.raised]).toEqual(['driver', true]);
    expect(driver.log[0]).toMatchObject({ error, answeredBy: 'fault', result: null });
    await insert(2);
    expect(await rows()).toEqual([2]);
  });

  it('counts every statement, or those that match, transaction control too', async () => {
    const { driver, insert, rows, transact } = await open();
    driver.fail({ at: 3 });
    const work = async (tx: Transaction) => {
      await insert(1, tx);
      await insert(2, tx);
    };
    await expectCode(() => transact(work), 'driver');
    expect(driver.texts).toEqual(['BEGIN', 'INSERT INTO t VALUES (?)', 'INSERT INTO t VALUES (?)', 'ROLLBACK']);
    driver.forget();
    driver.fail({ match: /^INSERT/, at: 2, error: new DeadlockError('twice') });
    await insert(3);
    await expectCode(() => insert(4), 'deadlock');
    await insert(5);
    expect(await rows()).toEqual([3, 5]);
  });

  it('strikes always where it is asked to, with a new error each time, until it is cancelled', async () => {
    const { driver, insert, rows } = await open();
    let made = 0;
    const fault = driver.fail({
      match: 'INSERT',
      always: true,
      error: () => {
        made += 1;
        return new DeadlockError(`${made}`);
      },
    });
    for (const n of [1, 2]) expect((await failureOf(insert(n))).message).toBe(`${n}`);
    fault.cancel();
    await insert(3);
    expect(await rows()).toEqual([3]);
  });

  it('leaves nothing of a transaction whose BEGIN or COMMIT fails', async () => {
    const { driver, insert, rows, transact } = await open();
    for (const match of [/^BEGIN$/, /^COMMIT$/]) {
      driver.forget();
      driver.fail({ match });
      await expectCode(() => transact((tx) => insert(1, tx)), 'driver');
      expect(driver.transactions.map(({ outcome }) => outcome)).toEqual(['rolled back']);
      expect(await rows()).toEqual([]);
    }
    expect(driver.texts).toEqual(['BEGIN', 'INSERT INTO t VALUES (?)', 'COMMIT', 'ROLLBACK']);
    await transact((tx) => insert(2, tx));
    expect(await rows()).toEqual([2]);
  });

  it('of a ROLLBACK is noted, and the caller gets what its work threw', async () => {
    const { driver, insert, rows, transact } = await open();
    driver.fail({ match: /^ROLLBACK$/ });
    const reason = new Error('mine');
    const failing = transact(async (tx) => {
      await insert(1, tx);
      throw reason;
    });
    expect(await failureOf(failing)).toBe(reason);
    expect(driver.log.at(-1)).toMatchObject({ sql: 'ROLLBACK', error: expect.objectContaining({ code: 'driver' }) });
    expect([driver.transactions[0]?.outcome, await rows()]).toEqual(['rolled back', []]);
  });

  it('of one statement is the failure of its whole batch', async () => {
    const { driver, connection, rows } = await open();
    driver.fail({ at: 2 });
    const statements = [1, 2, 3].map((n) => ({ sql: 'INSERT INTO t VALUES (?)', params: [n] }));
    await expectCode(() => connection.batch?.(statements), 'driver');
    expect([driver.transactions[0]?.outcome, await rows()]).toEqual(['rolled back', []]);
    expect(driver.log.map(({ rolledBack }) => rolledBack)).toEqual([true, true, true]);
    expect(await connection.batch?.(statements)).toHaveLength(3);
    expect([driver.transactions[1]?.outcome, await rows()]).toEqual(['committed', [1, 2, 3]]);
    expect(driver.log.at(-1)).toMatchObject({ answeredBy: 'backing', result: { affectedRows: 1 }, transaction: 2 });
  });
});

describe('delay()', () => {
  it('holds a statement up, and a signal ends the wait before the statement is run', async () => {
    const { driver, connection, insert, rows } = await open();
    driver.delay(1);
    await insert(1);
    const controller = new AbortController();
    driver.delay(60_000, { match: 'INSERT' });
    const pending = connection.execute({ sql: 'INSERT INTO t VALUES (2)', params: [] }, { signal: controller.signal });
    controller.abort();
    await expectCode(() => pending, 'aborted');
    expect(await rows()).toEqual([1]);
  });

  it('and another fault strike together', async () => {
    const { driver, insert } = await open();
    const [late, broken] = [driver.delay(1), driver.fail({ error: new DeadlockError('late') })];
    await expectCode(() => insert(1), 'deadlock');
    expect([late.raised, broken.raised]).toEqual([true, true]);
  });
});

describe('disconnect()', () => {
  it('fails everything with connection, until reconnect()', async () => {
    const { driver, connection, insert, rows, transact } = await open();
    driver.disconnect();
    expect(driver.isConnected).toBe(false);
    expect(await failureOf(insert(1))).toMatchObject({ code: 'connection', outcome: 'rolled-back', retryable: true });
    await expectCode(() => transact((tx) => insert(2, tx)), 'connection');
    await expectCode(() => driver.connect(), 'connection');
    await expectCode(() => connection.batch?.([{ sql: 'SELECT 1', params: [] }]), 'connection');
    driver.reconnect();
    await insert(3);
    expect([driver.isConnected, await rows()]).toEqual([true, [3]]);
  });

  it('ends the open transaction for good, without a ROLLBACK that nobody would hear', async () => {
    const { driver, insert, rows, transact } = await open();
    driver.disconnect({ match: 'INSERT', at: 2 });
    const failing = transact(async (tx) => {
      await insert(1, tx);
      expect(await failureOf(insert(2, tx))).toMatchObject({ code: 'connection', outcome: 'rolled-back' });
      driver.reconnect();
      await insert(3, tx);
    });
    expect(await failureOf(failing)).toMatchObject({
      code: 'connection',
      message: expect.stringContaining('was lost'),
    });
    expect(driver.texts.filter((text) => !text.startsWith('INSERT'))).toEqual(['BEGIN']);
    expect([driver.transactions[0]?.outcome, await rows()]).toEqual(['rolled back', []]);
  });

  it.each([
    ['unknown', 'a write of its own', ['t']],
    ['unknown', 'a statement of which nobody knows whether it writes', undefined],
    ['rolled-back', 'a read', []],
  ] as const)('has the outcome %s at %s', async (outcome, _, writes) => {
    const { driver, connection } = await open();
    driver.disconnect({ at: 1 });
    const run = async () => connection.execute({ sql: 'SELECT 1', params: [] }, writes === undefined ? {} : { writes });
    expect(await failureOf(run())).toMatchObject({ code: 'connection', outcome, retryable: outcome !== 'unknown' });
  });

  it('at a COMMIT has the outcome unknown, and nothing is committed', async () => {
    const { driver, insert, rows, transact } = await open();
    driver.disconnect({ match: 'COMMIT' });
    const error = await failureOf(transact((tx) => insert(1, tx)));
    expect(error).toMatchObject({ code: 'connection', outcome: 'unknown', retryable: false });
    expect([driver.transactions[0]?.outcome, await rows()]).toEqual(['rolled back', []]);
  });
});

describe('loseAnswer()', () => {
  it('of a COMMIT: the database has committed, and the outcome is unknown', async () => {
    const { driver, insert, rows, transact } = await open();
    const fault = driver.loseAnswer();
    const error = await failureOf(transact((tx) => insert(1, tx)));
    expect(error).toMatchObject({ code: 'connection', outcome: 'unknown', retryable: false });
    expect([fault.raised, await rows()]).toEqual([true, [1]]);
    expect(driver.transactions[0]?.outcome).toBe('committed');
    expect(driver.log.at(-1)).toMatchObject({ sql: 'COMMIT', error, rolledBack: false });
    await transact((tx) => insert(2, tx));
    expect(await rows()).toEqual([1, 2]);
  });

  it('of a statement inside a transaction takes the transaction with it', async () => {
    const { driver, insert, rows, transact } = await open();
    driver.loseAnswer({ match: 'INSERT' });
    const failing = transact(async (tx) => {
      expect(await failureOf(insert(1, tx))).toMatchObject({ code: 'connection', outcome: 'rolled-back' });
      await insert(2, tx);
    });
    await expectCode(() => failing, 'connection');
    expect([driver.log[1]?.result?.affectedRows, driver.transactions[0]?.outcome, await rows()]).toEqual([
      1,
      'rolled back',
      [],
    ]);
  });

  it('of a batch: all was written, and the outcome is unknown', async () => {
    const { driver, connection, rows } = await open();
    driver.loseAnswer({ at: 2 });
    const statements = [1, 2].map((n) => ({ sql: 'INSERT INTO t VALUES (?)', params: [n] }));
    expect(await failureOf(Promise.resolve(connection.batch?.(statements, { writes: ['t'] })))).toMatchObject({
      code: 'connection',
      outcome: 'unknown',
    });
    expect([driver.transactions[0]?.outcome, await rows()]).toEqual(['committed', [1, 2]]);
  });
});

describe('What the backing driver does by itself', () => {
  it('is recorded: a COMMIT that it refuses', async () => {
    const { driver, connection, rows, transact } = await open();
    const run = (text: string, executor: Pick<Transaction, 'execute'> = connection) =>
      executor.execute({ sql: text, params: [] });
    await run('CREATE TABLE parent (id INTEGER PRIMARY KEY)');
    await run('CREATE TABLE child (p INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)');
    driver.forget();
    const error = await failureOf(transact(async (tx) => run('INSERT INTO child VALUES (1)', tx)));
    expect(error.code).toBe('foreign-key-violation');
    expect(driver.log.at(-1)).toMatchObject({ sql: 'COMMIT', error });
    expect([driver.transactions[0]?.outcome, await rows()]).toEqual(['rolled back', []]);
  });

  it('is recorded: a BEGIN that it never reached', async () => {
    const { driver, transact } = await open();
    const signal = AbortSignal.abort();
    const error = await failureOf(transact(async () => 1, { signal }));
    expect(error.code).toBe('aborted');
    expect(driver.log).toMatchObject([{ sql: 'BEGIN', error, kind: 'begin' }]);
    expect(driver.transactions).toMatchObject([{ outcome: 'rolled back' }]);
  });

  it('goes through: its own log, its changes from outside, its typed self', async () => {
    const inner = sqljs();
    const driver = memory({ backing: inner });
    const heard: unknown[] = [];
    const stops = [
      driver.onExternalChange?.((change) => heard.push(change)),
      driver.onLog?.((event) => heard.push(event)),
    ];
    for (const stop of stops) stop?.();
    expect([driver.backing, driver.name, driver.dialect, driver.corrections, driver.pool]).toEqual([
      inner,
      'sqljs',
      inner.dialect,
      [],
      undefined,
    ]);
    await driver.close();
  });
});

describe('A driver that answers at once', () => {
  it('does so through this one, transactions included', async () => {
    const { driver, connection, rows } = await open();
    const statement = { sql: 'INSERT INTO t VALUES (1)', params: [] };
    const answer = connection.transact?.((tx) => tx.execute(statement));
    expect(answer).toMatchObject({ affectedRows: 1 });
    const error = new DeadlockError('at once');
    driver.fail({ match: 'COMMIT', error });
    expect(() => connection.transact?.((tx) => tx.execute(statement))).toThrow(error);
    expect(await rows()).toEqual([1]);
  });
});

describe('The health of a database', () => {
  it('is bad while it is disconnected', async () => {
    const driver = memory({ backing: sqljs() });
    const db = await createPersistence({ driver, entities: library });
    driver.disconnect();
    expect(await db.health()).toMatchObject([{ ok: false, error: expect.objectContaining({ code: 'connection' }) }]);
    driver.reconnect();
    expect(await db.health()).toMatchObject([{ ok: true }]);
    await db.close();
  });
});

describe('reset() and forget()', () => {
  it('forget the record, or everything', async () => {
    const { driver, insert, rows } = await open();
    driver.answer('INSERT', { affectedRows: 9 });
    driver.fail({ at: 2 });
    await insert(1);
    driver.forget();
    expect([driver.log, driver.transactions, driver.texts]).toEqual([[], [], []]);
    await expectCode(() => insert(2), 'driver');
    driver.fail();
    driver.disconnect();
    driver.reset();
    await insert(3);
    expect([driver.log.length, await rows()]).toEqual([1, [3]]);
  });
});

describe('The record', () => {
  it('tells transactions apart, with what they were opened as', async () => {
    const { driver, connection, insert, transact } = await open();
    await insert(1);
    await transact((tx) => insert(2, tx));
    await connection.transact?.(async (tx) => tx.execute({ sql: 'SELECT 1', params: [] }, { writes: [] }), {
      readOnly: true,
      isolation: 'serializable',
    });
    expect(driver.log.map(({ sql, transaction }) => [sql.split(' ')[0], transaction])).toEqual([
      ['INSERT', null],
      ['BEGIN', 1],
      ['INSERT', 1],
      ['COMMIT', 1],
      ['BEGIN', 2],
      ['SELECT', 2],
      ['COMMIT', 2],
    ]);
    expect(driver.transactions).toMatchObject([
      { id: 1, kind: 'interactive', readOnly: false, isolation: null, outcome: 'committed' },
      {
        id: 2,
        readOnly: true,
        isolation: 'serializable',
        statements: [{}, { writes: [], result: { rows: [[1]] } }, {}],
      },
    ]);
    expect(driver.log[0]?.writes).toBeNull();
  });

  it('has the plan of each flush, also of one that failed, and of one in a savepoint', async () => {
    const db = await createPersistence({ driver: memory({ backing: sqljs() }), entities: library });
    await createSchema(db);
    const em = db.em();
    const insert = 'INSERT INTO "tags" ("name") VALUES (?)';
    em.create(Tag, { name: 'a' });
    em.create(Topic, { name: 'b' });
    const { statements } = await em.plan();
    db.driver.fail({ match: 'INSERT' });
    await expectCode(() => em.flush(), 'driver');
    expect(db.driver.plans).toEqual([statements]);
    expect(statements).toHaveLength(2);
    db.driver.forget();
    await em.transaction(async (tx) => {
      await tx.flush();
      tx.create(Tag, { name: 'c' });
    });
    expect(db.driver.plans).toEqual([statements, [insert]]);
    expect(db.driver.transactions.map(({ plans }) => plans.length)).toEqual([2]);
    await em.flush();
    expect(db.driver.plans).toHaveLength(2);
    await db.close();
  });

  it('of a transaction takes nothing after its end', async () => {
    const { driver, transact, insert } = await open();
    let kept: Transaction | undefined;
    await transact(async (tx) => {
      kept = tx;
      expect(driver.transactions[0]?.outcome).toBe('open');
    });
    driver.answer('INSERT', {});
    await expectCode(() => insert(1, kept), 'transaction-scope');
  });
});

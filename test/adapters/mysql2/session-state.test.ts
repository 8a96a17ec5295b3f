import { describe, expect, it } from 'vitest';
import type { PersistenceError, Transaction } from '../../../src/port.ts';
import { failureOf, type Opened, openTestServer } from './server.ts';

const server = await openTestServer();

const write = (tx: Transaction, sql: string) => Promise.resolve(tx.execute({ sql, params: [] }));

async function table(on: Opened, name: string): Promise<void> {
  await on.run(`CREATE TABLE ${name} (id BIGINT PRIMARY KEY, note VARCHAR(40)) ENGINE = InnoDB`);
  await on.run(`INSERT INTO ${name} VALUES (1, 'one'), (2, 'two')`);
}

const count = (on: Opened, name: string) => on.value(`SELECT COUNT(*) FROM ${name}`);

/** The level of a transaction that asks for none. The server tells no more than the session's, so a lock has to tell. */
async function readsUncommitted(on: Opened, name: string): Promise<boolean> {
  return on.transact(async (writer) => {
    await write(writer, `UPDATE ${name} SET note = 'dirty' WHERE id = 1`);
    const seen = await on.transact(async (reader) => {
      const { rows } = await reader.execute({ sql: `SELECT note FROM ${name} WHERE id = 1`, params: [] });
      return rows[0]?.[0];
    });
    return seen === 'dirty';
  });
}

describe.skipIf(server.missing !== undefined)(server.title('What a statement does to its session'), () => {
  it('a statement that waits behind a deadlock is not sent, or it would commit by itself', async () => {
    await using on = await server.open();
    await table(on, 'queued');
    let locked = 0;
    let go = (): void => undefined;
    const both = new Promise<void>((resolve) => {
      go = resolve;
    });
    const work = (first: number, second: number) =>
      on.transact(async (tx) => {
        await write(tx, `UPDATE queued SET note = 'mine' WHERE id = ${first}`);
        locked += 1;
        if (locked === 2) go();
        await both;
        await Promise.all([
          write(tx, `UPDATE queued SET note = 'mine' WHERE id = ${second}`),
          write(tx, `INSERT INTO queued VALUES (${770 + first}, 'queued')`),
        ]);
      });
    const ends = await Promise.allSettled([work(1, 2), work(2, 1)]);
    const failures = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as PersistenceError] : []));
    expect(failures.map(({ code, outcome }) => [code, outcome])).toEqual([['deadlock', 'rolled-back']]);
    const winner = ends[0]?.status === 'fulfilled' ? 771 : 772;
    const { rows } = await on.run('SELECT id FROM queued WHERE id > 700');
    expect(rows).toEqual([[winner]]);
  });

  it('a statement that was not awaited is not sent behind the end of its transaction', async () => {
    await using on = await server.open();
    await table(on, 'floating');
    let floating: Promise<unknown> = Promise.resolve();
    await on.transact(async (tx) => {
      const slow = write(tx, 'DO SLEEP(0.05)');
      floating = write(tx, "INSERT INTO floating VALUES (3, 'late')").then(
        () => null,
        (error: unknown) => error,
      );
      await slow;
    });
    const error = await floating;
    // Either it was in time, and is committed, or it was refused, and is not there.
    expect(await count(on, 'floating')).toBe(error === null ? 3 : 2);
  });

  it.each([
    ['a procedure', 'CALL begins()'],
    ['a block', 'BEGIN NOT ATOMIC START TRANSACTION; END'],
    ['a comment that the server executes', '/*! START TRANSACTION */'],
  ])('a transaction that %s leaves open is refused, and takes nobody else’s work along', async (_, sql) => {
    await using on = await server.open({ pool: { max: 1 } });
    await on.run('DROP TABLE IF EXISTS left_open');
    await table(on, 'left_open');
    await on.run('DROP PROCEDURE IF EXISTS begins');
    await on.run('CREATE PROCEDURE begins() BEGIN START TRANSACTION; END');
    expect((await failureOf(() => on.run(sql))).code).toBe('transaction-scope');
    await on.run("INSERT INTO left_open VALUES (3, 'kept')");
    await using other = await server.open();
    expect(await count(other, 'left_open')).toBe(3);
  });

  it('a transaction that a block leaves open when it fails is nobody else’s', async () => {
    await using on = await server.open({ pool: { max: 1 } });
    await table(on, 'failed_open');
    const block = "BEGIN NOT ATOMIC START TRANSACTION; SIGNAL SQLSTATE '45000'; END";
    expect((await failureOf(() => on.run(block))).code).toBe('driver');
    await on.run("INSERT INTO failed_open VALUES (3, 'kept')");
    await using other = await server.open();
    expect(await count(other, 'failed_open')).toBe(3);
  });

  it.each([
    ['restarts it', 'CALL restarts()'],
    ['commits it and fails', "BEGIN NOT ATOMIC COMMIT; SIGNAL SQLSTATE '45000'; END"],
    ['commits it and gives rows', 'CALL commits()'],
  ])('a transaction is not gone on with where a procedure or block %s', async (_, sql) => {
    await using on = await server.open();
    await on.run('DROP TABLE IF EXISTS ended');
    await table(on, 'ended');
    await on.run('DROP PROCEDURE IF EXISTS restarts');
    await on.run('CREATE PROCEDURE restarts() BEGIN START TRANSACTION; END');
    await on.run('DROP PROCEDURE IF EXISTS commits');
    await on.run('CREATE PROCEDURE commits() BEGIN COMMIT; SELECT 1; END');
    let later: unknown;
    const error = await failureOf(() =>
      on.transact(async (tx) => {
        await write(tx, "INSERT INTO ended VALUES (3, 'before')");
        const ends = write(tx, sql).catch(() => undefined);
        // Called at once, so that it waits behind the other one.
        later = await failureOf(() => write(tx, "INSERT INTO ended VALUES (4, 'after')"));
        await ends;
      }),
    );
    expect(error).toMatchObject({ code: 'transaction-scope', outcome: 'unknown' });
    expect(later).toMatchObject({ code: 'transaction-scope' });
    expect((await on.run('SELECT id FROM ended WHERE id = 4')).rows).toEqual([]);
  });

  it('a transaction goes on behind a procedure that leaves it alone, and behind one that fails', async () => {
    await using on = await server.open();
    await table(on, 'called');
    await on.run('DROP PROCEDURE IF EXISTS adds');
    await on.run("CREATE PROCEDURE adds() BEGIN INSERT INTO called VALUES (3, 'by it'); SELECT 7; END");
    await on.transact(async (tx) => {
      expect((await tx.execute({ sql: 'CALL adds()', params: [] })).rows).toEqual([[7]]);
      expect((await failureOf(() => write(tx, 'CALL adds()'))).code).toBe('unique-violation');
      await write(tx, "INSERT INTO called VALUES (4, 'after')");
    });
    expect(await count(on, 'called')).toBe(4);
  });

  it('a procedure that gives rows is the last thing its connection does', async () => {
    await using on = await server.open({ pool: { max: 1 } });
    await on.run('DROP PROCEDURE IF EXISTS gives');
    await on.run('CREATE PROCEDURE gives() BEGIN SELECT 1; START TRANSACTION; END');
    const session = await on.value('SELECT CONNECTION_ID()');
    expect((await on.run('CALL gives()')).rows).toEqual([[1]]);
    expect(await on.value('SELECT CONNECTION_ID()')).not.toBe(session);
  });

  it.each(['SET TRANSACTION READ ONLY', 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', 'SET @@sql_mode = ""'])(
    'nobody gets a connection on which raw SQL ran %s',
    async (sql) => {
      await using on = await server.open({ pool: { max: 1 } });
      const session = await on.value('SELECT CONNECTION_ID()');
      await on.run(sql);
      expect(await on.value('SELECT CONNECTION_ID()')).not.toBe(session);
    },
  );

  it('the level of a transaction that did not begin is not that of the next one', async () => {
    await using on = await server.open({ pool: { max: 2 } });
    await table(on, 'levels');
    for (let round = 0; round < 10; round += 1) {
      const controller = new AbortController();
      const pending = on.connection.transact?.(async () => undefined, {
        isolation: 'read uncommitted',
        signal: controller.signal,
      });
      // Some rounds fire before, some during and some after the SET.
      await new Promise((resolve) => setTimeout(resolve, round / 5));
      controller.abort();
      await Promise.resolve(pending).catch(() => undefined);
    }
    expect(await readsUncommitted(on, 'levels')).toBe(false);
  });

  it('a signal that fires right after the call is heard', async () => {
    await using on = await server.open();
    const error = await failureOf(() =>
      on.transact(async (tx) => {
        const controller = new AbortController();
        const pending = tx.execute({ sql: 'SELECT SLEEP(20)', params: [] }, { signal: controller.signal });
        controller.abort();
        await pending;
      }),
    );
    expect(error.code).toBe('aborted');
  });
});

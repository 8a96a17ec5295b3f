import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { PersistenceError, Transaction } from '../../../src/port.ts';
import { failureOf, type Opened, openTestServer } from './server.ts';

const server = await openTestServer();

const write = (tx: Transaction, sql: string, ...params: (string | number)[]) =>
  Promise.resolve(tx.execute({ sql, params }));

/** A table of its own with the rows 1 and 2. */
async function table(on: Opened, name: string): Promise<void> {
  await on.run(`CREATE TABLE ${name} (id BIGINT PRIMARY KEY, note VARCHAR(40)) ENGINE = InnoDB`);
  await on.run(`INSERT INTO ${name} VALUES (1, 'one'), (2, 'two')`);
}

const notes = async (on: Opened, name: string): Promise<unknown[]> =>
  (await on.run(`SELECT note FROM ${name} ORDER BY id`)).rows.map(([note]) => note);

const update = (tx: Transaction, name: string, id: number, note: string) =>
  write(tx, `UPDATE ${name} SET note = ? WHERE id = ?`, note, id);

/** Lets two transactions lock rows that the other one wants next; gives what became of both. */
async function deadlock(on: Opened, name: string, after: (tx: Transaction) => Promise<unknown>) {
  let locked = 0;
  let go = (): void => undefined;
  const both = new Promise<void>((resolve) => {
    go = resolve;
  });
  const work = (first: number, second: number) =>
    on.transact(async (tx) => {
      await update(tx, name, first, `by ${first}`);
      locked += 1;
      if (locked === 2) go();
      await both;
      await update(tx, name, second, `by ${first}`).catch(async (error: unknown) => {
        await after(tx);
        // Swallowed, as an application might.
        expect((error as PersistenceError).code).toBe('deadlock');
      });
    });
  return Promise.allSettled([work(1, 2), work(2, 1)]);
}

describe.skipIf(server.missing !== undefined)(server.title('The failures of mysql2'), () => {
  it('a deadlock fails one whole transaction as retryable, even where its error was swallowed', async () => {
    await using on = await server.open();
    await table(on, 'deadlocked');
    const later: unknown[] = [];
    const ends = await deadlock(on, 'deadlocked', async (tx) => {
      later.push(await failureOf(() => write(tx, "INSERT INTO deadlocked VALUES (3, 'escaped')")));
    });
    const [failed] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason] : []));
    expect(failed).toMatchObject({ code: 'deadlock', retryable: true, outcome: 'rolled-back' });
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(later).toMatchObject([{ code: 'transaction-scope', cause: { code: 'deadlock' } }]);
    expect([
      ['by 1', 'by 1'],
      ['by 2', 'by 2'],
    ]).toContainEqual(await notes(on, 'deadlocked'));
  });

  it('after a lock timeout a transaction is rolled back as a whole, too', async () => {
    await using on = await server.open();
    await table(on, 'locked');
    const error = await on.transact(async (holder) => {
      await update(holder, 'locked', 1, 'held');
      return failureOf(() =>
        on.transact(async (tx) => {
          await update(tx, 'locked', 2, 'lost');
          await write(tx, 'SET innodb_lock_wait_timeout = 1');
          await update(tx, 'locked', 1, 'waits').catch(() => undefined);
        }),
      );
    });
    expect(error).toMatchObject({ code: 'lock-timeout', retryable: true, outcome: 'rolled-back' });
    expect(await notes(on, 'locked')).toEqual(['held', 'two']);
  });

  it('a definition inside a transaction that wrote is refused to be a part of it', async () => {
    await using on = await server.open();
    await table(on, 'defined');
    const error = await failureOf(() =>
      on.transact(async (tx) => {
        await update(tx, 'defined', 1, 'committed by the server');
        await write(tx, 'CREATE TABLE in_between (id INT)');
      }),
    );
    expect(error).toMatchObject({ code: 'transaction-scope', message: expect.stringContaining('commit') });
  });

  it('what follows a definition in a transaction is in a transaction', async () => {
    await using on = await server.open();
    await on
      .transact(async (tx) => {
        await write(tx, 'CREATE TABLE followed (id INT)');
        await write(tx, 'INSERT INTO followed VALUES (1)');
        throw new Error('mine');
      })
      .catch(() => undefined);
    expect(await on.value('SELECT COUNT(*) FROM followed')).toBe(0);
  });

  it.each([
    'BEGIN',
    'start  transaction',
    '/* x */ COMMIT',
    '-- x\nROLLBACK',
    'SET autocommit = 0',
    'LOCK TABLES a READ',
  ])('a raw %s is transaction-scope, outside and inside of a transaction', async (sql) => {
    await using on = await server.open();
    expect(await failureOf(() => on.run(sql))).toMatchObject({ code: 'transaction-scope' });
    expect(await failureOf(() => on.transact((tx) => write(tx, sql)))).toMatchObject({ code: 'transaction-scope' });
  });

  it('a connection whose variables were set is not handed to anybody else', async () => {
    await using on = await server.open({ pool: { max: 1 } });
    const before = await on.value('SELECT CONNECTION_ID()');
    await on.run("SET SESSION sql_mode = ''");
    expect(await on.value('SELECT CONNECTION_ID()')).not.toBe(before);
    expect(await on.value('SELECT @@sql_mode')).toContain('STRICT_ALL_TABLES');
  });

  it('neither a value nor a password is in an error or its causes', async () => {
    await using on = await server.open();
    await on.run('CREATE TABLE secretive (id BIGINT PRIMARY KEY, name VARCHAR(40) UNIQUE, day DATE)');
    await on.run('INSERT INTO secretive VALUES (?, ?, ?)', [1, "hunter2' for key 'x", '2024-01-01']);
    const attempts: [string, string[], string][] = [
      ['INSERT INTO secretive VALUES (2, ?, NULL)', ["hunter2' for key 'x"], 'unique-violation'],
      ['INSERT INTO secretive VALUES (3, ?, NULL)', ['hunter2'.repeat(9)], 'check-violation'],
      ['INSERT INTO secretive VALUES (?, NULL, NULL)', ['hunter2'], 'check-violation'],
      ['INSERT INTO secretive VALUES (4, NULL, ?)', ['hunter2'], 'check-violation'],
      ["SELECT FROM secretive WHERE 'hunter2' 1", [], 'driver'],
    ];
    for (const [sql, params, code] of attempts) {
      const error = await failureOf(() => on.run(sql, params));
      expect(error, sql).toMatchObject({ code });
      expect(inspect(error, { depth: 9 }), sql).not.toContain('hunter2');
    }
    const unique = await failureOf(() => on.run(attempts[0]?.[0] ?? '', attempts[0]?.[1]));
    expect(unique).toMatchObject({ table: 'secretive', columns: ['name'], constraint: 'name' });
    const url = server.database().url.replace('root@', 'nobody:hunter2@');
    const refused = await failureOf(() => server.open({ url }));
    expect(refused).toMatchObject({ code: 'connection', retryable: false });
    expect(inspect(refused, { depth: 9 })).not.toContain('hunter2');
  });

  it('names of tables and columns in messages are kept, because they say what to mend', async () => {
    await using on = await server.open();
    expect((await failureOf(() => on.run('SELECT nope FROM information_schema.TABLES'))).message).toContain("'nope'");
    expect((await failureOf(() => on.run('SELECT 1 FROM nowhere'))).message).toContain('nowhere');
  });

  it('a user who may not write gets permission-denied', async () => {
    await using on = await server.open();
    await on.run('CREATE TABLE guarded (id BIGINT PRIMARY KEY)');
    const name = `${server.database().name.slice(-20)}_ro`;
    const database = server.database().name;
    await on.run(`CREATE USER '${name}'@'%' IDENTIFIED BY 'pw'`);
    try {
      await on.run(`GRANT SELECT ON ${database}.* TO '${name}'@'%'`);
      await using reader = await server.open({ url: server.database().url.replace('root@', `${name}:pw@`) });
      const error = await failureOf(() => reader.run('INSERT INTO guarded VALUES (1)'));
      expect(error).toMatchObject({ code: 'permission-denied' });
    } finally {
      await on.run(`DROP USER '${name}'@'%'`);
    }
  });
});

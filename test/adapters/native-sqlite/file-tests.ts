import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';
import { codeOf, type NativeAdapter, type NativeOptions, type Opened, openWith } from './native-driver.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const insert = (tx: Transaction, value: string) => tx.execute({ sql: 'INSERT INTO t (v) VALUES (?)', params: [value] });

/** Two connections, as two processes would have them, on a file with a table. */
async function pair(adapter: NativeAdapter, path: string, options: NativeOptions = {}) {
  const one = await openWith(adapter.driver({ path, ...options }));
  await one.run('CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
  const two = await openWith(adapter.driver({ path, ...options }));
  return {
    one,
    two,
    async [Symbol.asyncDispose]() {
      await one.driver.close();
      await two.driver.close();
    },
  };
}

const values = async ({ run }: Opened): Promise<unknown[]> =>
  (await run('SELECT v FROM t ORDER BY id')).rows.map(([v]) => v);

/** Two connections on one file: who waits for whom, and for how long. */
export function lockTests(adapter: NativeAdapter, newFile: () => string): void {
  describe(`two connections of ${adapter.name} on one file`, () => {
    it('let readers and the writer work at the same time', async () => {
      await using both = await pair(adapter, newFile());
      const { one, two } = both;
      await one.transact(async (tx) => {
        await insert(tx, 'a');
        expect(two.connection.execute({ sql: 'SELECT count(*) FROM t', params: [] })).toMatchObject({ rows: [[0]] });
      });
      expect(await values(two)).toEqual(['a']);
    });

    it('let a writer wait for the other one, without blocking the thread they share', async () => {
      await using both = await pair(adapter, newFile());
      const { one, two } = both;
      const first = one.transact(async (tx) => {
        await insert(tx, 'first');
        await pause(20);
        await insert(tx, 'first again');
      });
      const second = two.transact(async (tx) => insert(tx, 'second'));
      const third = two.run("INSERT INTO t (v) VALUES ('third')");
      await Promise.all([first, second, third]);
      expect(await values(one)).toEqual(['first', 'first again', 'second', 'third']);
    });

    it('let a statement outside of a transaction wait, too', async () => {
      await using both = await pair(adapter, newFile());
      const first = both.one.transact(async (tx) => {
        await insert(tx, 'first');
        await pause(20);
      });
      await both.two.run("INSERT INTO t (v) VALUES ('second')");
      await first;
      expect(await values(both.two)).toEqual(['first', 'second']);
    });

    it('tell a lock that stays as lock-timeout, which may be tried again', async () => {
      await using both = await pair(adapter, newFile(), { lockTimeout: 15 });
      const { one, two } = both;
      let end = (): void => {};
      const held = one.transact(async (tx) => {
        await insert(tx, 'held');
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      });
      const error = await expectCode(() => two.transact(async (tx) => insert(tx, 'refused')), 'lock-timeout');
      expect(error).toMatchObject({ retryable: true, outcome: 'rolled-back' });
      expect(await codeOf(() => two.run("INSERT INTO t (v) VALUES ('refused')"))).toBe('lock-timeout');
      end();
      await held;
      await two.transact(async (tx) => insert(tx, 'then'));
      expect(await values(two)).toEqual(['held', 'then']);
    });

    it('fail at once where nobody is to be waited for', async () => {
      await using both = await pair(adapter, newFile(), { lockTimeout: 0 });
      await both.one.transact(async (tx) => {
        await insert(tx, 'held');
        expect(() => both.two.connection.transact?.((other) => insert(other, 'refused'))).toThrow('locked');
      });
      expect(await values(both.two)).toEqual(['held']);
    });

    it('let a waiting one go when its signal fires', async () => {
      await using both = await pair(adapter, newFile());
      const controller = new AbortController();
      const { signal } = controller;
      await both.one.transact(async (tx) => {
        await insert(tx, 'held');
        const waiting = codeOf(() => both.two.connection.transact?.((other) => insert(other, 'no'), { signal }));
        const statement = { sql: "INSERT INTO t (v) VALUES ('no')", params: [] };
        const queued = codeOf(() => both.two.connection.execute(statement, { signal }));
        await pause(5);
        controller.abort();
        expect(await waiting).toBe('aborted');
        expect(await queued).toBe('aborted');
      });
      expect(await values(both.two)).toEqual(['held']);
    });

    it('give a read-only transaction one snapshot, from its beginning', async () => {
      await using both = await pair(adapter, newFile());
      const { one, two } = both;
      await two.transact(
        async (tx) => {
          await one.run("INSERT INTO t (v) VALUES ('meanwhile')");
          expect(await tx.execute({ sql: 'SELECT count(*) FROM t', params: [] })).toMatchObject({ rows: [[0]] });
          expect(await codeOf(() => insert(tx, 'refused'))).toBe('driver');
        },
        { readOnly: true },
      );
      expect(await two.value('SELECT count(*) FROM t')).toBe(1);
      await two.run("INSERT INTO t (v) VALUES ('later')");
    });

    it('wait for readers with a commit, where the journal is of the old kind', async () => {
      await using both = await pair(adapter, newFile(), { pragmas: { journal_mode: 'delete' } });
      const { one, two } = both;
      expect(await one.value('PRAGMA journal_mode')).toBe('delete');
      const reading = two.transact(async () => pause(20), { readOnly: true });
      await one.transact(async (tx) => insert(tx, 'a'));
      await reading;
      expect(await values(two)).toEqual(['a']);
    });

    it('lose no increment when many transactions meet', async () => {
      await using both = await pair(adapter, newFile());
      const { one, two } = both;
      await one.run('CREATE TABLE n (n INTEGER NOT NULL) STRICT');
      await one.run('INSERT INTO n VALUES (0)');
      const increment = (on: Opened) =>
        on.transact(async (tx) => {
          const read = await tx.execute({ sql: 'SELECT n FROM n', params: [] });
          await pause(0);
          await tx.execute({ sql: 'UPDATE n SET n = ?', params: [Number(read.rows[0]?.[0]) + 1] });
        });
      await Promise.all(Array.from({ length: 40 }, (_, index) => increment(index % 2 === 0 ? one : two)));
      expect(await two.value('SELECT n FROM n')).toBe(40);
    });
  });
}

/** What becomes of the file: pragmas, reading only, backups, the end. */
export function fileTests(adapter: NativeAdapter, newFile: () => string): void {
  describe(`a file through ${adapter.name}`, () => {
    it('is in WAL mode, with foreign keys, and waits outside of SQLite', async () => {
      await using db = await openWith(adapter.driver({ path: newFile() }));
      const pragma = (name: string) => db.value(`PRAGMA ${name}`);
      expect(await Promise.all(['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map(pragma))).toEqual([
        'wal',
        1,
        1,
        0,
      ]);
    });

    it('has the pragmas that the application wants, in place of ours', async () => {
      const pragmas = { synchronous: 'FULL', foreign_keys: false, Busy_Timeout: 7, cache_size: -4000 };
      await using db = await openWith(adapter.driver({ path: newFile(), pragmas }));
      const pragma = (name: string) => db.value(`PRAGMA ${name}`);
      expect(await Promise.all(['synchronous', 'foreign_keys', 'busy_timeout', 'cache_size'].map(pragma))).toEqual([
        2, 0, 7, -4000,
      ]);
      await using old = await openWith(adapter.driver({ path: newFile(), pragmas: { journal_mode: 'truncate' } }));
      expect([await old.value('PRAGMA journal_mode'), await old.value('PRAGMA synchronous')]).toEqual(['truncate', 2]);
    });

    it('is whole when the driver is closed: nothing lies beside it', async () => {
      const path = newFile();
      const db = await openWith(adapter.driver({ path }));
      await db.run('CREATE TABLE t (v TEXT) STRICT');
      expect(existsSync(`${path}-wal`)).toBe(true);
      await Promise.all([db.driver.close(), db.driver.close()]);
      await db.driver.close();
      expect([existsSync(path), existsSync(`${path}-wal`), existsSync(`${path}-shm`)]).toEqual([true, false, false]);
      await using again = await openWith(adapter.driver({ path }));
      expect(await again.value('SELECT count(*) FROM t')).toBe(0);
    });

    it('is closed after the transaction that is running', async () => {
      const path = newFile();
      const db = await openWith(adapter.driver({ path }));
      await db.run('CREATE TABLE t (v TEXT) STRICT');
      const running = db.transact(async (tx) => {
        await pause(5);
        await insert(tx, 'kept');
      });
      const late = codeOf(() => db.run('SELECT 1'));
      await db.driver.close();
      await running;
      expect(await late).toBe('closed');
      await using again = await openWith(adapter.driver({ path }));
      expect(await again.value('SELECT v FROM t')).toBe('kept');
    });

    it('is not to be used after its end', async () => {
      const db = await openWith(adapter.driver({ path: newFile() }));
      await db.driver.close();
      expect(await codeOf(() => db.run('SELECT 1'))).toBe('closed');
      expect(await codeOf(() => db.transact(() => 1))).toBe('closed');
      expect(await codeOf(() => db.driver.connect())).toBe('closed');
      expect(await codeOf(() => db.driver.database)).toBe('closed');
      expect(await codeOf(() => db.driver.backup(newFile()))).toBe('closed');
      db.connection.release();
    });

    it('may be opened for reading only', async () => {
      const path = newFile();
      expect(await codeOf(() => adapter.driver({ path, readOnly: true }).connect())).toBe('configuration');
      await using writer = await openWith(adapter.driver({ path }));
      await writer.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      await writer.run("INSERT INTO t (v) VALUES ('a')");
      await using reader = await openWith(adapter.driver({ path, readOnly: true }));
      expect(await values(reader)).toEqual(['a']);
      const read = await reader.transact(async (tx) => tx.execute({ sql: 'SELECT v FROM t', params: [] }));
      expect(read.rows).toEqual([['a']]);
      expect(await codeOf(() => reader.run("INSERT INTO t (v) VALUES ('b')"))).toBe('driver');
      expect(await codeOf(() => reader.transact(async (tx) => insert(tx, 'b')))).toBe('driver');
      expect(await values(reader)).toEqual(['a']);
    });

    it('that is no database is told as storage-corrupt, and can be opened once it is one', async () => {
      const path = newFile();
      writeFileSync(path, 'no database at all '.repeat(300));
      const driver = adapter.driver({ path });
      expect(await codeOf(() => driver.connect())).toBe('storage-corrupt');
      writeFileSync(path, '');
      await using db = await openWith(driver);
      expect(await db.value('SELECT 1')).toBe(1);
    });

    it('in a folder that is not there is a configuration error', async () => {
      const error = await expectCode(() => adapter.driver({ path: `${newFile()}/x.db` }).connect(), 'configuration');
      expect(error.cause).toBeInstanceOf(Error);
    });

    it('is copied by a backup, as it is between transactions', async () => {
      const copy = newFile();
      await using db = await openWith(adapter.driver({ path: ':memory:' }));
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      await db.run("INSERT INTO t (v) VALUES ('before')");
      const undone = db
        .transact(async (tx) => {
          await insert(tx, 'never committed');
          await pause(5);
          throw new Error('undone');
        })
        .catch((error: Error) => error.message);
      await db.driver.backup(copy);
      expect(await undone).toBe('undone');
      await using copied = await openWith(adapter.driver({ path: copy }));
      expect(await values(copied)).toEqual(['before']);
      expect(await codeOf(() => db.driver.backup(`${copy}/nowhere.db`))).toBe('driver');
      expect(await values(db)).toEqual(['before']);
    });

    it('is copied to the end before the driver closes', async () => {
      const copy = newFile();
      const db = await openWith(adapter.driver({ path: newFile() }));
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      await db.run('INSERT INTO t (v) SELECT hex(randomblob(2000)) FROM json_each(?)', [
        JSON.stringify(Array.from({ length: 1000 }, () => 0)),
      ]);
      const copying = db.driver.backup(copy);
      await new Promise((resolve) => setImmediate(resolve));
      await db.driver.close();
      await copying;
      await using copied = await openWith(adapter.driver({ path: copy }));
      expect(await copied.value('SELECT count(*) FROM t')).toBe(1000);
    });
  });

  describe(`a database handed in to ${adapter.name}`, () => {
    it('stays open when the driver is closed', async () => {
      const handle = adapter.openHandle(newFile());
      handle.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      const db = await openWith(adapter.handedIn(handle));
      expect(db.driver.database).toBe(handle);
      await db.run("INSERT INTO t (v) VALUES ('a')");
      expect(await db.value('PRAGMA foreign_keys')).toBe(1);
      await db.driver.close();
      expect(await codeOf(() => db.run('SELECT 1'))).toBe('closed');
      handle.exec("INSERT INTO t (v) VALUES ('b')");
      await using again = await openWith(adapter.handedIn(handle, { pragmas: { cache_size: -3000 } }));
      expect(await values(again)).toEqual(['a', 'b']);
      expect(await again.value('PRAGMA cache_size')).toBe(-3000);
      await again.driver.close();
      handle.close();
    });

    it('is not begun a transaction on while the application has one of its own', async () => {
      const handle = adapter.openHandle(':memory:');
      const db = await openWith(adapter.handedIn(handle));
      handle.exec('BEGIN');
      expect(await codeOf(() => db.transact(() => 1))).toBe('transaction-scope');
      handle.exec('COMMIT');
      expect(await codeOf(() => db.transact(() => 1))).toBe('none');
      handle.close();
    });

    it('that the application closes is closed', async () => {
      const handle = adapter.openHandle(':memory:');
      const db = await openWith(adapter.handedIn(handle));
      await db.run('SELECT 1');
      handle.close();
      expect(await codeOf(() => db.run('SELECT 1'))).toBe('closed');
      expect(await codeOf(() => db.run('SELECT 2'))).toBe('closed');
      await db.driver.close();
    });
  });
}

/** Options that cannot be meant. */
export function optionTests(adapter: NativeAdapter): void {
  describe(`options of ${adapter.name}`, () => {
    it.each([
      ['neither a path nor a database', {}],
      ['a path that is no text', { path: 5 }],
      ['a negative time', { path: ':memory:', lockTimeout: -1 }],
      ['a time that is no number', { path: ':memory:', lockTimeout: '5' }],
      ['a cache of nothing', { path: ':memory:', statementCache: 0 }],
      ['a pragma with SQL in its value', { path: ':memory:', pragmas: { cache_size: '1; DROP TABLE t' } }],
      ['a pragma with SQL in its name', { path: ':memory:', pragmas: { 'a=1; --': 1 } }],
      ['a database of something else', { database: {} }],
    ])('%s is a configuration error', async (_title, options) => {
      expect(await codeOf(() => adapter.driver(options as never))).toBe('configuration');
    });

    it('are a path or a database, not both', async () => {
      const handle = adapter.openHandle(':memory:');
      expect(await codeOf(() => adapter.handedIn(handle, { path: ':memory:' }))).toBe('configuration');
      expect(await codeOf(() => adapter.handedIn(handle, { readOnly: true }))).toBe('configuration');
      handle.close();
    });
  });
}

import { afterEach, describe, expect, it } from 'vitest';
import type { Transaction } from '../../../src/port.ts';
import { codeOf, failureOf, type Opened, open } from './open.ts';

describe('the connection of sql.js', () => {
  let db: Opened;
  afterEach(() => db.driver.close());

  async function withTable(): Promise<Opened> {
    db = await open();
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE) STRICT');
    return db;
  }

  it('answers without a promise where nobody is in the way', async () => {
    const { connection } = await withTable();
    expect(connection.execute({ sql: 'SELECT 1', params: [] })).toMatchObject({ rows: [[1]] });
    expect(connection.execute({ sql: 'INSERT INTO t (v) VALUES (?)', params: ['a'] })).toMatchObject({
      affectedRows: 1,
    });
    expect(connection.transact?.((tx) => tx.execute({ sql: 'SELECT 2', params: [] }))).toMatchObject({ rows: [[2]] });
    expect(() => connection.execute({ sql: 'SELECT nope', params: [] })).toThrow('no such column');
  });

  it('tells rows and keys: matched rows for changes, none for reads, a key for inserts only', async () => {
    const { run } = await withTable();
    expect(await run("INSERT INTO t (v) VALUES ('a'), ('b')")).toMatchObject({ affectedRows: 2, lastInsertId: 2 });
    expect(await run('UPDATE t SET v = v')).toEqual({ columns: [], rows: [], affectedRows: 2 });
    expect(await run('SELECT 1')).toMatchObject({ affectedRows: 0 });
    expect(await run("INSERT OR IGNORE INTO t (v) VALUES ('a')")).toEqual({ columns: [], rows: [], affectedRows: 0 });
    expect(await run("INSERT INTO t (v) VALUES ('a') ON CONFLICT DO UPDATE SET v = 'c'")).not.toHaveProperty(
      'lastInsertId',
    );
    expect(await run('DELETE FROM t RETURNING id')).toMatchObject({ affectedRows: 2, rows: [[1], [2]] });
  });

  it('keeps compiled statements right through changes of the schema', async () => {
    const { run } = await withTable();
    expect((await run('SELECT * FROM t')).columns).toEqual(['id', 'v']);
    await run('ALTER TABLE t ADD COLUMN extra INTEGER');
    await run("INSERT INTO t VALUES (1, 'a', 9)");
    expect(await run('SELECT * FROM t')).toMatchObject({ columns: ['id', 'v', 'extra'], rows: [[1, 'a', 9]] });
    await run('ALTER TABLE t RENAME COLUMN extra TO renamed');
    expect((await run('SELECT * FROM t')).columns).toEqual(['id', 'v', 'renamed']);
    await db.driver.importFile(await db.driver.exportFile());
    expect((await run('SELECT * FROM t')).rows).toEqual([[1, 'a', 9]]);
  });

  it('works with more statements than it keeps', async () => {
    db = await open({ statementCache: 4 });
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 20; index++) expect(await db.value(`SELECT ${index}`)).toBe(index);
    }
  });

  it.each(['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT a', 'RELEASE a'])('refuses a raw %s', async (sql) => {
    const { run, transact } = await withTable();
    expect(await codeOf(() => run(sql))).toBe('transaction-scope');
    if (sql.includes(' ')) return;
    expect(await codeOf(() => transact((tx) => tx.execute({ sql, params: [] })))).toBe('transaction-scope');
  });

  it('refuses two statements in one text, and none', async () => {
    const { run } = await withTable();
    expect(await codeOf(() => run('SELECT 1; SELECT 2'))).toBe('validation');
    expect(await codeOf(() => run(' -- nothing\n;'))).toBe('validation');
    expect(await codeOf(() => run('SELECT 1; -- the end'))).toBe('none');
  });

  it('lets others wait for a transaction, in the order they came', async () => {
    const { connection, run, transact } = await withTable();
    const order: string[] = [];
    const first = transact(async (tx) => {
      await tx.execute({ sql: "INSERT INTO t (v) VALUES ('a')", params: [] });
      await new Promise((resolve) => setTimeout(resolve, 5));
      order.push('first');
    });
    const read = connection.execute({ sql: 'SELECT count(*) FROM t', params: [] });
    expect(read).toBeInstanceOf(Promise);
    const second = transact(() => void order.push('second'));
    const third = run("INSERT INTO t (v) VALUES ('b')").then(() => order.push('third'));
    expect((await read).rows).toEqual([[1]]);
    await Promise.all([first, second, third]);
    expect(order).toEqual(['first', 'second', 'third']);
  });

  it('lets a waiting caller go when its signal fires, and nobody else', async () => {
    const { connection, run, transact } = await withTable();
    const controller = new AbortController();
    const held = transact(() => new Promise((resolve) => setTimeout(resolve, 10)));
    const waiting = codeOf(() => connection.execute({ sql: 'SELECT 1', params: [] }, { signal: controller.signal }));
    const other = codeOf(() => run('SELECT 1'));
    controller.abort();
    expect(await waiting).toBe('aborted');
    expect(await other).toBe('none');
    await held;
  });

  it('ends a transaction that SQLite rolled back by itself, instead of committing what follows', async () => {
    const { run, transact } = await withTable();
    await run("INSERT INTO t (v) VALUES ('a')");
    const codes: string[] = [];
    const outcome = await codeOf(() =>
      transact(async (tx) => {
        tx.execute({ sql: "INSERT INTO t (v) VALUES ('b')", params: [] });
        codes.push(await codeOf(() => tx.execute({ sql: "INSERT OR ROLLBACK INTO t (v) VALUES ('a')", params: [] })));
        codes.push(await codeOf(() => tx.execute({ sql: "INSERT INTO t (v) VALUES ('c')", params: [] })));
      }),
    );
    expect([...codes, outcome]).toEqual(['unique-violation', 'transaction-scope', 'transaction-scope']);
    expect((await run('SELECT v FROM t')).rows).toEqual([['a']]);
  });

  it('rolls back a commit that a deferred foreign key refuses', async () => {
    const { run, transact } = await withTable();
    await run('CREATE TABLE c (t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED) STRICT');
    const insert = (tx: Transaction) => tx.execute({ sql: 'INSERT INTO c VALUES (99)', params: [] });
    expect(await codeOf(() => transact(insert))).toBe('foreign-key-violation');
    expect(await db.value('SELECT count(*) FROM c')).toBe(0);
    expect(await codeOf(() => transact(() => 'fine'))).toBe('none');
  });

  it('undoes a failing batch, also inside a transaction', async () => {
    const { connection, transact } = await withTable();
    const twice = ["INSERT INTO t (v) VALUES ('x')", "INSERT INTO t (v) VALUES ('x')"].map((sql) => ({
      sql,
      params: [],
    }));
    expect(await codeOf(() => connection.batch?.(twice))).toBe('unique-violation');
    await transact(async (tx) => {
      tx.execute({ sql: "INSERT INTO t (v) VALUES ('kept')", params: [] });
      expect(await codeOf(() => tx.batch?.(twice))).toBe('unique-violation');
    });
    expect((await db.run('SELECT v FROM t')).rows).toEqual([['kept']]);
    const results = await connection.batch?.([
      { sql: 'SELECT 1', params: [] },
      { sql: 'SELECT 2', params: [] },
    ]);
    expect(results?.map(({ rows }) => rows)).toEqual([[[1]], [[2]]]);
  });

  it('writes nothing in a read-only transaction, and everything after it', async () => {
    const { connection, run } = await withTable();
    const write = () =>
      connection.transact?.((tx) => tx.execute({ sql: "INSERT INTO t (v) VALUES ('a')", params: [] }), {
        readOnly: true,
      });
    expect(await failureOf(async () => write())).toMatchObject({ message: expect.stringContaining('read') });
    expect(await codeOf(() => run("INSERT INTO t (v) VALUES ('a')"))).toBe('none');
  });

  it('refuses an isolation level that SQLite does not have', async () => {
    const { connection } = await withTable();
    const code = await codeOf(() => connection.transact?.(() => {}, { isolation: 'read committed' }));
    expect(code).toBe('unsupported-by-driver');
  });

  it('keeps foreign keys on through exports and imports', async () => {
    const { driver, value } = await withTable();
    await driver.importFile(await driver.exportFile());
    expect([
      await value('PRAGMA foreign_keys'),
      await value('PRAGMA trusted_schema'),
      await value('PRAGMA cache_spill'),
    ]).toEqual([1, 0, 0]);
  });

  it('lets one connection switch foreign keys off, and nobody after it', async () => {
    const { driver, connection, run, transact } = await withTable();
    await run('CREATE TABLE c (t INTEGER REFERENCES t (id)) STRICT');
    await run('PRAGMA foreign_keys=OFF');
    expect(await codeOf(() => run('INSERT INTO c VALUES (99)'))).toBe('none');
    const held = transact(() => new Promise((resolve) => setTimeout(resolve, 5)));
    connection.release();
    expect(await codeOf(() => run('SELECT 1'))).toBe('closed');
    await held;
    const next = await driver.connect();
    expect((await next.execute({ sql: 'PRAGMA foreign_keys', params: [] })).rows).toEqual([[1]]);
  });

  it('does not let a transaction see an end of the driver, but waits for it', async () => {
    const { driver, transact } = await withTable();
    const done: string[] = [];
    const work = transact(async (tx) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      tx.execute({ sql: "INSERT INTO t (v) VALUES ('a')", params: [] });
    }).then(() => done.push('work'));
    const late = codeOf(() => transact(() => {}));
    await driver.close();
    done.push('closed');
    await work;
    expect(await late).toBe('closed');
    expect(done).toEqual(['work', 'closed']);
  });
});

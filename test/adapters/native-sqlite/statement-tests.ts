import { describe, expect, it } from 'vitest';
import { expectCode } from '../../conformance/laws.ts';
import { codeOf, type NativeAdapter, type Opened, openInMemory, openWith } from './native-driver.ts';

const TABLE = 'CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE) STRICT';

async function withTable(adapter: NativeAdapter): Promise<Opened> {
  const db = await openInMemory(adapter);
  await db.run(TABLE);
  return db;
}

/** What statements answer, and how compiled ones are kept. */
export function statementTests(adapter: NativeAdapter, newFile: () => string): void {
  describe(`statements through ${adapter.name}`, () => {
    it('are answered without a promise where nobody is in the way', async () => {
      await using db = await withTable(adapter);
      const { connection } = db;
      expect(connection.execute({ sql: 'SELECT 1', params: [] })).toMatchObject({ rows: [[1]] });
      expect(connection.execute({ sql: 'INSERT INTO t (v) VALUES (?)', params: ['a'] })).toMatchObject({
        affectedRows: 1,
      });
      expect(connection.transact?.((tx) => tx.execute({ sql: 'SELECT 2', params: [] }))).toMatchObject({ rows: [[2]] });
      expect(connection.batch?.([{ sql: 'SELECT 3', params: [] }])).toMatchObject([{ rows: [[3]] }]);
      expect(() => connection.execute({ sql: 'SELECT nope', params: [] })).toThrow('no such column');
    });

    it('tell rows and keys: matched rows for changes, none for reads, a key for inserts only', async () => {
      await using db = await withTable(adapter);
      const { run } = db;
      expect(await run("INSERT INTO t (v) VALUES ('a'), ('b')")).toMatchObject({ affectedRows: 2, lastInsertId: 2 });
      expect(await run('UPDATE t SET v = v')).toEqual({ columns: [], rows: [], affectedRows: 2 });
      expect(await run('SELECT 1')).toMatchObject({ affectedRows: 0 });
      expect(await run("INSERT OR IGNORE INTO t (v) VALUES ('a')")).toEqual({ columns: [], rows: [], affectedRows: 0 });
      expect(await run("INSERT INTO t (v) VALUES ('a') ON CONFLICT DO UPDATE SET v = 'c'")).not.toHaveProperty(
        'lastInsertId',
      );
      expect(await run('UPDATE t SET v = v WHERE id > 99 RETURNING id')).toMatchObject({ affectedRows: 0, rows: [] });
      expect(await run('DELETE FROM t RETURNING id')).toMatchObject({ affectedRows: 2, rows: [[1], [2]] });
      expect(await run('CREATE TABLE other AS SELECT 1 AS x')).toMatchObject({ affectedRows: 0 });
      expect(await run('EXPLAIN QUERY PLAN DELETE FROM t')).toMatchObject({ affectedRows: 0 });
    });

    it('follow the schema as it changes', async () => {
      await using db = await withTable(adapter);
      const { run } = db;
      expect((await run('SELECT * FROM t')).columns).toEqual(['id', 'v']);
      await run('ALTER TABLE t ADD COLUMN extra INTEGER');
      await run("INSERT INTO t VALUES (1, 'a', 9)");
      expect(await run('SELECT * FROM t')).toMatchObject({ columns: ['id', 'v', 'extra'], rows: [[1, 'a', 9]] });
      await run('ALTER TABLE t RENAME COLUMN extra TO renamed');
      expect((await run('SELECT * FROM t')).columns).toEqual(['id', 'v', 'renamed']);
      await run('ALTER TABLE t DROP COLUMN renamed');
      expect(await run('SELECT * FROM t')).toMatchObject({ columns: ['id', 'v'], rows: [[1, 'a']] });
      await run('DROP TABLE t');
      expect(await codeOf(() => run('SELECT * FROM t'))).toBe('driver');
      await run('CREATE TABLE t (other TEXT) STRICT');
      expect(await run('SELECT * FROM t')).toMatchObject({ columns: ['other'], rows: [] });
    });

    it('follow the schema that another connection changes', async () => {
      const path = newFile();
      await using db = await openWith(adapter.driver({ path }));
      await using other = await openWith(adapter.driver({ path }));
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT) STRICT');
      const insert = (values: string) => `INSERT INTO t (a, c) VALUES (${values}) RETURNING *`;
      const statements = ['SELECT * FROM t', insert("'x', 'z'"), 'SELECT a, c FROM t'];
      for (const sql of statements) await db.run(sql);
      await other.run('ALTER TABLE t DROP COLUMN b');
      expect(await db.run(insert("'x', 'z'"))).toMatchObject({ columns: ['id', 'a', 'c'], rows: [[2, 'x', 'z']] });
      await other.run('ALTER TABLE t ADD COLUMN d TEXT');
      expect(await db.run('SELECT * FROM t')).toMatchObject({
        columns: ['id', 'a', 'c', 'd'],
        rows: [
          [1, 'x', 'z', null],
          [2, 'x', 'z', null],
        ],
      });
      expect(await db.run('SELECT a, c FROM t')).toMatchObject({ columns: ['a', 'c'] });
      await other.run('ALTER TABLE t RENAME COLUMN a TO e');
      expect(await codeOf(() => db.run('SELECT a, c FROM t'))).toBe('driver');
      expect(await db.run(insert("'x', 'z'").replace('(a', '(e'))).toMatchObject({ columns: ['id', 'e', 'c', 'd'] });
    });

    it('work in a larger number than is kept', async () => {
      await using db = await openInMemory(adapter, { statementCache: 4 });
      for (let round = 0; round < 3; round++) {
        for (let index = 0; index < 20; index++) expect(await db.value(`SELECT ${index}`)).toBe(index);
      }
    });

    it.each(['BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT a', 'RELEASE a'])('refuse a raw %s', async (sql) => {
      await using db = await withTable(adapter);
      expect(await codeOf(() => db.run(sql))).toBe('transaction-scope');
      if (sql.includes(' ')) return;
      expect(await codeOf(() => db.transact((tx) => tx.execute({ sql, params: [] })))).toBe('transaction-scope');
    });

    it('come alone: two in one text are refused, and none', async () => {
      await using db = await withTable(adapter);
      const { run } = db;
      expect(await codeOf(() => run("INSERT INTO t (v) VALUES ('a'); DELETE FROM t"))).toBe('validation');
      expect(await db.value('SELECT count(*) FROM t')).toBe(0);
      expect(await codeOf(() => run(' -- nothing\n;'))).toBe('validation');
      expect(await codeOf(() => run(''))).toBe('validation');
      expect(await codeOf(() => run('SELECT 1; -- the end'))).toBe('none');
      expect(await codeOf(() => run('SELECT 1;;/* */;'))).toBe('none');
      const trigger = 'CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 3; END';
      expect(await codeOf(() => run(trigger))).toBe('none');
      expect(await codeOf(() => run(`${trigger.replace(' g ', ' h ')}; SELECT 1`))).toBe('validation');
      expect(await codeOf(() => run(`${trigger.replace(' g ', ' i ')};`))).toBe('none');
    });

    it('have their parameters written as ? only', async () => {
      await using db = await withTable(adapter);
      for (const sql of ['SELECT :name', 'SELECT @name', 'SELECT $name']) {
        expect([sql, await codeOf(() => db.run(sql, [1]))]).toEqual([sql, 'validation']);
      }
      expect(await db.value("SELECT ':a' || '@b' || '$c' || '?1' || ?", ['d'])).toBe(':a@b$c?1d');
    });

    it('end with the transaction that a failing one made SQLite roll back', async () => {
      await using db = await withTable(adapter);
      await db.run("INSERT INTO t (v) VALUES ('a')");
      const codes: string[] = [];
      const outcome = await codeOf(() =>
        db.transact(async (tx) => {
          tx.execute({ sql: "INSERT INTO t (v) VALUES ('b')", params: [] });
          codes.push(await codeOf(() => tx.execute({ sql: "INSERT OR ROLLBACK INTO t (v) VALUES ('a')", params: [] })));
          codes.push(await codeOf(() => tx.execute({ sql: "INSERT INTO t (v) VALUES ('c')", params: [] })));
          codes.push(await codeOf(() => tx.batch?.([{ sql: "INSERT INTO t (v) VALUES ('c')", params: [] }])));
        }),
      );
      expect([...codes, outcome]).toEqual([
        'unique-violation',
        'transaction-scope',
        'transaction-scope',
        'transaction-scope',
      ]);
      expect((await db.run('SELECT v FROM t')).rows).toEqual([['a']]);
    });

    it('roll back with a commit that a deferred foreign key refuses', async () => {
      await using db = await withTable(adapter);
      await db.run('CREATE TABLE c (t INTEGER REFERENCES t (id) DEFERRABLE INITIALLY DEFERRED) STRICT');
      const insert = () =>
        db.transact(async (tx) => {
          await tx.execute({ sql: 'INSERT INTO c VALUES (99)', params: [] });
        });
      expect(await codeOf(insert)).toBe('foreign-key-violation');
      expect(await db.value('SELECT count(*) FROM c')).toBe(0);
      expect(await codeOf(() => db.transact(() => 'fine'))).toBe('none');
    });

    it('are all or nothing as a batch, also inside of a transaction', async () => {
      await using db = await withTable(adapter);
      const { connection } = db;
      const twice = ['x', 'x'].map((value) => ({ sql: 'INSERT INTO t (v) VALUES (?)', params: [value] }));
      expect(await codeOf(() => connection.batch?.(twice))).toBe('unique-violation');
      await db.transact(async (tx) => {
        tx.execute({ sql: "INSERT INTO t (v) VALUES ('kept')", params: [] });
        expect(await codeOf(() => tx.batch?.(twice))).toBe('unique-violation');
      });
      expect((await db.run('SELECT v FROM t')).rows).toEqual([['kept']]);
    });

    it('that wait go when their signal fires, and nobody else', async () => {
      await using db = await withTable(adapter);
      const controller = new AbortController();
      const held = db.transact(() => new Promise((resolve) => setTimeout(resolve, 10)));
      const { signal } = controller;
      const waiting = codeOf(() => db.connection.execute({ sql: 'SELECT 1', params: [] }, { signal }));
      const other = codeOf(() => db.run('SELECT 1'));
      controller.abort();
      expect(await waiting).toBe('aborted');
      expect(await other).toBe('none');
      await held;
    });

    it('give settings back with their connection: foreign keys are on again', async () => {
      await using db = await withTable(adapter);
      const other = await db.driver.connect();
      other.execute({ sql: 'PRAGMA foreign_keys=OFF', params: [] });
      expect(await db.value('PRAGMA foreign_keys')).toBe(0);
      const waiting = db.transact(() => void other.release());
      await waiting;
      await Promise.resolve();
      expect(await db.value('PRAGMA foreign_keys')).toBe(1);
      expect(await codeOf(() => other.execute({ sql: 'SELECT 1', params: [] }))).toBe('closed');
    });
  });

  describe(`failures through ${adapter.name}`, () => {
    it.each([
      ["INSERT INTO p (a, b) VALUES ('x', 'y')", 'unique-violation', { table: 'p', columns: ['a', 'b'] }],
      ['INSERT INTO p (id, a) VALUES (1, 1)', 'unique-violation', { table: 'p', columns: ['id'] }],
      ['INSERT INTO p (id) VALUES (2)', 'not-null-violation', { table: 'p', columns: ['a'] }],
      ["INSERT INTO p (a, n) VALUES ('z', -1)", 'check-violation', { constraint: 'positive' }],
      ["INSERT INTO p (a, n) VALUES ('z', 'text')", 'check-violation', { table: 'p', columns: ['n'] }],
      ['INSERT INTO c (p) VALUES (99)', 'foreign-key-violation', {}],
      ['DELETE FROM p', 'foreign-key-violation', {}],
      ["SELECT json_extract('{}', 'no path')", 'driver', {}],
      ['SELECT * FROM missing', 'driver', {}],
    ])('%s is told as %s', async (sql, code, details) => {
      await using db = await openInMemory(adapter);
      await db.run(
        'CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT, n INTEGER CONSTRAINT positive CHECK (n > 0), UNIQUE (a, b)) STRICT',
      );
      await db.run('CREATE TABLE c (p INTEGER REFERENCES p (id)) STRICT');
      await db.run("INSERT INTO p (a, b) VALUES ('x', 'y')");
      await db.run('INSERT INTO c VALUES (1)');
      const error = await expectCode(() => db.run(sql), code);
      expect(error).toMatchObject({ ...details, retryable: false, outcome: 'rolled-back' });
    });

    it('do not show the values in a message of SQLite, not even by their cause', async () => {
      await using db = await openInMemory(adapter);
      const error = await expectCode(() => db.run("SELECT json_extract('{}', ?)", ['hunter2']), 'driver');
      expect(`${error.message} ${error.cause}`).not.toContain('hunter2');
      const other = await expectCode(() => db.run('SELECT missing_column'), 'driver');
      expect(other.cause).toBeInstanceOf(Error);
    });

    it('tell a full database as storage-quota, and go on', async () => {
      await using db = await withTable(adapter);
      await db.run('PRAGMA max_page_count=8');
      const fill = () =>
        db.run('INSERT INTO t (v) SELECT hex(randomblob(9000)) FROM json_each(?)', ['[1,2,3,4,5,6,7,8]']);
      expect(await codeOf(fill)).toBe('storage-quota');
      expect(await db.value('SELECT count(*) FROM t')).toBe(0);
    });
  });
}

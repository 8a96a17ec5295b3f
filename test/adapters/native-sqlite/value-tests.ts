import { describe, expect, it } from 'vitest';
import { expectCode } from '../../conformance/laws.ts';
import { codeOf, type NativeAdapter, openInMemory } from './native-driver.ts';

const LARGE = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, -(2n ** 53n), 9007199254740993n] as const;

const kept = [
  ['an empty text', ''],
  ['a leading byte order mark', '\ufeffx'],
  ['NUL in the middle and at the end', 'a\0b\0'],
  ['all planes', 'ä€😀'.repeat(30)],
  ['a megabyte', 'x'.repeat(1 << 20)],
  ['no bytes', new Uint8Array(0)],
  ['all bytes', Uint8Array.from({ length: 256 }, (_, index) => index)],
  ['a part of a larger buffer', Uint8Array.from({ length: 256 }, (_, index) => index).subarray(10, 20)],
  ['null', null],
  ['an integer of 32 bits', 2 ** 31 - 1],
  ['the largest exact integer', 2 ** 53 - 1],
  ['a negative one', -(2 ** 53 - 1)],
  ['a fraction', 0.1],
  ['a large number with a fraction part lost', 1e300],
  ['infinity', Number.POSITIVE_INFINITY],
] as const;

const refused = [
  ['NaN', Number.NaN],
  ['undefined', undefined],
  ['a Date', new Date()],
  ['an object, which is no set of named parameters', { secret: 1 }],
  ['an array, which is no list of parameters', ['secret']],
  ['a function', () => 'secret'],
  ['a symbol', Symbol('secret')],
  ['a buffer', new ArrayBuffer(4)],
  ['a lone surrogate', 'secret\ud800'],
  ['a bigint beyond 64 bits', 2n ** 63n],
  ['a bigint below them', -(2n ** 63n) - 1n],
] as const;

/** Values come back as they went in, or are refused. */
export function valueTests(adapter: NativeAdapter): void {
  describe(`values through ${adapter.name}`, () => {
    it.each(kept)('%s comes back the same', async (_title, value) => {
      await using db = await openInMemory(adapter);
      await db.run('CREATE TABLE t (v ANY) STRICT');
      await db.run('INSERT INTO t VALUES (?)', [value]);
      expect(await db.value('SELECT v FROM t')).toEqual(value);
      expect(await db.value('SELECT count(*) FROM t WHERE v IS ?', [value])).toBe(1);
    });

    it('gives bytes as a plain Uint8Array', async () => {
      await using db = await openInMemory(adapter);
      const bytes = await db.value('SELECT ?', [new Uint8Array([1, 2])]);
      expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype);
    });

    it.each(refused)('%s is refused, and not shown', async (_title, value) => {
      await using db = await openInMemory(adapter);
      const failure = await expectCode(() => db.run('SELECT ?, ?', [1, value as never]), 'validation');
      expect(failure.message).toContain('parameter 2');
      expect(failure.message).not.toContain('secret');
      // The same where it is the only one, which drivers treat in their own way.
      expect(await codeOf(() => db.run('SELECT ?', [value as never]))).toBe('validation');
    });

    it('turns booleans into 1 and 0, and leaves the list of the caller as it was', async () => {
      await using db = await openInMemory(adapter);
      const params = [true, 'x', false];
      expect((await db.run('SELECT ?, ?, ?', params)).rows).toEqual([[1, 'x', 0]]);
      expect(params).toEqual([true, 'x', false]);
    });

    it('refuses too few and too many values', async () => {
      await using db = await openInMemory(adapter);
      expect(await codeOf(() => db.run('SELECT ?, ?', [1]))).toBe('validation');
      expect(await codeOf(() => db.run('SELECT ?, ?', []))).toBe('validation');
      expect(await codeOf(() => db.run('SELECT ?', [1, 2]))).toBe('validation');
      expect(await codeOf(() => db.run('SELECT 1', [1]))).toBe('validation');
      expect(await codeOf(() => db.run("SELECT '?' -- ?", []))).toBe('none');
    });

    it('takes as many values as it says, and refuses one more', async () => {
      await using db = await openInMemory(adapter);
      const { maxParams } = adapter.driver({ path: ':memory:' }).capabilities;
      const list = (count: number) => `SELECT 1 IN (${Array.from({ length: count }, () => '?').join()})`;
      const values = (count: number) => Array.from({ length: count }, (_, index) => index);
      expect(await db.value(list(maxParams), values(maxParams))).toBe(1);
      expect(await codeOf(() => db.run(list(maxParams + 1), values(maxParams + 1)))).not.toBe('none');
    });

    it('binds nothing of an earlier run', async () => {
      await using db = await openInMemory(adapter);
      expect((await db.run('SELECT ?, ?', ['a', new Uint8Array([1])])).rows).toHaveLength(1);
      expect((await db.run('SELECT ?, ?', [null, null])).rows).toEqual([[null, null]]);
    });
  });

  describe(`integers through ${adapter.name}`, () => {
    it('are exact in 64 bits: a bigint beyond 2^53, a number below', async () => {
      await using db = await openInMemory(adapter);
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT');
      for (const value of [...LARGE, 5n, 2n ** 40n]) await db.run('INSERT INTO t (n) VALUES (?)', [value]);
      const read = (await db.run('SELECT n FROM t ORDER BY id')).rows.map(([n]) => n);
      expect(read).toEqual([...LARGE, 5, 2 ** 40]);
      for (const value of LARGE) expect(await db.value('SELECT count(*) FROM t WHERE n = ?', [value])).toBe(1);
      expect(await db.value('SELECT typeof(?)', [5n])).toBe('integer');
    });

    it('stay exact in one and the same statement, whatever was in the rows before', async () => {
      await using db = await openInMemory(adapter);
      const sql = 'SELECT CAST(? AS INTEGER), 7, ?';
      for (const value of [1n, 9007199254740993n, 2n, 3n, -9007199254740993n]) {
        const expected = Number.isSafeInteger(Number(value)) ? Number(value) : value;
        expect((await db.run(sql, [value, 'text'])).rows).toEqual([[expected, 7, 'text']]);
      }
    });

    it('are told from large numbers with a floating point', async () => {
      await using db = await openInMemory(adapter);
      expect((await db.run('SELECT 9007199254740993, 1e300, 9007199254740993.0, 1')).rows).toEqual([
        [9007199254740993n, 1e300, 9007199254740992, 1],
      ]);
      expect((await db.run('SELECT ?, 1', [2 ** 60])).rows).toEqual([[2 ** 60, 1]]);
    });

    it('are exact where an expression, a view or a union gives them no column', async () => {
      await using db = await openInMemory(adapter);
      await db.run('CREATE TABLE t (v TEXT, n INTEGER) STRICT');
      await db.run('INSERT INTO t VALUES (?, ?)', ['a', 9007199254740993n]);
      expect(await db.value('SELECT sum(n) FROM t')).toBe(9007199254740993n);
      expect((await db.run('SELECT v FROM t UNION ALL SELECT n FROM t')).rows).toEqual([['a'], [9007199254740993n]]);
    });

    it('are exact in what INSERT and UPDATE return, which run once', async () => {
      await using db = await openInMemory(adapter);
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER) STRICT');
      expect((await db.run('INSERT INTO t (n) VALUES (?) RETURNING n, id', [9007199254740993n])).rows).toEqual([
        [9007199254740993n, 1],
      ]);
      expect((await db.run('UPDATE t SET n = n + 1 RETURNING n')).rows).toEqual([[9007199254740994n]]);
      expect(await db.value('SELECT count(*) FROM t')).toBe(1);
    });

    it('are exact as the key of an insert', async () => {
      await using db = await openInMemory(adapter);
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      const inserted = await db.run('INSERT INTO t (id) VALUES (?)', [2n ** 62n]);
      expect(inserted.lastInsertId).toBe(2n ** 62n);
      const next = await db.run("INSERT INTO t (v) VALUES ('x') RETURNING id");
      expect(next).toMatchObject({ lastInsertId: 2n ** 62n + 1n, rows: [[2n ** 62n + 1n]] });
    });
  });
}

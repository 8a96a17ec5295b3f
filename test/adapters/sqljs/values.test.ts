import { afterEach, describe, expect, it } from 'vitest';
import { codeOf, failureOf, type Opened, open } from './open.ts';

describe('values through sql.js', () => {
  let db: Opened;
  afterEach(() => db.driver.close());

  it.each([
    ['an empty text', ''],
    ['a short text', 'Ada'],
    ['a leading byte order mark', '\ufeffx'],
    ['two of them in a long text', `\ufeff\ufeff${'long '.repeat(50)}`],
    ['only a byte order mark', '\ufeff'],
    ['NUL in the middle and at the end', 'a\0b\0'],
    ['all planes', 'ä€😀'.repeat(30)],
    ['a megabyte', 'x'.repeat(1 << 20)],
    ['no bytes', new Uint8Array(0)],
    ['all bytes', Uint8Array.from({ length: 256 }, (_, index) => index)],
    ['null', null],
    ['an integer of 32 bits', 2 ** 31 - 1],
    ['the largest exact integer', 2 ** 53 - 1],
    ['a negative one', -(2 ** 53 - 1)],
    ['a fraction', 0.1],
    ['infinity', Number.POSITIVE_INFINITY],
  ])('%s comes back the same', async (_title, value) => {
    db = await open();
    await db.run('CREATE TABLE t (v ANY) STRICT');
    await db.run('INSERT INTO t VALUES (?)', [value]);
    expect(await db.value('SELECT v FROM t')).toEqual(value);
    expect(await db.value('SELECT count(*) FROM t WHERE v IS ?', [value])).toBe(1);
  });

  it('keeps integers of 64 bits exact, as bigint beyond 2^53 and as number below', async () => {
    db = await open();
    await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT');
    const values = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 9007199254740993n, 5n, 2n ** 40n];
    for (const value of values) await db.run('INSERT INTO t (n) VALUES (CAST(? AS INTEGER))', [value]);
    const read = (await db.run('SELECT n FROM t ORDER BY id')).rows.map(([n]) => n);
    expect(read).toEqual([2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 9007199254740993n, 5, 2 ** 40]);
    for (const value of values) expect(await db.value('SELECT count(*) FROM t WHERE n = ?', [value])).toBe(1);
    // Without any type to go by, a small bigint is still an integer and compares as a number.
    expect(await db.value('SELECT typeof(?)', [5n])).toBe('integer');
    expect(await db.value('SELECT ? + 0 = 4294967296', [2n ** 32n])).toBe(1);
  });

  it('turns booleans into 1 and 0', async () => {
    db = await open();
    expect((await db.run('SELECT ?, ?', [true, false])).rows).toEqual([[1, 0]]);
  });

  it.each([
    ['NaN', Number.NaN],
    ['undefined', undefined],
    ['a Date', new Date()],
    ['an object', { secret: 1 }],
    ['an array', ['secret']],
    ['a function', () => 'secret'],
    ['a buffer', new ArrayBuffer(4)],
    ['a lone surrogate', 'secret\ud800'],
    ['a bigint beyond 64 bits', 2n ** 63n],
  ])('%s is refused, and not shown', async (_title, value) => {
    db = await open();
    const failure = await failureOf(() => db.run('SELECT ?, ?', [1, value as never]));
    expect(failure).toMatchObject({ code: 'validation', message: expect.stringContaining('parameter 2') });
    expect(failure.message).not.toContain('secret');
  });

  it('refuses too few and too many values', async () => {
    db = await open();
    expect(await codeOf(() => db.run('SELECT ?, ?', [1]))).toBe('validation');
    expect(await codeOf(() => db.run('SELECT ?', [1, 2]))).toBe('validation');
    expect(
      await db.value(
        `SELECT ${Array.from({ length: 1000 }, () => '?').join(' + ')}`,
        Array.from({ length: 1000 }, () => 1),
      ),
    ).toBe(1000);
  });

  it('binds nothing of an earlier run', async () => {
    db = await open();
    expect((await db.run('SELECT ?, ?', ['a', new Uint8Array([1])])).rows).toHaveLength(1);
    expect((await db.run('SELECT ?, ?', [null, null])).rows).toEqual([[null, null]]);
  });
});

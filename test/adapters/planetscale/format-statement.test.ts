import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatStatement } from '../../../src/dialect/mysql/format-statement.ts';
import type { Connection, WireValue } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';
import { naughtyStrings } from '../../support/naughty-strings.ts';
import { openTestGateway } from './gateway.ts';

const format = (sql: string, ...params: WireValue[]): string => formatStatement({ sql, params });

describe('the text of a statement with its values', () => {
  it('is the statement itself where it has no values', () => {
    expect(format("SELECT '?' -- ?")).toBe("SELECT '?' -- ?");
  });

  it.each<[value: WireValue, text: string]>([
    [null, 'NULL'],
    [0, '0'],
    [-7, '-7'],
    [9007199254740991, '9007199254740991'],
    [0.1, '1e-1'],
    [2 ** 53, '9.007199254740992e+15'],
    [5e-324, '5e-324'],
    [-0, '-0e0'],
    [2n ** 64n - 1n, '18446744073709551615'],
    [true, '1'],
    [new Uint8Array([0, 255, 39]), "x'00ff27'"],
    [new Uint8Array([]), "x''"],
    ["it's", "'it''s'"],
    ['a\\', "'a\\\\'"],
    ['\0\n\r\x1a"%_', "'\\0\\n\\r\\Z\"%_'"],
  ])('has %s as %s', (value, text) => {
    expect(format('SELECT ?', value)).toBe(`SELECT ${text}`);
  });

  it('has a value only where a question mark is no part of a text, a name or a comment', () => {
    const sql = "SELECT '?\\'?''?', \"?\\\"?\", `?``?`, 5 --1, ? -- ?\n, ? # ?\n, ? /* ? */, ?";
    expect(format(sql, 1, 2, 3, 4)).toBe(
      "SELECT '?\\'?''?', \"?\\\"?\", `?``?`, 5 --1, 1 -- ?\n, 2 # ?\n, 3 /* ? */, 4",
    );
  });

  it('keeps values apart from the words and signs beside them', () => {
    expect(format('SELECT?AS a, 1-?, b.`c`=?', 'x', -1, 2)).toBe("SELECT 'x' AS a, 1- -1, b.`c`=2");
  });

  it.each<[sql: string, params: WireValue[]]>([
    ['SELECT ?, ?', [1]],
    ['SELECT ?', [1, 2]],
    ["SELECT '?", [1]],
    ['SELECT /* ?', [1]],
    ['SELECT /*! ? */', [1]],
    ['SELECT /*!80000 ? */ ?', [1, 2]],
    ['SELECT /*M! ? */', [1]],
    ['SELECT /*+ SET_VAR(x = ?) */ 1', [1]],
    ["SELECT ? 'alias'", ['text']],
    ['SELECT ? /* c */ "alias"', ['text']],
    ['SELECT ?', [Number.NaN]],
    ['SELECT ?', [Number.POSITIVE_INFINITY]],
    ['SELECT ?', ['\ud800']],
  ])('is refused for %s with %j', async (sql, params) => {
    await expectCode(() => format(sql, ...params), 'validation');
  });

  it('is made in a time that grows with its length', () => {
    const marks = Array.from({ length: 60_000 }, () => '(?)').join(', ');
    const started = performance.now();
    expect(format(`INSERT INTO t VALUES ${marks}`, ...Array.from({ length: 60_000 }, () => 'text')).length).toBe(
      'INSERT INTO t VALUES '.length + 60_000 * 10 - 2,
    );
    expect(format(`SELECT '${"it''s".repeat(200_000)}', ?`, 1).length).toBe(1_000_012);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

const test = await openTestGateway();
afterAll(() => test.drop());

describe.skipIf(test.missing !== undefined)(test.title('values over PlanetScale'), () => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await (await test.database()).driver.connect();
  });
  const echo = async (...values: WireValue[]) => {
    const sql = `SELECT ${values.map((_, index) => `? AS c${index}`).join(', ')}, 'guard'`;
    return (await connection.execute({ sql, params: values })).rows;
  };

  it('come back as they were sent, whatever quotes, backslashes and words they hold', async () => {
    expect(await echo(...naughtyStrings)).toEqual([[...naughtyStrings, 'guard']]);
  });

  it('come back as they were sent, at random', async () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '\\',
      '\0',
      '`',
      '\x1a',
      '--',
      ' ',
      '/*',
      '*/',
      '#',
      '\n',
      '?',
      ';',
      '😀',
      'é',
    );
    const texts = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    await fc.assert(
      fc.asyncProperty(fc.array(texts, { minLength: 1, maxLength: 20 }), async (values) => {
        expect(await echo(...values)).toEqual([[...values, 'guard']]);
      }),
      { numRuns: 40 },
    );
  });

  it('are exact: integers, floating point and bytes', async () => {
    const values = [
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 64n - 1n,
      9007199254740993n,
      -1,
      0.1,
      1e300,
      5e-324,
      Number.MAX_VALUE,
      -0.5,
      new Uint8Array(256).map((_, index) => index),
      new Uint8Array([]),
      null,
      '\ufeffa mark',
    ];
    expect(await echo(...values)).toEqual([[...values, 'guard']]);
    expect((await connection.execute({ sql: 'SELECT ? + ?, ? - ?', params: [0.1, 0.2, 5, -3] })).rows).toEqual([
      [0.30000000000000004, 8],
    ]);
  });

  it('are read by the types of their columns', async () => {
    const sql = `SELECT CAST(9007199254740993 AS SIGNED), CAST('12.50' AS DECIMAL(10, 2)), 1.5e0,
      CAST('2024-02-29' AS DATE), CAST('2024-02-29 01:02:03.456' AS DATETIME(3)), CAST('-12:30:00' AS TIME),
      JSON_OBJECT('a', 9007199254740993), x'00ff', 'tä😀', NULL, TRUE, CAST('x' AS CHAR) COLLATE utf8mb4_bin, b'101'`;
    expect((await connection.execute({ sql, params: [] })).rows).toEqual([
      [
        9007199254740993n,
        '12.50',
        1.5,
        '2024-02-29',
        '2024-02-29 01:02:03.456',
        '-12:30:00',
        '{"a": 9007199254740993}',
        new Uint8Array([0, 255]),
        'tä😀',
        null,
        1,
        'x',
        new Uint8Array([5]),
      ],
    ]);
  });

  it('that are geometries are unsupported-by-driver, and their text is not', async () => {
    const run = (sql: string) => connection.execute({ sql, params: [] });
    const error = await expectCode(() => run('SELECT POINT(1, 2) AS place'), 'unsupported-by-driver');
    expect(error.message).toContain("'place'");
    expect((await run('SELECT ST_AsText(POINT(1, 2))')).rows).toEqual([['POINT(1 2)']]);
  });
});

import { describe, expect, it } from 'vitest';
import type { BatchRows, BatchValue, KeyGroup } from '../../../../src/compiler/batch-dialect.ts';
import { PendingKey } from '../../../../src/compiler/batch-dialect.ts';
import { batch } from '../../../../src/dialect/mysql/batch.ts';
import { mysqlError } from '../../../../src/dialect/mysql/error-map.ts';
import { guardOf } from '../../../../src/dialect/mysql/guard.ts';
import { isOneStatement } from '../../../../src/dialect/mysql/is-one-statement.ts';
import type { ResultSet } from '../../../../src/wire/result-set.ts';
import type { WireRow } from '../../../../src/wire/wire-value.ts';

const integer = { name: 'integer' } as const;
const text = { name: 'text' } as const;

/** A group of whose rows the statements so far have inserted some, in two INSERTs. */
const parents: KeyGroup = {
  index: 0,
  table: 'parents',
  key: { name: 'id', type: integer },
  count: 4,
  inserted: 4,
  starts: [1, 3],
  besides: [],
};
const children: KeyGroup = { ...parents, index: 1, table: 'children', count: 2, inserted: 0, starts: [] };

const childRows = (...rows: readonly (readonly BatchValue[])[]): BatchRows => ({
  table: 'children',
  columns: [
    { name: 'id', type: integer, group: children },
    { name: 'parent_id', type: integer, group: parents },
    { name: 'name', type: text, group: null },
  ],
  rows,
});

const told = (columns: readonly string[], ...row: WireRow): ResultSet => ({ columns, rows: [row], affectedRows: 0 });

describe('a batch of MySQL', () => {
  it('keeps the first key of each INSERT in a variable, and refers to the others by their distance', () => {
    const rows = childRows(
      [new PendingKey(children, 1), new PendingKey(parents, 1), 'a'],
      [new PendingKey(children, 2), new PendingKey(parents, 4), null],
      [new PendingKey(children, 3), 7, 'c'],
    );
    expect(batch.insert(rows, 'guard', false)).toEqual([
      {
        sql:
          'INSERT INTO `children` (`parent_id`, `name`) VALUES (@meshestra_0_1, ?), ' +
          '(@meshestra_0_3 + 1 * @@auto_increment_increment, ?), (?, ?)',
        params: ['a', null, 7, 'c'],
        writes: ['children'],
      },
      { sql: 'SELECT LAST_INSERT_ID() INTO @meshestra_1_1', params: [], writes: [] },
    ]);
  });

  it('reads no variable that no statement before has set', () => {
    const late = new PendingKey({ ...parents, starts: [], inserted: 0 }, 1);
    expect(() => batch.insert(childRows([new PendingKey(children, 1), late, 'a']), null, false)).toThrow(/parents/);
  });

  it('tells the keys of all INSERTs of a group, at the distance of the server', () => {
    expect(batch.end([parents, { ...children, starts: [1] }])).toEqual([
      {
        sql: 'SELECT @@auto_increment_increment AS `step`, @meshestra_0_1 AS `k0_1`, @meshestra_0_3 AS `k0_3`, @meshestra_1_1 AS `k1_1`',
        params: [],
        writes: [],
      },
    ]);
    const answer = told(['step', 'k0_1', 'k0_3'], 2, 11, 2n ** 53n + 1n);
    expect(batch.keysOf(parents, [], [answer])).toEqual([11, 13, 2n ** 53n + 1n, 2n ** 53n + 3n]);
    expect(() => batch.keysOf(parents, [], [told(['step'], 1)])).toThrow(/k0_1/);
  });

  it('tells as many keys as a SELECT has columns for, and the rest in another one', () => {
    const starts = Array.from({ length: 2001 }, (_, n) => n + 1);
    const statements = batch.end([{ ...parents, starts, count: 2001 }]);
    expect(statements.map(({ sql }) => sql.split(' AS ').length - 2)).toEqual([1000, 1000, 1]);
  });

  it('updates one row by its values, and several by a list in which a key that is not known is a place', () => {
    const columns = [
      { name: 'id', type: integer, group: parents },
      { name: 'name', type: text, group: null },
    ];
    const rows = [
      [new PendingKey(parents, 2), 'b'],
      [3, 'c'],
    ];
    const [one, check] = batch.update({ table: 'parents', columns, rows: rows.slice(0, 1) }, 1, 'meshestra guard 0;');
    expect(one).toMatchObject({
      sql: 'UPDATE `parents` SET `name` = ? WHERE `parents`.`id` = @meshestra_0_1 + 1 * @@auto_increment_increment',
      params: ['b'],
    });
    expect(check).toMatchObject({ params: [1, 'meshestra guard 0;'], writes: [] });
    const [several, none] = batch.update({ table: 'parents', columns, rows }, 1, null);
    expect(none).toBeUndefined();
    expect(several?.params).toEqual(['[[null,1,1,"b"],[3,null,null,"c"]]']);
    expect(several?.sql).toContain(
      'CASE `v`.`c1` WHEN 1 THEN @meshestra_0_1 WHEN 3 THEN @meshestra_0_3 END + `v`.`c2` * @@auto_increment_increment',
    );
  });
});

describe('a guard of MySQL', () => {
  const failure = (message: string, errno = 1690) => ({ errno, message });

  it.each([
    "BIGINT value is out of range in '9223372036854775807 * (2 + octet_length('meshestra guard 12;') + row_count())'",
    "BIGINT value is out of range in '(9223372036854775807 * ((2 + length('meshestra guard 12;')) + count(0)))'",
    "BIGINT value is out of range in '(9223372036854775807 * ((2 + length(_utf8mb4'meshestra guard 12;')) + row_count()))'",
  ])('is found in %s', (message) => {
    expect(guardOf(failure(message))).toBe('meshestra guard 12;');
    expect(mysqlError(failure(message))).toMatchObject({
      code: 'driver',
      message: expect.stringContaining('guard 12;'),
    });
  });

  it.each([
    ["BIGINT value is out of range in '`t`.`n` + length('meshestra guard 12;')'", 1690],
    ["Duplicate entry 'meshestra guard 12;' for key 'name'", 1062],
    ["Duplicate entry '9223372036854775807 * (2 + octet_length('meshestra guard 12;')' for key 'name'", 1062],
  ])('is not a value of the application: %s', (message, errno) => {
    expect(guardOf(failure(message, errno))).toBeNull();
    expect(mysqlError(failure(message, errno)).message).not.toContain('guard 12');
  });
});

describe('a text that is surely one statement', () => {
  it.each([
    'SELECT 1',
    'SELECT \';\', "a;b", `c;d` -- e;f',
    "SELECT 'it''s; \\'; fine' # ;",
    'SELECT /* ; */ 1',
    'SELECT a FROM t LOCK IN SHARE MODE /*M! NOWAIT */ /*!80000 FOR SHARE */',
    'SELECT /*+ MAX_EXECUTION_TIME(1000) */ 1',
    'SELECT 5--1, a$b FROM t',
    "SELECT 'a' -- it's",
    "SELECT 1 --\u00a0'\n; text'",
  ])('is %s', (sql) => {
    expect(isOneStatement(sql)).toBe(true);
  });

  it.each([
    'SELECT 1; DROP TABLE t',
    'SELECT 1;',
    "SELECT 'a",
    "SELECT 'a\\'",
    'SELECT "a',
    'SELECT `a',
    'SELECT 1 /* a',
    "SELECT 'a\\\\'; DROP TABLE t -- '",
    'SELECT 1 /*! ; DROP TABLE t */',
    "SELECT 1 /*! ' */ '; DROP TABLE t -- ",
    'SELECT 1 /*M!100100 `*/ ; DROP TABLE t -- `',
    "SELECT 1 /*+ SET_VAR(a = 'b') */",
    "SELECT 1 --\x01'\n, '",
    "SELECT $$'$$; DROP TABLE t -- '",
    'SELECT $tag$;$tag$',
    'SELECT 1\0',
  ])('is not %j', (sql) => {
    expect(isOneStatement(sql)).toBe(false);
  });

  it('is known in a time that grows with its length', () => {
    const started = Date.now();
    expect(isOneStatement(`SELECT '${"it''s \\' ".repeat(200_000)}'`)).toBe(true);
    expect(isOneStatement(`INSERT INTO t VALUES ${'(?, ?), '.repeat(60_000)}(?)`)).toBe(true);
    expect(isOneStatement(`SELECT ${'/* '.repeat(100_000)}`)).toBe(false);
    expect(Date.now() - started).toBeLessThan(20_000);
  });
});

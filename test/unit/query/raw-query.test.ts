import { beforeAll, describe, expect, it } from 'vitest';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import type { Statement } from '../../../src/port.ts';
import { RawQuery, sql } from '../../../src/query/raw-query.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';
import { refusalOf } from '../../support/registry-of.ts';

function statement(query: RawQuery): Statement {
  return bindStatement(compile(RawQuery.toNode(query, sqlite, null), sqlite), []);
}

describe('raw SQL', () => {
  let raw: RawSqljs;
  beforeAll(async () => {
    raw = await openRawSqljs();
  });
  const rowOf = (query: RawQuery): WireValue[] | undefined => raw.all(statement(query))[0];

  it.each<[string, WireValue | Date, string, WireValue, string]>([
    ['text', "x'; --", '?', "x'; --", 'text'],
    ['a whole number', 7, 'CAST(? AS INTEGER)', 7, 'integer'],
    ['a number with a fraction', 1.5, '?', 1.5, 'real'],
    ['a bigint', 2n ** 62n, 'CAST(? AS INTEGER)', 2n ** 62n, 'integer'],
    ['null', null, '?', null, 'null'],
    ['true', true, '?', 1, 'integer'],
    ['bytes', new Uint8Array([0, 255]), '?', new Uint8Array([0, 255]), 'blob'],
    ['an instant', new Date(1_800_000_000_000), 'CAST(? AS INTEGER)', 1_800_000_000_000, 'integer'],
  ])('binds %s', (_, hole, placeholder, value, type) => {
    const query = sql`SELECT ${hole} AS v, typeof(${hole})`;
    const text = statement(query).sql;
    expect([text.includes('SELECT ?'), text]).toEqual([
      placeholder === '?',
      `SELECT ${placeholder} AS v, typeof(${placeholder})`,
    ]);
    expect(rowOf(query)).toEqual([value, type]);
  });

  it('puts pieces in with their own parameters, in the order of the text', () => {
    const inner = sql`a = ${'1'}`;
    const outer = sql`${sql`SELECT`} 'x' WHERE ${'0'} < ${'9'} AND (${sql`${inner.constructor === RawQuery} = ${1}`})`;
    expect(statement(outer)).toEqual({
      sql: "SELECT 'x' WHERE ? < ? AND (? = CAST(? AS INTEGER))",
      params: ['0', '9', true, 1],
    });
    expect(rowOf(outer)).toEqual(['x']);
    expect(statement(sql`${sql`${sql`SELECT ${'deep'}`}`}`)).toEqual({ sql: 'SELECT ?', params: ['deep'] });
    expect(statement(sql`SELECT ${inner}, ${inner}`)).toEqual({ sql: 'SELECT a = ?, a = ?', params: ['1', '1'] });
  });

  it('takes question marks, braces and backslashes of the text as they are', () => {
    const query = sql`SELECT '?', '$1', '\${x}', '\\', ${'?'}`;
    expect(statement(query).params).toEqual(['?']);
    expect(rowOf(query)).toEqual(['?', '$1', ['$', '{x}'].join(''), '\\', '?']);
  });

  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['an object', {}],
    ['an array', [1]],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['an invalid date', new Date('x')],
    ['half a character', '\ud800'],
    ['a forged piece', JSON.parse('{"texts":["1=1"],"holes":[]}')],
    ['a copy of a piece', { ...sql`1` }],
    ['an heir of a piece', Object.setPrototypeOf({}, Object.create(null))],
    ['a boxed text', Object('x')],
    ['another typed array', new Float64Array(1)],
  ])('refuses %s in a hole', (_, hole) => {
    expect(refusalOf(() => sql`SELECT ${hole as never}`)).toMatchObject({
      code: 'validation',
      message: expect.stringContaining('cannot be a parameter'),
    });
  });

  it('refuses an heir of a piece before it is run', () => {
    const heir = Object.create(RawQuery.prototype) as RawQuery;
    expect(() => statement(sql`SELECT ${heir}`)).toThrow();
  });

  it('is a read where it begins as one, and writes what it is told', () => {
    const writesOf = (query: RawQuery, tables: readonly string[] | null = null) =>
      RawQuery.toNode(query, sqlite, tables).writes;
    expect(writesOf(sql`SELECT 1`)).toEqual([]);
    expect(writesOf(sql`  \n values (1)`)).toEqual([]);
    expect(writesOf(sql`EXPLAIN QUERY PLAN SELECT 1`)).toEqual([]);
    expect(writesOf(sql`${sql`select`} 1`)).toEqual([]);
    expect(writesOf(sql`WITH x AS (SELECT 1) DELETE FROM t`)).toBeNull();
    expect(writesOf(sql`selection`)).toBeNull();
    expect(writesOf(sql`DELETE FROM t`)).toBeNull();
    expect(writesOf(sql`DELETE FROM t`, ['t'])).toEqual(['t']);
    expect(writesOf(sql`SELECT write_something()`, ['t'])).toEqual(['t']);
  });
});

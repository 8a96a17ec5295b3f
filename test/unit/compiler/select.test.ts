import { beforeEach, describe, expect, it } from 'vitest';
import type { ExpressionNode, SelectNode } from '../../../src/ast/query-node.ts';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { ValidationError } from '../../../src/errors.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

const integer = { name: 'integer' } as const;
const text = { name: 'text' } as const;
const base: SelectNode = {
  kind: 'select',
  columns: [],
  from: { kind: 'table', name: 'posts', alias: 'p' },
  joins: [],
  where: null,
  orderBy: [],
  limit: null,
  offset: null,
};
const column = (alias: string, name: string): ExpressionNode => ({ kind: 'column', alias, name });
const slot = (index: number, type: typeof integer | typeof text | null = integer): ExpressionNode => ({
  kind: 'slot',
  index,
  type,
});
const value = (wire: WireValue): ExpressionNode => ({ kind: 'value', value: wire, type: null });
const equal = (left: ExpressionNode, right: ExpressionNode): ExpressionNode => ({
  kind: 'comparison',
  operator: '=',
  left,
  right,
});
const byId = { kind: 'order', operand: column('p', 'id'), direction: 'asc' } as const;
const ids = (where: ExpressionNode): SelectNode => ({ ...base, columns: [column('p', 'id')], where, orderBy: [byId] });

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
  raw.db.run(`
    CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT) STRICT;
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER, title TEXT, views INTEGER) STRICT;
    INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob');
    INSERT INTO posts VALUES (1, 1, 'A', 10), (2, 1, 'b%', 20), (3, 2, NULL, 30), (4, NULL, 'd', 40)`);
});

// Every statement is stated as text and then run.
function run(
  node: SelectNode,
  values: readonly WireValue[] = [],
): { readonly sql: string; readonly rows: WireValue[][] } {
  const statement = bindStatement(compile(node, sqlite), values);
  return { sql: statement.sql, rows: raw.all(statement) };
}

function where(
  node: ExpressionNode,
  values: readonly WireValue[] = [],
): { readonly sql: string; readonly ids: WireValue[] } {
  const { sql, rows } = run(ids(node), values);
  const [, condition = ''] = /^SELECT "p"\."id" FROM "posts" AS "p" WHERE (.*) ORDER BY "p"\."id"$/s.exec(sql) ?? [];
  return { sql: condition, ids: rows.flat() };
}

describe('SELECT', () => {
  it('joins, filters, orders and limits, with parameters in the order of the text', () => {
    const node: SelectNode = {
      ...base,
      columns: [column('p', 'title'), column('a', 'name')],
      joins: [
        {
          kind: 'join',
          type: 'left',
          table: { kind: 'table', name: 'authors', alias: 'a' },
          on: equal(column('a', 'id'), column('p', 'author_id')),
        },
      ],
      where: { kind: 'comparison', operator: '>=', left: column('p', 'views'), right: slot(0) },
      orderBy: [
        { kind: 'order', operand: column('a', 'name'), direction: 'desc' },
        { kind: 'order', operand: column('p', 'id'), direction: 'asc' },
      ],
      limit: slot(1),
      offset: slot(2),
    };
    expect(compile(node, sqlite)).toEqual({
      sql:
        'SELECT "p"."title", "a"."name" FROM "posts" AS "p" LEFT JOIN "authors" AS "a" ON "a"."id" = "p"."author_id" ' +
        'WHERE "p"."views" >= ? ORDER BY "a"."name" DESC, "p"."id" LIMIT ? OFFSET ?',
      bindings: [0, 1, 2],
      direct: true,
      reads: ['posts', 'authors'],
      writes: [],
    });
    expect(run(node, [20, 5, 1]).rows).toEqual([
      ['b%', 'Ada'],
      ['d', null],
    ]);
  });

  it('has an offset without a limit', () => {
    const { sql, rows } = run({ ...base, columns: [column('p', 'id')], orderBy: [byId], offset: value(3) });
    expect(sql).toBe('SELECT "p"."id" FROM "posts" AS "p" ORDER BY "p"."id" LIMIT -1 OFFSET CAST(? AS INTEGER)');
    expect(rows).toEqual([[4]]);
  });

  it('counts', () => {
    const { sql, rows } = run({ ...base, columns: [{ kind: 'count' }] });
    expect(sql).toBe('SELECT COUNT(*) FROM "posts" AS "p"');
    expect(rows).toEqual([[4]]);
  });

  it('takes values out of the tree and out of slots, in any order and more than once', () => {
    const node = ids({
      kind: 'logical',
      operator: 'and',
      operands: [
        { kind: 'comparison', operator: '<', left: column('p', 'views'), right: slot(1) },
        {
          kind: 'comparison',
          operator: '<>',
          left: column('p', 'title'),
          right: { kind: 'value', value: 'A', type: text },
        },
        { kind: 'comparison', operator: '>', left: column('p', 'views'), right: slot(0) },
        { kind: 'comparison', operator: '<>', left: column('p', 'views'), right: slot(1) },
      ],
    });
    const compiled = compile(node, sqlite);
    expect(compiled.bindings).toEqual([1, { value: 'A' }, 0, 1]);
    expect(compiled.direct).toBe(false);
    expect(bindStatement(compiled, [5, 40]).params).toEqual([40, 'A', 5, 40]);
    expect(run(node, [5, 40]).rows).toEqual([[2]]);
  });
});

describe('Conditions', () => {
  it('compare a value with NULL by a test of its own', () => {
    expect(where({ kind: 'null-test', operand: column('p', 'title'), negated: false })).toEqual({
      sql: '"p"."title" IS NULL',
      ids: [3],
    });
    expect(where({ kind: 'null-test', operand: column('p', 'title'), negated: true })).toEqual({
      sql: '"p"."title" IS NOT NULL',
      ids: [1, 2, 4],
    });
  });

  it('match patterns with a backslash as the escape', () => {
    const like = (negated: boolean): ExpressionNode => ({
      kind: 'like',
      operand: column('p', 'title'),
      type: text,
      pattern: slot(0, text),
      negated,
    });
    expect(where(like(false), ['b\\%'])).toEqual({ sql: `"p"."title" LIKE ? ESCAPE '\\'`, ids: [2] });
    expect(where(like(true), ['%\\%%'])).toEqual({ sql: `"p"."title" NOT LIKE ? ESCAPE '\\'`, ids: [1, 4] });
  });

  it('are true for AND of nothing and false for OR of nothing, inside other conditions, too', () => {
    const nothing = (operator: 'and' | 'or'): ExpressionNode => ({ kind: 'logical', operator, operands: [] });
    expect(where(nothing('and'))).toEqual({ sql: '1 = 1', ids: [1, 2, 3, 4] });
    expect(where(nothing('or'))).toEqual({ sql: '1 = 0', ids: [] });
    expect(where({ kind: 'not', operand: nothing('or') })).toEqual({ sql: '(1 = 0) IS NOT TRUE', ids: [1, 2, 3, 4] });
    expect(where(equal(nothing('and'), nothing('or')))).toEqual({ sql: '(1 = 1) = (1 = 0)', ids: [] });
  });

  it('hold, negated, for rows where they are unknown', () => {
    expect(where({ kind: 'not', operand: equal(column('p', 'title'), slot(0, text)) }, ['A'])).toEqual({
      sql: '("p"."title" = ?) IS NOT TRUE',
      ids: [2, 3, 4],
    });
  });

  it('keep their grouping', () => {
    const is = (id: number): ExpressionNode => equal(column('p', 'id'), slot(id - 1));
    const or: ExpressionNode = { kind: 'logical', operator: 'or', operands: [is(1), is(2)] };
    const and: ExpressionNode = { kind: 'logical', operator: 'and', operands: [or, { kind: 'not', operand: is(3) }] };
    expect(where(and, [1, 2, 2])).toEqual({
      sql: '("p"."id" = ? OR "p"."id" = ?) AND ("p"."id" = ?) IS NOT TRUE',
      ids: [1],
    });
  });

  it('contain raw text only in parentheses, with its holes as parameters', () => {
    const raws: ExpressionNode = {
      kind: 'raw',
      texts: ['"p"."id" = ', ' OR "p"."title" = ', ''],
      holes: [value(1), value("x' OR 1=1 --")],
    };
    const only: ExpressionNode = equal(column('p', 'views'), slot(0));
    expect(where({ kind: 'logical', operator: 'and', operands: [raws, only] }, [30])).toEqual({
      sql: '("p"."id" = CAST(? AS INTEGER) OR "p"."title" = ?) AND "p"."views" = ?',
      ids: [],
    });
  });

  it('ask whether related rows exist, and read the tables of the sub-query', () => {
    const query: SelectNode = {
      ...base,
      from: { kind: 'table', name: 'authors', alias: 'a' },
      where: {
        kind: 'logical',
        operator: 'and',
        operands: [equal(column('a', 'id'), column('p', 'author_id')), equal(column('a', 'name'), slot(0, text))],
      },
    };
    const sql = 'EXISTS (SELECT 1 FROM "authors" AS "a" WHERE "a"."id" = "p"."author_id" AND "a"."name" = ?)';
    expect(where({ kind: 'exists', query, negated: false }, ['Ada'])).toEqual({ sql, ids: [1, 2] });
    expect(where({ kind: 'exists', query, negated: true }, ['Ada'])).toEqual({ sql: `NOT ${sql}`, ids: [3, 4] });
    expect(compile(ids({ kind: 'exists', query, negated: true }), sqlite).reads).toEqual(['posts', 'authors']);
  });

  it('of 100,000 alternatives stay shallow enough for SQLite', () => {
    const operands = Array.from({ length: 30_000 }, (_, index) => equal(column('p', 'id'), slot(index)));
    const values = operands.map((_, index) => index + 3);
    expect(where({ kind: 'logical', operator: 'or', operands }, values).ids).toEqual([3, 4]);
    const constants = Array.from(
      { length: 100_000 },
      (): ExpressionNode => ({ kind: 'logical', operator: 'or', operands: [] }),
    );
    expect(where({ kind: 'logical', operator: 'or', operands: constants }).ids).toEqual([]);
  });

  it('nested 500 deep run, and deeper ones are refused without a stack overflow', () => {
    const nested = (depth: number): ExpressionNode => {
      let node: ExpressionNode = equal(column('p', 'id'), slot(0));
      for (let level = 0; level < depth; level++) {
        node =
          level % 2 === 0
            ? { kind: 'not', operand: node }
            : { kind: 'logical', operator: 'or', operands: [node, { kind: 'logical', operator: 'or', operands: [] }] };
      }
      return node;
    };
    // The SELECT and the comparison are levels, too.
    expect(where(nested(498), [2]).ids).toHaveLength(3);
    for (const depth of [499, 100_000]) {
      expect(() => compile(ids(nested(depth)), sqlite)).toThrow(ValidationError);
    }
  });
});

describe('Parameters without a declared type', () => {
  it('keep whole numbers and bigints whole', () => {
    const node: SelectNode = {
      ...base,
      columns: [
        { kind: 'raw', texts: ['typeof(', ')'], holes: [value(3_000_000_000)] },
        { kind: 'raw', texts: ['', ' + 0'], holes: [value(2n ** 60n)] },
        { kind: 'raw', texts: ['typeof(', ')'], holes: [value(1.5)] },
        { kind: 'raw', texts: ['typeof(', ')'], holes: [value('5')] },
      ],
      limit: value(1),
    };
    expect(run(node).rows).toEqual([['integer', 2n ** 60n, 'real', 'text']]);
  });
});

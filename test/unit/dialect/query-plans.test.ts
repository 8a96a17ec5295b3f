import { beforeEach, describe, expect, it } from 'vitest';
import type { PlainStatementNode } from '../../../src/ast/statement-node.ts';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
  raw.db.run(`
    CREATE TABLE t (id INTEGER PRIMARY KEY, k TEXT NOT NULL UNIQUE, b BLOB UNIQUE, version INTEGER, name TEXT) STRICT;
    CREATE TABLE c (a TEXT, n INTEGER, PRIMARY KEY (a, n)) STRICT`);
});

function plan(node: PlainStatementNode): string[] {
  return raw.all(`EXPLAIN QUERY PLAN ${compile(node, sqlite).sql}`).map((row) => String(row[3]));
}

function inList(table: string, columns: Readonly<Record<string, ColumnType>>): PlainStatementNode {
  return {
    kind: 'select',
    columns: [],
    from: { kind: 'table', name: table, alias: 'x' },
    joins: [],
    where: {
      kind: 'in-list',
      operands: Object.keys(columns).map((name) => ({ kind: 'column', alias: 'x', name })),
      types: Object.values(columns),
      list: { kind: 'slot', index: 0, type: null },
      negated: false,
    },
    orderBy: [],
    limit: null,
    offset: null,
  };
}

describe('A list of keys is searched by the index', () => {
  it.each([
    ['rowids', 't', { id: { name: 'integer' } }, 'SEARCH x USING INTEGER PRIMARY KEY (rowid=?)'],
    ['texts', 't', { k: { name: 'text' } }, 'SEARCH x USING COVERING INDEX sqlite_autoindex_t_1 (k=?)'],
    ['bytes', 't', { b: { name: 'bytes' } }, 'SEARCH x USING COVERING INDEX sqlite_autoindex_t_2 (b=?)'],
    [
      'tuples',
      'c',
      { a: { name: 'text' }, n: { name: 'integer' } },
      'SEARCH x USING COVERING INDEX sqlite_autoindex_c_1 (a=? AND n=?)',
    ],
  ] as const)('%s', (_, table, columns, expected) => {
    expect(plan(inList(table, columns))).toContain(expected);
  });
});

describe('An UPDATE of many rows reads the list once and searches each row by its key', () => {
  it.each([2, 100, 500])('%i rows', (rows) => {
    const set = [{ name: 'name', type: { name: 'text' } }] as const;
    const version = { name: 'version', type: { name: 'integer' } } as const;
    const byId = { name: 'id', type: { name: 'integer' } } as const;
    const byText = { name: 'k', type: { name: 'text' } } as const;
    expect(plan({ kind: 'update-rows', table: 't', match: [byId, version], set, rows })).toEqual([
      'MATERIALIZE v',
      `SCAN ${rows} CONSTANT ROWS`,
      'SCAN v',
      'SEARCH t USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
    expect(plan({ kind: 'update-rows', table: 't', match: [byText], set, rows }).at(-1)).toBe(
      'SEARCH t USING COVERING INDEX sqlite_autoindex_t_1 (k=?)',
    );
  });
});

describe('An UPDATE with as many parameters as SQLite takes', () => {
  it('is more than 500 rows long', () => {
    const match = [{ name: 'id', type: { name: 'integer' } }] as const;
    const set = [{ name: 'name', type: { name: 'text' } }] as const;
    raw.db.run(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
      INSERT INTO t (id, k) SELECT i, 'k' || i FROM n`);
    const { sql } = compile({ kind: 'update-rows', table: 't', match, set, rows: 16_383 }, sqlite);
    const params = Array.from({ length: 16_383 }, (_, row) => [row + 1, `n${row + 1}`]).flat();
    raw.all({ sql, params });
    expect(raw.all(`SELECT COUNT(*), SUM(name = 'n' || id) FROM t WHERE name IS NOT NULL`)).toEqual([[16_383, 16_383]]);
  });
});

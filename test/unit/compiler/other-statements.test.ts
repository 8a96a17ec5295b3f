import { beforeEach, describe, expect, it } from 'vitest';
import type { PlainStatementNode } from '../../../src/ast/statement-node.ts';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
  raw.db.run(
    `CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT) STRICT; INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c')`,
  );
});

function run(node: PlainStatementNode, values: readonly WireValue[] = []): WireValue[][] {
  return raw.all(bindStatement(compile(node, sqlite), values));
}

describe('DELETE', () => {
  const node: PlainStatementNode = {
    kind: 'delete',
    table: 't',
    alias: 'd',
    where: {
      kind: 'in-list',
      operands: [{ kind: 'column', alias: 'd', name: 'id' }],
      types: [{ name: 'integer' }],
      list: { kind: 'slot', index: 0, type: null },
      negated: false,
    },
  };

  it('removes the rows of a list of keys', () => {
    expect(compile(node, sqlite)).toEqual({
      sql: 'DELETE FROM "t" AS "d" WHERE "d"."id" IN (SELECT value FROM json_each(?))',
      bindings: [0],
      direct: true,
      reads: [],
      writes: ['t'],
    });
    run(node, [sqlite.encodeList([[1], [3], [99]], [{ name: 'integer' }])]);
    expect(raw.db.getRowsModified()).toBe(2);
    expect(raw.all('SELECT id FROM t')).toEqual([[2]]);
  });

  it('of an empty list removes nothing', () => {
    run(node, [sqlite.encodeList([], [{ name: 'integer' }])]);
    expect(raw.all('SELECT COUNT(*) FROM t')).toEqual([[3]]);
  });
});

describe('Savepoints', () => {
  it('are opened, rolled back and released, whatever their name', () => {
    const name = 'a"; DROP TABLE t; --';
    const step = (action: 'create' | 'release' | 'rollback'): string => {
      run({ kind: 'savepoint', action, name });
      return compile({ kind: 'savepoint', action, name }, sqlite).sql;
    };
    expect(step('create')).toBe('SAVEPOINT "a""; DROP TABLE t; --"');
    raw.db.run('DELETE FROM t');
    expect(step('rollback')).toBe('ROLLBACK TO SAVEPOINT "a""; DROP TABLE t; --"');
    expect(step('release')).toBe('RELEASE SAVEPOINT "a""; DROP TABLE t; --"');
    expect(raw.all('SELECT COUNT(*) FROM t')).toEqual([[3]]);
    expect(() => step('release')).toThrow(/no such savepoint/);
  });
});

describe('Definitions and raw statements', () => {
  it('pass text on and tell what they write', () => {
    const definition: PlainStatementNode = { kind: 'definition', sql: 'CREATE TABLE "n" ("x" INTEGER)', table: 'n' };
    expect(compile(definition, sqlite)).toMatchObject({
      sql: definition.sql,
      bindings: [],
      direct: true,
      writes: ['n'],
    });
    run(definition);
    expect(raw.all('SELECT name FROM sqlite_schema ORDER BY name')).toEqual([['n'], ['t']]);
  });

  it('never re-scan parameters for placeholders', () => {
    const naughty = ['?', '$1', ':id', '@p', "'; DROP TABLE t; --"];
    const node: PlainStatementNode = {
      kind: 'raw-statement',
      texts: ['SELECT ', ', ', ', ', ', ', ', ', ''],
      holes: naughty.map((value) => ({ kind: 'value', value, type: null })),
      writes: null,
    };
    expect(compile(node, sqlite)).toMatchObject({
      sql: 'SELECT ?, ?, ?, ?, ?',
      direct: false,
      reads: [],
      writes: null,
    });
    expect(run(node)).toEqual([naughty]);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { SelectNode } from '../../../src/ast/query-node.ts';
import type { PlainStatementNode } from '../../../src/ast/statement-node.ts';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { createSchema as schemaStatements } from '../../../src/dialect/sqlite/create-schema.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { ValidationError } from '../../../src/errors.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

const attacks = [
  'a"b',
  'a`b',
  'a]b',
  "it's",
  'x"; drop table sentinel; --',
  'a.b',
  'a"."b',
  'count(*) as x',
  ' ',
  'trail ',
  'line\nbreak',
  '-- comment',
  '/* comment */',
  'select',
  'SELECT',
  'emoji😀',
  'é',
  '\uFEFFx',
  '__proto__',
  'constructor',
  'value',
  'v',
  'V',
  'rowid',
  '0',
  '?',
  '$1',
  'a'.repeat(64),
  'a'.repeat(65),
  'ü'.repeat(70),
  'a'.repeat(10_000),
];

const integer = { name: 'integer' } as const;
const text = { name: 'text' } as const;

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
  raw.db.run('CREATE TABLE sentinel (x INTEGER); INSERT INTO sentinel VALUES (1)');
});

function run(node: PlainStatementNode, values: readonly WireValue[]): WireValue[][] {
  return raw.all(bindStatement(compile(node, sqlite), values));
}

describe('A name is one identifier, whatever is in it', () => {
  for (const name of attacks) {
    it(JSON.stringify(name).slice(0, 60), () => {
      const key = name.toLowerCase() === 'key' ? 'id' : 'key';
      const columns = [
        { name: key, type: integer },
        { name, type: text },
      ];
      const table = {
        name,
        columns: [
          { name: key, type: integer, nullable: false, generated: true, default: null },
          { name, type: { ...text, maxLength: 5 }, nullable: false, generated: false, default: null },
        ],
        primaryKey: [key],
        uniques: [{ name: `${name}_key`, columns: [name] }],
        indexes: [{ name: `${name}_idx`, columns: [name] }],
        foreignKeys: [],
      };
      for (const { sql } of schemaStatements({ tables: [table] })) raw.db.run(sql);
      run({ kind: 'insert', table: name, columns, rows: 2, key: null, ignoreConflicts: false }, [1, 'one', 2, 'two']);
      const match = columns.slice(0, 1);
      const set = columns.slice(1);
      run({ kind: 'update-rows', table: name, match, set, rows: 1 }, [1, 'ONE']);
      run({ kind: 'update-rows', table: name, match, set, rows: 2 }, [2, 'TWO', 3, 'none']);
      const column = { kind: 'column', alias: name, name } as const;
      const node: SelectNode = {
        kind: 'select',
        columns: [column, { kind: 'column', alias: name, name: key }],
        from: { kind: 'table', name, alias: name },
        joins: [],
        where: { kind: 'comparison', operator: '<>', left: column, right: { kind: 'slot', index: 0, type: text } },
        orderBy: [{ kind: 'order', operand: column, direction: 'asc' }],
        limit: null,
        offset: null,
      };
      expect(run(node, [name])).toEqual([
        ['ONE', 1],
        ['TWO', 2],
      ]);
      expect(raw.all({ sql: sqlite.allocateKeys?.(name, key) ?? '', params: [1] })).toEqual([[3]]);
      const where = {
        kind: 'comparison',
        operator: '=',
        left: column,
        right: { kind: 'slot', index: 0, type: text },
      } as const;
      run({ kind: 'delete', table: name, alias: name, where }, ['ONE']);
      expect(raw.all(`SELECT COUNT(*) FROM ${sqlite.quote(name)} AS "t"`)).toEqual([[1]]);
      expect(raw.all('SELECT x FROM sentinel')).toEqual([[1]]);
    });
  }
});

describe('A name that cannot be kept is refused', () => {
  for (const name of ['', 'a\0b', '\uD800']) {
    it(JSON.stringify(name), () => {
      expect(() => sqlite.quote(name)).toThrow(ValidationError);
    });
  }
});

describe('A column that is not there', () => {
  it('is an error and never a string that happens to be equal', () => {
    const column = { kind: 'column', alias: 's', name: 'nope' } as const;
    const node: SelectNode = {
      kind: 'select',
      columns: [column],
      from: { kind: 'table', name: 'sentinel', alias: 's' },
      joins: [],
      where: { kind: 'comparison', operator: '=', left: column, right: { kind: 'slot', index: 0, type: text } },
      orderBy: [{ kind: 'order', operand: column, direction: 'asc' }],
      limit: null,
      offset: null,
    };
    expect(() => run(node, ['nope'])).toThrow(/no such column: s\.nope/);
    expect(() => run({ ...node, where: null }, [])).toThrow(/no such column: s\.nope/);
    const set = [{ name: 'nope', type: text }];
    const match = [{ name: 'x', type: integer }];
    expect(() => run({ kind: 'update-rows', table: 'sentinel', match, set, rows: 1 }, [1, 'a'])).toThrow(
      /no such column/,
    );
    expect(() =>
      run({ kind: 'update-rows', table: 'sentinel', match: set, set: match, rows: 2 }, ['nope', 1, 'nope', 2]),
    ).toThrow(/no such column/);
  });
});

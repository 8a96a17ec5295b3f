import { describe, expect, it } from 'vitest';
import { children, type Node, type NodeMap } from '../../../src/ast/node-map.ts';
import type { ExpressionNode, SelectionNode, SelectNode } from '../../../src/ast/query-node.ts';
import type { BuiltStatementNode, PlainStatementNode, StatementNode } from '../../../src/ast/statement-node.ts';
import { type Transformer, transform } from '../../../src/ast/transform.ts';
import { visit } from '../../../src/ast/visit.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { queryCompiler } from '../../../src/compiler/compile-query.ts';
import type { CompiledStatement } from '../../../src/compiler/compiled-statement.ts';
import { queryDialectOf } from '../../../src/dialect/query-dialects.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { ValidationError } from '../../../src/errors.ts';

const integer = { name: 'integer' } as const;
const column: ExpressionNode = { kind: 'column', alias: 'a', name: 'x' };
const slot = { kind: 'slot', index: 0, type: integer } as const;
const select = (columns: readonly ExpressionNode[], where: ExpressionNode | null): SelectNode => ({
  kind: 'select',
  columns,
  from: { kind: 'table', name: 'a', alias: 'a' },
  joins: [
    { kind: 'join', type: 'left', table: { kind: 'table', name: 'b', alias: 'b' }, on: { ...column, alias: 'b' } },
  ],
  where,
  orderBy: [{ kind: 'order', operand: { kind: 'ordered', operand: column, type: integer }, direction: 'asc' }],
  limit: slot,
  offset: { kind: 'value', value: 1, type: integer },
});

// Every kind of node, each at least once.
const everyExpression: ExpressionNode = {
  kind: 'logical',
  operator: 'and',
  operands: [
    { kind: 'comparison', operator: '=', left: column, right: slot },
    { kind: 'not', operand: { kind: 'null-test', operand: column, negated: true } },
    { kind: 'like', operand: column, type: { name: 'text' }, pattern: slot, negated: false },
    { kind: 'in-list', operands: [column, column], types: [integer, integer], list: slot, negated: true },
    { kind: 'exists', query: select([{ kind: 'count' }], null), negated: false },
    { kind: 'raw', texts: ['abs(', ')'], holes: [column] },
  ],
};
// What only built queries have.
const selection: SelectionNode = {
  kind: 'selection',
  recursions: [
    {
      kind: 'recursion',
      name: 'r',
      columns: ['c0'],
      base: select([column], null),
      step: select([column], null),
      distinct: true,
    },
  ],
  distinct: true,
  columns: [
    { kind: 'projection', operand: { kind: 'parameter', index: 0, type: integer }, name: 'c0' },
    {
      kind: 'projection',
      operand: {
        kind: 'over',
        call: { kind: 'call', function: 'sum', operands: [column], distinct: false, type: integer },
        partitionBy: [column],
        orderBy: [{ kind: 'order', operand: column, direction: 'desc' }],
        frame: { from: -1, to: null },
      },
      name: null,
    },
    {
      kind: 'projection',
      operand: {
        kind: 'case',
        branches: [{ kind: 'branch', condition: { kind: 'distinct-from', left: column, right: slot }, value: column }],
        otherwise: { kind: 'cast', operand: column, type: { name: 'text' } },
      },
      name: null,
    },
  ],
  from: { kind: 'derived', query: select([column], null), alias: 'd' },
  joins: [
    {
      kind: 'source-join',
      type: 'left',
      source: {
        kind: 'joined',
        left: { kind: 'table', name: 'c', alias: 'c' },
        right: { kind: 'table', name: 'd', alias: 'e' },
        on: column,
      },
      on: { kind: 'in-query', operand: column, query: select([column], null), negated: true },
    },
    { kind: 'source-join', type: 'inner', source: { kind: 'recursive-rows', name: 'r', alias: 'f' }, on: column },
  ],
  where: { kind: 'exists-query', query: select([], null), negated: false },
  groupBy: [{ kind: 'arithmetic', operator: '+', left: column, right: { kind: 'subquery', query: select([], null) } }],
  having: column,
  orderBy: [{ kind: 'order', operand: { kind: 'constant', value: 1 }, direction: 'asc' }],
  limit: slot,
  offset: slot,
};
const builtStatements: readonly BuiltStatementNode[] = [
  { kind: 'compound', operator: 'union', left: selection, right: select([column], null) },
  {
    kind: 'bulk-update',
    table: 'a',
    alias: 'a',
    set: [{ kind: 'assignment', column: 'x', value: column }],
    where: column,
  },
];
const plainStatements: readonly PlainStatementNode[] = [
  select([column, { kind: 'count' }, { kind: 'collect', operand: column, type: integer }], everyExpression),
  { kind: 'insert', table: 'a', columns: [{ name: 'x', type: integer }], rows: 2, key: null, ignoreConflicts: false },
  {
    kind: 'update-rows',
    table: 'a',
    match: [{ name: 'x', type: integer }],
    set: [{ name: 'y', type: integer }],
    rows: 1,
  },
  { kind: 'delete', table: 'a', alias: 'a', where: everyExpression },
  { kind: 'savepoint', action: 'create', name: 's' },
  { kind: 'definition', sql: 'CREATE TABLE "c" ("x" INTEGER)', table: 'c' },
  { kind: 'raw-statement', texts: ['SELECT ', ''], holes: [slot], writes: [] },
];

const everyStatement: readonly StatementNode[] = [...plainStatements, ...builtStatements];
const compileAny = (node: StatementNode): CompiledStatement =>
  'compound bulk-update'.includes(node.kind)
    ? queryCompiler(queryDialectOf(sqlite))(node as BuiltStatementNode, sqlite)
    : compile(node as PlainStatementNode, sqlite);

const kinds = Object.keys(children) as (keyof NodeMap)[];

function visitAll(root: Node): Node[] {
  const seen: Node[] = [];
  const visitor = Object.fromEntries(kinds.map((kind) => [kind, (node: Node) => seen.push(node)]));
  visit(root, visitor);
  return seen;
}

/** Every object with a kind, found without the node map. */
function findAll(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return [...('kind' in value ? [value] : []), ...Object.values(value).flatMap(findAll)];
}

describe('A visitor', () => {
  it('comes to every node once, in the order of the text', () => {
    for (const statement of everyStatement) expect(visitAll(statement)).toEqual(findAll(statement));
    const seen = new Set(everyStatement.flatMap(visitAll).map((node) => node.kind));
    expect([...seen].sort()).toEqual([...kinds].sort());
  });

  it('passes by the kinds it has no entry for', () => {
    const tables: string[] = [];
    visit(everyStatement[0] as Node, { table: ({ name }) => tables.push(name) });
    expect(tables).toEqual(['a', 'b', 'a', 'b']);
  });

  it('goes as deep and as wide as the tree is', () => {
    let node: ExpressionNode = column;
    for (let depth = 0; depth < 100_000; depth++) node = { kind: 'not', operand: node };
    expect(visitAll(node)).toHaveLength(100_001);
    const operands = Array.from({ length: 200_000 }, () => column);
    expect(visitAll({ kind: 'logical', operator: 'or', operands })).toHaveLength(200_001);
  });
});

describe('A transformer', () => {
  const identity = Object.fromEntries(kinds.map((kind) => [kind, (node: Node) => node])) as Transformer;
  // Makes every node anew, so that a property which it forgot would be missing.
  const copy = Object.fromEntries(kinds.map((kind) => [kind, (node: Node) => ({ ...node })])) as Transformer;

  it('that changes nothing gives back the very same tree', () => {
    for (const statement of everyStatement) expect(transform(statement, identity)).toBe(statement);
  });

  it('that copies every node gives an equal tree with the same SQL', () => {
    for (const statement of everyStatement) {
      const copied = transform(statement, copy);
      expect(copied).not.toBe(statement);
      expect(copied).toEqual(statement);
      expect(compileAny(copied)).toEqual(compileAny(statement));
    }
  });

  it('replaces nodes anywhere, keeps the rest as it is, and freezes what it made', () => {
    const tree = everyStatement[0] as SelectNode;
    const result = transform(tree, { exists: () => ({ kind: 'null-test', operand: column, negated: false }) });
    expect(compile(result, sqlite).sql).toContain(' AND "a"."x" IS NULL AND (abs("a"."x"))');
    expect(result.joins).toBe(tree.joins);
    expect(Object.isFrozen(result)).toBe(true);
    expect(Object.isFrozen(result.where)).toBe(true);
  });

  it('refuses a condition that is too deep', () => {
    let node: ExpressionNode = column;
    for (let depth = 0; depth < 501; depth++) node = { kind: 'not', operand: node };
    expect(() => transform(node, {})).toThrow(ValidationError);
  });
});

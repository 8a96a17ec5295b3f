import type {
  BuiltExpressionNode,
  CallNode,
  CompoundNode,
  ExpressionNode,
  OrderNode,
  OverNode,
  ParameterNode,
  ProjectionNode,
  QueryNode,
  RecursionNode,
  SelectionNode,
  SourceNode,
} from '../ast/query-node.ts';
import type { BuiltStatementNode } from '../ast/statement-node.ts';
import type { BulkUpdateNode, DeleteNode } from '../ast/write-node.ts';
import type { ColumnType } from '../codec/column-type.ts';
import { bind, type Compilation, descend } from './compilation.ts';
import { deleteText } from './compile.ts';
import { compileExpression } from './compile-expression.ts';
import { compileSelect } from './compile-select.ts';
import type { Compile } from './compiled-statement.ts';
import type { Dialect } from './dialect.ts';
import type { QueryDialect } from './query-dialect.ts';

/**
 * What compiles the statements of the query builder, in the words of a dialect. Throws `validation` for names that cannot be
 * quoted, and for queries nested more than 500 deep.
 */
export function queryCompiler(words: QueryDialect): Compile<BuiltStatementNode | DeleteNode> {
  return (node, dialect) => {
    const compilation: Compilation = {
      dialect: rememberingNames(dialect),
      bindings: [],
      reads: new Set(),
      select: compileSelect,
      built: (built, inner) => builtText(built, inner, words),
      depth: 0,
    };
    const sql = statementText(node, compilation);
    const { bindings, reads } = compilation;
    return {
      sql,
      bindings,
      // Not every value that was taken in has to stand in the text.
      direct: false,
      reads: [...reads],
      writes: 'table' in node ? [node.table] : [],
    };
  };
}

/** More names than this are not those of entities only: they are forgotten all at once. */
const MOST_NAMES = 1000;

// Dialects are constants, and few; what one of them made of a name is true for ever.
const remembering = new WeakMap<Dialect, Dialect>();

// Statements name few things, and each of them many times: an alias stands before every column.
function rememberingNames(dialect: Dialect): Dialect {
  const known = remembering.get(dialect);
  if (known !== undefined) return known;
  const made = { ...dialect, quote: remembered(dialect.quote) };
  remembering.set(dialect, made);
  return made;
}

function remembered(quote: Dialect['quote']): Dialect['quote'] {
  const quoted = new Map<string, string>();
  return (identifier) => {
    const known = quoted.get(identifier);
    if (known !== undefined) return known;
    if (quoted.size >= MOST_NAMES) quoted.clear();
    const text = quote(identifier);
    quoted.set(identifier, text);
    return text;
  };
}

function statementText(node: BuiltStatementNode | DeleteNode, compilation: Compilation): string {
  switch (node.kind) {
    case 'bulk-update':
      return updateText(node, compilation);
    case 'delete':
      return deleteText(node, compilation);
    default:
      return queryText(node, compilation);
  }
}

function queryText(node: QueryNode, compilation: Compilation): string {
  switch (node.kind) {
    case 'select':
      return compileSelect(node, compilation);
    case 'compound':
      return compoundText(node, compilation);
    case 'selection':
      return selectionText(node, compilation);
  }
}

function compoundText({ operator, left, right }: CompoundNode, compilation: Compilation): string {
  descend(compilation);
  const sql = `${queryText(left, compilation)} ${operator.toUpperCase()} ${queryText(right, compilation)}`;
  compilation.depth--;
  return sql;
}

function selectionText(node: SelectionNode, compilation: Compilation): string {
  descend(compilation);
  let sql = node.recursions.length === 0 ? '' : `WITH RECURSIVE ${list(node.recursions, recursionText, compilation)} `;
  sql += `SELECT ${node.distinct ? 'DISTINCT ' : ''}${list(node.columns, projectionText, compilation)}`;
  sql += ` FROM ${sourceText(node.from, compilation)}`;
  for (const join of node.joins) {
    const source = join.kind === 'join' ? join.table : join.source;
    sql += `${join.type === 'left' ? ' LEFT' : ''} JOIN ${sourceText(source, compilation)}`;
    sql += ` ON ${compileExpression(join.on, compilation)}`;
  }
  if (node.where !== null) sql += ` WHERE ${compileExpression(node.where, compilation)}`;
  if (node.groupBy.length > 0) sql += ` GROUP BY ${list(node.groupBy, compileExpression, compilation)}`;
  if (node.having !== null) sql += ` HAVING ${compileExpression(node.having, compilation)}`;
  if (node.orderBy.length > 0) sql += ` ORDER BY ${list(node.orderBy, orderText, compilation)}`;
  sql += limitText(node, compilation);
  compilation.depth--;
  return sql;
}

function list<N>(
  nodes: readonly N[],
  textOf: (node: N, compilation: Compilation) => string,
  compilation: Compilation,
): string {
  return nodes.map((node) => textOf(node, compilation)).join(', ');
}

function recursionText(node: RecursionNode, compilation: Compilation): string {
  const { quote } = compilation.dialect;
  const union = node.distinct ? 'UNION' : 'UNION ALL';
  const body = `${queryText(node.base, compilation)} ${union} ${queryText(node.step, compilation)}`;
  return `${quote(node.name)} (${node.columns.map(quote).join(', ')}) AS (${body})`;
}

function projectionText({ operand, name }: ProjectionNode, compilation: Compilation): string {
  const text = compileExpression(operand, compilation);
  return name === null ? text : `${text} AS ${compilation.dialect.quote(name)}`;
}

function sourceText(source: SourceNode, compilation: Compilation): string {
  const { quote } = compilation.dialect;
  if (source.kind === 'derived') return `(${queryText(source.query, compilation)}) AS ${quote(source.alias)}`;
  if (source.kind === 'joined') {
    const [left, right] = [sourceText(source.left, compilation), sourceText(source.right, compilation)];
    return `(${left} JOIN ${right} ON ${compileExpression(source.on, compilation)})`;
  }
  if (source.kind === 'table') compilation.reads.add(source.name);
  return `${quote(source.name)} AS ${quote(source.alias)}`;
}

function orderText({ operand, direction }: OrderNode, compilation: Compilation): string {
  return compileExpression(operand, compilation) + (direction === 'desc' ? ' DESC' : '');
}

function limitText({ limit, offset }: SelectionNode, compilation: Compilation): string {
  if (limit === null && offset === null) return '';
  const limitSql = limit && compileExpression(limit, compilation);
  const offsetSql = offset && compileExpression(offset, compilation);
  return ` ${compilation.dialect.hooks.limit(limitSql, offsetSql)}`;
}

function updateText({ table, alias, set, where }: BulkUpdateNode, compilation: Compilation): string {
  const { quote } = compilation.dialect;
  const assignments = set.map(({ column, value }) => `${quote(column)} = ${compileExpression(value, compilation)}`);
  const sql = `UPDATE ${quote(table)} AS ${quote(alias)} SET ${assignments.join(', ')}`;
  return where === null ? sql : `${sql} WHERE ${compileExpression(where, compilation)}`;
}

function builtText(node: BuiltExpressionNode, compilation: Compilation, words: QueryDialect): string {
  switch (node.kind) {
    case 'parameter':
      // The value only says that the type has to stand beside it.
      return bind(compilation, node.index, typeOf(node), 0);
    case 'constant':
      return String(node.value);
    case 'call':
      return cast(callText(node, compilation, words), node, words);
    case 'over':
      return cast(overText(node, compilation, words), node.call, words);
    case 'arithmetic':
      return words.arithmetic(node.operator, inner(node.left, compilation), inner(node.right, compilation));
    case 'cast':
      return words.cast(compileExpression(node.operand, compilation), node.type);
    case 'distinct-from':
      return words.distinctFrom(inner(node.left, compilation), inner(node.right, compilation));
    case 'case': {
      const branches = node.branches.map(({ condition, value }) => {
        const when = compileExpression(condition, compilation);
        return `WHEN ${when} THEN ${compileExpression(value, compilation)} `;
      });
      const otherwise = node.otherwise === null ? '' : `ELSE ${compileExpression(node.otherwise, compilation)} `;
      return `CASE ${branches.join('')}${otherwise}END`;
    }
    case 'subquery':
      return `(${queryText(node.query, compilation)})`;
    case 'exists-query':
      return `${node.negated ? 'NOT ' : ''}EXISTS (${queryText(node.query, compilation)})`;
    case 'in-query': {
      const operand = inner(node.operand, compilation);
      return `${operand} ${node.negated ? 'NOT ' : ''}IN (${queryText(node.query, compilation)})`;
    }
  }
}

// Drivers of SQLite bind any number as floating point: a whole one is said to be so, or what is computed with it were not.
function typeOf({ type }: ParameterNode): ColumnType {
  return type.name === 'integer' ? { ...type, name: 'bigint' } : type;
}

function cast(text: string, { type }: CallNode, words: QueryDialect): string {
  return type === null ? text : words.cast(text, type);
}

function callText(node: CallNode, compilation: Compilation, words: QueryDialect): string {
  if (node.function === 'count' && node.operands.length === 0) return 'COUNT(*)';
  const operands = node.operands.map((operand) => compileExpression(operand, compilation));
  const [first = '', ...rest] = operands;
  return words.call(node.function, node.distinct ? [`DISTINCT ${first}`, ...rest] : operands);
}

function overText(
  { call, partitionBy, orderBy, frame }: OverNode,
  compilation: Compilation,
  words: QueryDialect,
): string {
  const text = callText(call, compilation, words);
  const parts = [
    ...(partitionBy.length === 0 ? [] : [`PARTITION BY ${list(partitionBy, compileExpression, compilation)}`]),
    ...(orderBy.length === 0 ? [] : [`ORDER BY ${list(orderBy, orderText, compilation)}`]),
    ...(frame === null
      ? []
      : [`ROWS BETWEEN ${boundText(frame.from, 'PRECEDING')} AND ${boundText(frame.to, 'FOLLOWING')}`]),
  ];
  return `${text} OVER (${parts.join(' ')})`;
}

function boundText(distance: number | null, unbounded: 'PRECEDING' | 'FOLLOWING'): string {
  if (distance === null) return `UNBOUNDED ${unbounded}`;
  if (distance === 0) return 'CURRENT ROW';
  return distance < 0 ? `${-distance} PRECEDING` : `${distance} FOLLOWING`;
}

// Operators have other ranks in each engine; parentheses have the same in all.
function inner(node: ExpressionNode, compilation: Compilation): string {
  const text = compileExpression(node, compilation);
  return node.kind === 'column' || node.kind === 'parameter' || node.kind === 'call' || node.kind === 'slot'
    ? text
    : `(${text})`;
}

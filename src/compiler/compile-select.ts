import type { ColumnNode, ExpressionNode, OrderNode, SelectNode, TableNode } from '../ast/query-node.ts';
import { type Compilation, descend } from './compilation.ts';
import { compileExpression } from './compile-expression.ts';

/** The SQL of a SELECT, or of a sub-query. Without columns it selects `1`, as EXISTS wants. */
export function compileSelect(node: SelectNode, compilation: Compilation): string {
  descend(compilation);
  const columns = node.columns.map((column) => columnText(column, compilation));
  let sql = `SELECT ${columns.join(', ') || '1'} FROM ${tableText(node.from, compilation)}`;
  for (const { type, table, on } of node.joins) {
    sql += `${type === 'left' ? ' LEFT' : ''} JOIN ${tableText(table, compilation)}`;
    sql += ` ON ${compileExpression(on, compilation)}`;
  }
  if (node.where !== null) sql += ` WHERE ${compileExpression(node.where, compilation)}`;
  if (node.orderBy.length > 0) {
    sql += ` ORDER BY ${node.orderBy.map((order) => orderText(order, compilation)).join(', ')}`;
  }
  sql += limitText(node, compilation) + lockText(node, compilation);
  compilation.depth--;
  return sql;
}

// What is read by an expression keeps its name, by which an outer SELECT knows it.
function columnText(column: ExpressionNode, compilation: Compilation): string {
  const text = compileExpression(column, compilation);
  const { name, type } = column as Partial<ColumnNode>;
  return name && type?.custom?.read ? `${text} AS ${compilation.dialect.quote(name)}` : text;
}

function tableText({ name, alias }: TableNode, { dialect, reads }: Compilation): string {
  reads.add(name);
  return `${dialect.quote(name)} AS ${dialect.quote(alias)}`;
}

function orderText({ operand, direction }: OrderNode, compilation: Compilation): string {
  return compileExpression(operand, compilation) + (direction === 'desc' ? ' DESC' : '');
}

function limitText({ limit, offset }: SelectNode, compilation: Compilation): string {
  if (limit === null && offset === null) return '';
  const limitSql = limit && compileExpression(limit, compilation);
  const offsetSql = offset && compileExpression(offset, compilation);
  return ` ${compilation.dialect.hooks.limit(limitSql, offsetSql)}`;
}

// Whoever makes such a node has asked for the hook.
function lockText({ lock, from }: SelectNode, { dialect }: Compilation): string {
  return lock === undefined ? '' : ` ${dialect.hooks.lock?.(lock, dialect.quote(from.alias))}`;
}

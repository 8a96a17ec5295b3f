import type { PlainStatementNode } from '../ast/statement-node.ts';
import type { DeleteNode, InsertNode, SavepointNode, TargetColumn, UpdateRowsNode } from '../ast/write-node.ts';
import { bind, bindBare, type Compilation } from './compilation.ts';
import { compileExpression, compileRaw } from './compile-expression.ts';
import { compileSelect } from './compile-select.ts';
import type { CompiledStatement } from './compiled-statement.ts';
import type { Dialect, RowParameters } from './dialect.ts';

/**
 * Turns a statement node into SQL text of a dialect and the sources of its parameters. The result is good for every
 * execution of a node of the same shape.
 *
 * Throws `validation` for names that cannot be quoted and for conditions nested more than 500 deep, and
 * `unsupported-by-driver` for what the dialect cannot express.
 */
export function compile(node: PlainStatementNode, dialect: Dialect): CompiledStatement {
  const compilation: Compilation = { dialect, bindings: [], reads: new Set(), select: compileSelect, depth: 0 };
  const sql = statementText(node, compilation);
  const { bindings, reads } = compilation;
  return {
    sql,
    bindings,
    direct: bindings.every((binding, index) => binding === index),
    reads: [...reads],
    writes: writesOf(node),
  };
}

function statementText(node: PlainStatementNode, compilation: Compilation): string {
  switch (node.kind) {
    case 'select':
      return compileSelect(node, compilation);
    case 'insert':
      return insertText(node, compilation);
    case 'update-rows':
      return updateText(node, compilation);
    case 'delete':
      return deleteText(node, compilation);
    case 'savepoint':
      return savepointText(node, compilation);
    case 'definition':
      return node.sql;
    case 'raw-statement':
      return compileRaw(node, compilation);
  }
}

function writesOf(node: PlainStatementNode): readonly string[] | null {
  switch (node.kind) {
    case 'select':
    case 'savepoint':
      return [];
    case 'raw-statement':
      return node.writes;
    default:
      return [node.table];
  }
}

function insertText(node: InsertNode, compilation: Compilation): string {
  const { hooks } = compilation.dialect;
  const insert = hooks.insertRows({ ...node, ...rowParameters(node.rows, node.columns, compilation) });
  return node.upsert === undefined ? insert : `${insert} ${hooks.onConflict(node.table, node.upsert)}`;
}

function updateText(node: UpdateRowsNode, compilation: Compilation): string {
  const columns = [...node.match, ...node.set];
  return compilation.dialect.hooks.updateRows({ ...node, ...rowParameters(node.rows, columns, compilation) });
}

function rowParameters(
  rows: InsertNode['rows'],
  columns: readonly TargetColumn[],
  compilation: Compilation,
): RowParameters {
  return {
    rows,
    parameter: (row, column) =>
      rows === 'lists'
        ? bindBare(compilation, column)
        : bind(compilation, row * columns.length + column, columns[column]?.type ?? null),
  };
}

/** The SQL of a DELETE. */
export function deleteText({ table, alias, where }: DeleteNode, compilation: Compilation): string {
  const { dialect } = compilation;
  const from = dialect.hooks.deleteFrom(dialect.quote(table), dialect.quote(alias));
  return `${from} WHERE ${compileExpression(where, compilation)}`;
}

const savepointActions = { create: 'SAVEPOINT', release: 'RELEASE SAVEPOINT', rollback: 'ROLLBACK TO SAVEPOINT' };

function savepointText({ action, name }: SavepointNode, { dialect }: Compilation): string {
  return `${savepointActions[action]} ${dialect.quote(name)}`;
}

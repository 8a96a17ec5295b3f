import type { DatabaseColumn, DatabaseModel, DatabaseTable } from '../../schema/database-model.ts';
import { sameContent } from './same-content.ts';

/**
 * The target of an expansion: what a program of before and one of after can both work with (expand and contract,
 * https://martinfowler.com/bliki/ParallelChange.html). Tables and columns that go are still there, and may be NULL; what is new
 * may be NULL, too; no constraint comes. What is left between it and the target is the contraction.
 */
export function expandModel(current: DatabaseModel, target: DatabaseModel): DatabaseModel {
  const known = new Map(current.tables.map((table) => [table.name, table]));
  const wanted = new Set(target.tables.map(({ name }) => name));
  const tables = target.tables.map((table) => {
    const old = known.get(table.name);
    return old === undefined ? table : expandTable(old, table);
  });
  return {
    tables: [...tables, ...current.tables.filter(({ name }) => !wanted.has(name))],
    unmanaged: target.unmanaged,
  };
}

function expandTable(old: DatabaseTable, table: DatabaseTable): DatabaseTable {
  const names = new Set(table.columns.map(({ name }) => name));
  const former = new Map(old.columns.map((column) => [column.name, column]));
  const ofGone = ({ columns }: { readonly columns: readonly string[] }) => columns.some((column) => !names.has(column));
  const indexesOfGone = old.indexes.filter(({ parts }) =>
    parts.some(({ column }) => column !== null && !names.has(column)),
  );
  const isKnown = (parts: readonly object[]) => (part: object) => parts.some((other) => sameContent(other, part));
  return {
    ...table,
    columns: [
      ...table.columns.map((column) => expandColumn(former.get(column.name), column)),
      ...old.columns.filter(({ name }) => !names.has(name)).map((column) => loosen(column)),
    ],
    primaryKey: old.primaryKey,
    uniques: [...table.uniques.filter(isKnown(old.uniques)), ...old.uniques.filter(ofGone)],
    checks: table.checks.filter(isKnown(old.checks)),
    foreignKeys: [...table.foreignKeys.filter(isKnown(old.foreignKeys)), ...old.foreignKeys.filter(ofGone)],
    indexes: [...table.indexes, ...indexesOfGone],
  };
}

function expandColumn(old: DatabaseColumn | undefined, column: DatabaseColumn): DatabaseColumn {
  if (old === undefined) return loosen(column);
  return old.nullable && !column.nullable ? { ...column, nullable: true } : column;
}

// A program that does not know a column leaves it out.
function loosen(column: DatabaseColumn): DatabaseColumn {
  const isFilled = column.default !== null || column.computed !== null || column.generated !== null;
  return isFilled ? column : { ...column, nullable: true };
}

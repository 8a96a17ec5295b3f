import type { DatabaseForeignKey, DatabaseIndex, DatabaseModel, DatabaseTable } from '../../schema/database-model.ts';
import { renameIdentifiers } from './rename-identifiers.ts';
import type { Renames } from './renames.ts';

const NONE: ReadonlyMap<string, string> = new Map();

/** The model as it is after nothing but the renames: in keys, foreign keys and expressions too, as engines do it. */
export function renameModel({ tables, unmanaged }: DatabaseModel, renames: Renames): DatabaseModel {
  return { tables: tables.map((table) => renameTable(table, renames)), unmanaged };
}

function renameTable(table: DatabaseTable, renames: Renames): DatabaseTable {
  const name = renames.tables.get(table.name) ?? table.name;
  const names = renames.columns.get(name) ?? NONE;
  const column = (old: string) => names.get(old) ?? old;
  const expression = (sql: string) => renameIdentifiers(sql, names);
  const keyed = <T extends { readonly columns: readonly string[] }>(key: T): T => ({
    ...key,
    columns: key.columns.map(column),
  });
  return {
    ...table,
    name,
    columns: table.columns.map((one) => ({
      ...one,
      name: column(one.name),
      computed: one.computed && { ...one.computed, expression: expression(one.computed.expression) },
    })),
    primaryKey: table.primaryKey && keyed(table.primaryKey),
    uniques: table.uniques.map(keyed),
    checks: table.checks.map((check) => ({ ...check, expression: expression(check.expression) })),
    foreignKeys: table.foreignKeys.map((key) => renameForeignKey(keyed(key), renames)),
    indexes: table.indexes.map((index) => renameIndex(index, column, expression)),
    triggers: table.triggers.map((sql) => renameIdentifiers(sql, new Map([...names, ...renames.tables]))),
  };
}

function renameForeignKey(key: DatabaseForeignKey, { tables, columns }: Renames): DatabaseForeignKey {
  const referencedTable = tables.get(key.referencedTable) ?? key.referencedTable;
  const names = columns.get(referencedTable) ?? NONE;
  return { ...key, referencedTable, referencedColumns: key.referencedColumns.map((old) => names.get(old) ?? old) };
}

function renameIndex(
  index: DatabaseIndex,
  column: (old: string) => string,
  expression: (sql: string) => string,
): DatabaseIndex {
  return {
    ...index,
    parts: index.parts.map((part) => ({
      ...part,
      column: part.column === null ? null : column(part.column),
      expression: part.expression === null ? null : expression(part.expression),
    })),
    where: index.where === null ? null : expression(index.where),
    include: index.include.map(column),
  };
}

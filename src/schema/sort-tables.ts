import type { TableModel } from './schema-model.ts';

/**
 * The tables with each one behind those it refers to, and otherwise in their given order. Tables that refer to each other
 * in a circle have no such order; they follow each other as they come.
 */
export function sortTables(tables: readonly TableModel[]): readonly TableModel[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const sorted = new Set<TableModel>();
  const visiting = new Set<TableModel>();
  const visit = (table: TableModel): void => {
    if (visiting.has(table)) return;
    visiting.add(table);
    for (const { referencedTable } of table.foreignKeys) {
      const target = byName.get(referencedTable);
      if (target !== undefined) visit(target);
    }
    sorted.add(table);
  };
  for (const table of tables) visit(table);
  return [...sorted];
}

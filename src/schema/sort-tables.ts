/** A table, as far as its place among others goes. */
export interface ReferringTable {
  readonly name: string;
  readonly foreignKeys: readonly { readonly referencedTable: string }[];
}

/**
 * The tables with each one behind those it refers to, and otherwise in their given order. Tables that refer to each other
 * in a circle have no such order; they follow each other as they come.
 */
export function sortTables<T extends ReferringTable>(tables: readonly T[]): readonly T[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const sorted = new Set<T>();
  const visiting = new Set<T>();
  const visit = (table: T): void => {
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

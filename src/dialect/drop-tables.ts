import type { DatabaseForeignKey, DatabaseTable } from '../schema/database-model.ts';
import { sortTables } from '../schema/sort-tables.ts';

/** How tables are dropped that may refer to each other. */
export interface DropPlan {
  /** Each one before those that it refers to, as far as there is such an order. */
  readonly tables: readonly DatabaseTable[];
  /** What has to go before: the foreign keys of a circle, each with the name of its table. */
  readonly foreignKeys: readonly { readonly table: string; readonly foreignKey: DatabaseForeignKey }[];
}

/** The order in which tables are dropped. */
export function planDrops(dropped: readonly DatabaseTable[]): DropPlan {
  const tables = [...sortTables(dropped)].reverse();
  const gone = new Set<string>();
  const foreignKeys = tables.flatMap(({ name, foreignKeys: keys }) => {
    const ahead = keys.filter(({ referencedTable }) => gone.has(referencedTable));
    gone.add(name);
    return ahead.map((foreignKey) => ({ table: name, foreignKey }));
  });
  return { tables, foreignKeys };
}

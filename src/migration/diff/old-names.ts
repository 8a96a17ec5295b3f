import type { SchemaChange } from '../../schema/schema-change.ts';

/** What tables and columns are called before the changes. */
export interface OldNames {
  table(name: string): string;
  column(table: string, name: string): string;
  /** All columns of a table that had another name, new name -> old name. */
  columns(table: string): ReadonlyMap<string, string>;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Reads the names from the renames among the changes; tables go by their new names. */
export function createOldNames(changes: readonly SchemaChange[]): OldNames {
  const tables = new Map<string, string>();
  const columns = new Map<string, Map<string, string>>();
  for (const change of changes) {
    if (change.kind === 'rename-table') tables.set(change.to, change.from);
    if (change.kind !== 'alter-table') continue;
    const renamed = change.changes.flatMap((one) =>
      one.kind === 'rename-column' ? [[one.to, one.from] as const] : [],
    );
    columns.set(change.after.name, new Map(renamed));
  }
  return {
    table: (name) => tables.get(name) ?? name,
    column: (table, name) => columns.get(table)?.get(name) ?? name,
    columns: (table) => columns.get(table) ?? NONE,
  };
}

import type { DatabaseColumn } from '../schema/database-model.ts';
import type { SchemaChange, TableChange } from '../schema/schema-change.ts';
import type { Fills } from './diff/diff-table.ts';
import type { Questioner } from './questioner.ts';

/**
 * The values that the rows which are there get, by table: for columns that may not be NULL any more, and for new ones that may
 * not be NULL. What the database gives to new rows is right for old ones too; for the rest somebody is asked.
 */
export async function askFills(
  changes: readonly SchemaChange[],
  ask: (table: string, column: string) => ReturnType<Questioner['fill']>,
): Promise<ReadonlyMap<string, Fills>> {
  const fills = new Map<string, Fills>();
  for (const change of changes) {
    if (change.kind !== 'alter-table') continue;
    const { name } = change.after;
    const own = new Map<string, string>();
    for (const column of change.changes.flatMap(openColumn)) {
      const fill = column.default ?? (await ask(name, column.name));
      if (fill !== null) own.set(column.name, fill);
    }
    if (own.size > 0) fills.set(name, own);
  }
  return fills;
}

/** The column that rows may lack a value of. */
function openColumn(change: TableChange): DatabaseColumn[] {
  if (change.kind === 'add-column') {
    const { column } = change;
    // The engine gives its default by itself.
    return isGiven(column) || column.default !== null ? [] : [column];
  }
  if (change.kind !== 'alter-column' || !change.before.nullable || isGiven(change.after)) return [];
  return [change.after];
}

function isGiven({ nullable, computed, generated }: DatabaseColumn): boolean {
  return nullable || computed !== null || generated !== null;
}

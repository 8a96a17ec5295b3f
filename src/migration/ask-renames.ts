import type { DatabaseModel, DatabaseTable } from '../schema/database-model.ts';
import { isOwnTable } from '../schema/own-tables.ts';
import { renameModel } from './diff/rename-model.ts';
import type { Renames } from './diff/renames.ts';
import type { Questioner } from './questioner.ts';

/** Asks of each new table and column whether it is one of those that are gone; without those there is nothing to ask. */
export async function askRenames(
  current: DatabaseModel,
  wanted: DatabaseModel,
  questioner: Questioner,
): Promise<Renames> {
  const tables = await askNames(namesOf(current.tables.filter(isOfEntity)), namesOf(wanted.tables), (name, gone) =>
    questioner.formerTable(name, gone),
  );
  const renamed = renameModel(current, { tables, columns: new Map() });
  const old = new Map(renamed.tables.map((table) => [table.name, table]));
  const columns = new Map<string, ReadonlyMap<string, string>>();
  for (const table of wanted.tables) {
    const former = old.get(table.name);
    if (former === undefined) continue;
    const names = await askNames(columnNames(former), columnNames(table), (name, gone) =>
      questioner.formerColumn(table.name, name, gone),
    );
    if (names.size > 0) columns.set(table.name, names);
  }
  return { tables, columns };
}

// A table without a primary key was never an entity's: it stays what it is.
function isOfEntity({ primaryKey }: DatabaseTable): boolean {
  return primaryKey !== null;
}

function namesOf(tables: readonly DatabaseTable[]): readonly string[] {
  return tables.filter((table) => !isOwnTable(table)).map(({ name }) => name);
}

function columnNames({ columns }: DatabaseTable): readonly string[] {
  return columns.map(({ name }) => name);
}

async function askNames(
  old: readonly string[],
  now: readonly string[],
  ask: (name: string, gone: readonly string[]) => Promise<string | null> | string | null,
): Promise<ReadonlyMap<string, string>> {
  const renames = new Map<string, string>();
  let gone = old.filter((name) => !now.includes(name));
  for (const name of now) {
    if (old.includes(name) || gone.length === 0) continue;
    const former = await ask(name, gone);
    if (former === null || !gone.includes(former)) continue;
    renames.set(former, name);
    gone = gone.filter((other) => other !== former);
  }
  return renames;
}

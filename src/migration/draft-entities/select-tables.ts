import { ConfigurationError } from '../../errors.ts';
import type { DatabaseModel } from '../../schema/database-model.ts';
import { isOwnTable } from '../../schema/own-tables.ts';

/** The part of a database that was asked for, and what was left out because it speaks of something else. */
export interface Selection {
  readonly model: DatabaseModel;
  readonly left: readonly string[];
}

/**
 * The tables of these names, or all but Meshestra's own. A foreign key to another table is left out of the model. Throws
 * `configuration` for a table that is not there.
 */
export function selectTables(model: DatabaseModel, names: readonly string[] | null): Selection {
  const own = model.tables.filter((table) => !isOwnTable(table));
  if (names === null) return { model: { ...model, tables: own }, left: [] };
  const missing = names.find((name) => !own.some((table) => table.name === name));
  if (missing !== undefined) {
    throw new ConfigurationError(
      `The database has no table '${missing}' that could be an entity; it has ${own.map(({ name }) => name).join(', ') || 'none'}.`,
      { entity: missing },
    );
  }
  const wanted = new Set(names);
  const left: string[] = [];
  const tables = own.flatMap((table) => {
    if (!wanted.has(table.name)) return [];
    const foreignKeys = table.foreignKeys.filter((key) => {
      if (wanted.has(key.referencedTable)) return true;
      left.push(`${table.name}: no relation for ${key.columns.join(', ')}: ${key.referencedTable} was not asked for`);
      return false;
    });
    return [{ ...table, foreignKeys }];
  });
  return { model: { ...model, tables }, left };
}

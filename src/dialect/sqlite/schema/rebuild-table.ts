import type { DatabaseColumn } from '../../../schema/database-model.ts';
import type { TableRebuild } from '../../../schema/migration-step.ts';
import type { AlterTable } from '../../../schema/schema-change.ts';
import { quote, textLiteral } from '../quote.ts';
import { convertedText } from './misfit.ts';
import { indexText, tableText } from './table-text.ts';

/** What holds the rows of a table while it is built anew; nobody else's table has such a name. */
const KEPT = '__meshestra_rows';
const MARK = '__meshestra_mark';

/**
 * Builds a table anew: its rows are put aside, the table is dropped and created, and the rows come back by the names of their
 * columns. No table is renamed, because RENAME fails where a view or a trigger anywhere speaks of what is missing
 * (https://www.sqlite.org/lang_altertable.html), and because it would change those that speak of the table.
 */
export function rebuildTable({ before, after, changes }: AlterTable): TableRebuild {
  const { name } = after;
  const kept = before.columns.filter(({ computed }) => computed === null);
  const columnNames = kept.map((column) => quote(column.name)).join(', ');
  const isMarked = [before, after].every(({ columns }) =>
    columns.some((column) => column.generated === 'auto-increment'),
  );
  return {
    rebuild: name,
    statements: [
      `CREATE TABLE ${quote(KEPT)} AS SELECT ${columnNames} FROM ${quote(name)}`,
      ...(isMarked ? [keepMark(name)] : []),
      `DROP TABLE ${quote(name)}`,
      tableText(after),
      restoreRows(before.columns, after.columns, name, changes),
      `DROP TABLE ${quote(KEPT)}`,
      ...(isMarked ? restoreMark(name) : []),
      ...after.indexes.map((index) => indexText(name, index)),
      ...after.triggers,
    ],
  };
}

function restoreRows(
  before: readonly DatabaseColumn[],
  after: readonly DatabaseColumn[],
  table: string,
  changes: AlterTable['changes'],
): string {
  const fills = new Map(
    changes.flatMap((change): [string, string][] => {
      if (change.kind === 'add-column' && change.fill !== null) return [[change.column.name, change.fill]];
      return change.kind === 'alter-column' && change.fill !== null ? [[change.after.name, change.fill]] : [];
    }),
  );
  const known = new Map(before.map((column) => [column.name, column]));
  const targets: string[] = [];
  const values: string[] = [];
  for (const column of after) {
    const value = restoredValue(known.get(column.name), column, fills.get(column.name));
    if (value === null) continue;
    targets.push(quote(column.name));
    values.push(value);
  }
  if (targets.length === 0) return `INSERT INTO ${quote(table)} SELECT NULL FROM ${quote(KEPT)} WHERE FALSE`;
  return `INSERT INTO ${quote(table)} (${targets.join(', ')}) SELECT ${values.join(', ')} FROM ${quote(KEPT)} ORDER BY ${quote(KEPT)}.rowid`;
}

// Null where the database gives the value: a computed column, or a new one with its default.
function restoredValue(
  before: DatabaseColumn | undefined,
  after: DatabaseColumn,
  fill: string | undefined,
): string | null {
  if (after.computed !== null) return null;
  if (before === undefined || before.computed !== null) return fill === undefined ? null : `(${fill})`;
  const value = convertedText(`${quote(KEPT)}.${quote(before.name)}`, before.type, after.type);
  return fill === undefined ? value : `COALESCE(${value}, (${fill}))`;
}

// A key that AUTOINCREMENT gave is never given again, also where its row is gone (https://www.sqlite.org/autoinc.html).
function keepMark(table: string): string {
  return `CREATE TABLE ${quote(MARK)} AS SELECT "seq" FROM "sqlite_sequence" WHERE "name" = ${textLiteral(table)}`;
}

function restoreMark(table: string): readonly string[] {
  const name = textLiteral(table);
  return [
    `DELETE FROM "sqlite_sequence" WHERE "name" = ${name}`,
    `INSERT INTO "sqlite_sequence" ("name", "seq") SELECT ${name}, "seq" FROM ${quote(MARK)}`,
    `DROP TABLE ${quote(MARK)}`,
  ];
}

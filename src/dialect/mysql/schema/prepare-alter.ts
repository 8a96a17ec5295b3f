import type { DatabaseColumn } from '../../../schema/database-model.ts';
import type { AlterTable, TableChange } from '../../../schema/schema-change.ts';
import { mentions } from '../../mentions.ts';
import { remake, replaceColumns } from '../../replace-columns.ts';
import { changesOf } from '../../table-changes.ts';
import { quote } from '../quote.ts';
import { dropClause } from './alter-table.ts';

/** A change of a table, and the clauses that drop what has to be gone before its columns get other names. */
export interface PreparedAlter {
  readonly alter: AlterTable;
  readonly early: readonly string[];
}

/**
 * Has things dropped and added again which the server does not change where they stand: what is computed at each read cannot
 * become what is stored, nor either of them a plain column. And MySQL renames no column that a check or a computed column
 * speaks of: those go before, and come again after it.
 */
export function prepareAlter(given: AlterTable): PreparedAlter {
  const renamed = changesOf(given, 'rename-column').map(({ to }) => to);
  const speaks = (expression: string | undefined) =>
    expression !== undefined && renamed.some((name) => mentions(expression, name));
  const old = new Map(given.before.columns.map(({ name, computed }) => [name, computed?.expression]));
  const dependent = new Set(
    given.after.columns.flatMap(({ name, computed }) => (computed !== null && speaks(old.get(name)) ? [name] : [])),
  );
  const rekinded = changesOf(given, 'alter-column').filter(({ before, after }) => isRekinded(before, after));
  const replaced = replaceColumns(given, new Set([...dependent, ...rekinded.map(({ after }) => after.name)]));
  const whole = remake(replaced, {
    check: ({ expression }) => speaks(expression),
    unique: () => false,
    foreignKey: () => false,
    index: () => false,
  });
  const isEarly = (change: TableChange): boolean =>
    (change.kind === 'drop-check' && speaks(change.check.expression)) || isOver(dependent, change);
  const formerly = new Map(changesOf(given, 'rename-column').map(({ from, to }) => [to, from]));
  return {
    alter: {
      ...whole,
      changes: whole.changes.filter(
        (change) => !isEarly(change) && !(change.kind === 'rename-column' && dependent.has(change.to)),
      ),
    },
    early: whole.changes
      .filter(isEarly)
      .flatMap((change) =>
        change.kind === 'drop-column'
          ? [`DROP COLUMN ${quote(formerly.get(change.column.name) ?? change.column.name)}`]
          : dropClause(change, given),
      ),
  };
}

function isRekinded(before: DatabaseColumn, after: DatabaseColumn): boolean {
  if (before.computed?.stored === false || after.computed?.stored === false) {
    return before.computed?.stored !== after.computed?.stored;
  }
  return before.computed === null && after.computed !== null;
}

function isOver(columns: ReadonlySet<string>, change: TableChange): boolean {
  switch (change.kind) {
    case 'drop-column':
      return columns.has(change.column.name);
    case 'drop-unique':
      return change.unique.columns.some((column) => columns.has(column));
    case 'drop-index':
      return change.index.parts.some(({ column }) => column !== null && columns.has(column));
    default:
      return false;
  }
}

/** Whether a column gets another type, of which its collation is a part, be it the table's. */
export function isRetyped({ changes }: AlterTable, before: DatabaseColumn, after: DatabaseColumn): boolean {
  if (before.type !== after.type || before.collation !== after.collation) return true;
  return after.collation === null && changes.some(({ kind }) => kind === 'alter-options');
}

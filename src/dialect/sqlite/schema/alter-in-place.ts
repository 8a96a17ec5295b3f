import type { DatabaseColumn, DatabaseTable } from '../../../schema/database-model.ts';
import type { AlterTable, TableChange } from '../../../schema/schema-change.ts';
import { checkText, foreignKeyText } from '../../constraint-text.ts';
import { quote } from '../quote.ts';
import { nameOf, sqlTokens } from './sql-tokens.ts';
import { columnText, indexText, isConstant } from './table-text.ts';

/**
 * The statements that change a table where it stands; null where SQLite has none for a change, so that the table has to be
 * built anew (https://www.sqlite.org/lang_altertable.html).
 */
export function alterInPlace({ before, after, changes }: AlterTable): readonly string[] | null {
  const statements: string[] = [];
  const ordered = [...changes].sort((one, other) => rank(one) - rank(other));
  const left = new Set(ordered);
  for (const change of ordered) {
    if (!left.delete(change)) continue;
    const made = statementsOf(change, before, after, left);
    if (made === null) return null;
    statements.push(...made);
  }
  return statements;
}

// A column is dropped after the indexes that it is in, and there before those that it is to be in.
function rank({ kind }: TableChange): number {
  return ['drop-index', 'drop-column', 'add-column'].indexOf(kind) + 1 || 4;
}

function statementsOf(
  change: TableChange,
  before: DatabaseTable,
  { name, ...after }: DatabaseTable,
  left: Set<TableChange>,
): readonly string[] | null {
  switch (change.kind) {
    case 'add-index':
      return [indexText(name, change.index)];
    case 'drop-index':
      return [`DROP INDEX ${quote(change.index.name)}`];
    case 'rename-index':
      return [`DROP INDEX ${quote(change.from.name)}`, indexText(name, change.to)];
    case 'alter-comment':
      return [];
    case 'add-column': {
      const text = change.fill === null ? addedText(change.column, { name, ...after }, left) : null;
      return text === null ? null : [`ALTER TABLE ${quote(name)} ADD COLUMN ${text}`];
    }
    case 'drop-column':
      return isUsed(change.column.name, before)
        ? null
        : [`ALTER TABLE ${quote(name)} DROP COLUMN ${quote(change.column.name)}`];
    default:
      return null;
  }
}

// What is said of the new column alone can be said with it.
function addedText(column: DatabaseColumn, table: DatabaseTable, left: Set<TableChange>): string | null {
  const { default: value, computed } = column;
  if (column.generated !== null || computed?.stored === true) return null;
  if (value !== null && !isConstant(value)) return null;
  if (!column.nullable && computed === null && (value === null || /^NULL$/i.test(value))) return null;
  const parts = [columnText(column)];
  for (const change of left) {
    const text = ownConstraint(change, column, table);
    if (text === null) continue;
    left.delete(change);
    parts.push(text);
  }
  return parts.join(' ');
}

function ownConstraint(
  change: TableChange,
  { name, default: value }: DatabaseColumn,
  table: DatabaseTable,
): string | null {
  if (change.kind === 'add-foreign-key') {
    const { columns } = change.foreignKey;
    // The rows that are there get NULL, which refers to nothing: SQLite asks for that.
    if (columns.length !== 1 || columns[0] !== name || value !== null) return null;
    return foreignKeyText(quote, change.foreignKey, 'column');
  }
  if (change.kind !== 'add-check') return null;
  const { expression } = change.check;
  const isOwn = table.columns.every((column) => (column.name === name) === mentions(expression, column.name));
  return isOwn ? checkText(quote, change.check) : null;
}

/** Whether an expression may speak of a column. */
function mentions(expression: string, column: string): boolean {
  return sqlTokens(expression).some((token) => nameOf(token)?.toLowerCase() === column.toLowerCase());
}

// DROP COLUMN refuses what something else speaks of; an index that does is dropped before.
function isUsed(name: string, table: DatabaseTable): boolean {
  const keys = [table.primaryKey, ...table.uniques, ...table.foreignKeys];
  const texts = [
    ...table.checks.map((check) => check.expression),
    ...table.columns.flatMap((other) => (other.name === name ? [] : (other.computed?.expression ?? []))),
    ...table.triggers,
  ];
  return keys.some((key) => key?.columns.includes(name)) || texts.some((text) => mentions(text, name));
}

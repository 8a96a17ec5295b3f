import type {
  DatabaseColumn,
  DatabaseIndex,
  DatabaseIndexPart,
  DatabaseTable,
} from '../../../schema/database-model.ts';
import { checkText, columnList, computedText, constraintName, foreignKeyText } from '../../constraint-text.ts';
import { quote } from '../quote.ts';
import { sqlTokens } from './sql-tokens.ts';

/** The CREATE TABLE of a table, without what is created besides. `ifMissing` leaves one that is there as it is. */
export function tableText(table: DatabaseTable, ifMissing = false): string {
  const { name, columns, primaryKey, options } = table;
  const inline = columns.find(({ generated }) => generated !== null);
  const lines = [
    ...columns.map((column) => columnText(column, column === inline ? keyText(table, column) : '')),
    ...(inline === undefined && primaryKey !== null
      ? [
          `${constraintName(quote, primaryKey.name)}PRIMARY KEY (${columnList(quote, primaryKey.columns)})${conflict(primaryKey)}`,
        ]
      : []),
    ...table.uniques.map(
      (unique) =>
        `${constraintName(quote, unique.name)}UNIQUE (${columnList(quote, unique.columns)})${conflict(unique)}`,
    ),
    ...table.foreignKeys.map((key) => foreignKeyText(quote, key)),
    ...table.checks.map((check) => checkText(quote, check)),
  ];
  const end = options.length === 0 ? '' : ` ${options.join(', ')}`;
  return `CREATE TABLE ${ifMissing ? 'IF NOT EXISTS ' : ''}${quote(name)} (\n  ${lines.join(',\n  ')}\n)${end}`;
}

function conflict({ onConflict }: { readonly onConflict?: string }): string {
  return onConflict === undefined ? '' : ` ON CONFLICT ${onConflict}`;
}

// The rowid has to be said with its column.
function keyText({ primaryKey }: DatabaseTable, { generated }: DatabaseColumn): string {
  const mark = generated === 'auto-increment' ? ' AUTOINCREMENT' : '';
  return `${constraintName(quote, primaryKey?.name ?? null)}PRIMARY KEY${conflict(primaryKey ?? {})}${mark}`;
}

/** A column as CREATE TABLE and ADD COLUMN take it. */
export function columnText(column: DatabaseColumn, key = ''): string {
  const { name, type, nullable, collation, computed, generated } = column;
  return [
    quote(name),
    type,
    key,
    // The rowid cannot be NULL anyway.
    nullable || generated !== null ? '' : `NOT NULL${conflict(column)}`,
    column.default === null ? '' : `DEFAULT ${defaultText(column.default)}`,
    computed === null ? '' : computedText(computed),
    collation === null ? '' : `COLLATE ${collation}`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

// A constant stands by itself: a column can be added with one, but not with an expression in parentheses.
function defaultText(expression: string): string {
  return isConstant(expression) || /^CURRENT_(?:DATE|TIME|TIMESTAMP)$/i.test(expression)
    ? expression.replace(/^([-+]) /, '$1')
    : `(${expression})`;
}

/** Whether a default is the same for every row and at every time. */
export function isConstant(expression: string): boolean {
  const [first, second, ...more] = sqlTokens(expression);
  if (first === undefined || more.length > 0) return false;
  if (second !== undefined) return (first.text === '-' || first.text === '+') && /^[\d.]/.test(second.text);
  return first.kind === 'text' || /^(?:[\d.].*|NULL|TRUE|FALSE)$/i.test(first.text);
}

/** The CREATE INDEX of an index on a table. */
export function indexText(table: string, index: DatabaseIndex, ifMissing = false): string {
  const { name, unique, parts, where } = index;
  const guard = ifMissing ? 'IF NOT EXISTS ' : '';
  const condition = where === null ? '' : ` WHERE ${where}`;
  const list = parts.map(indexPartText).join(', ');
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${guard}${quote(name)} ON ${quote(table)} (${list})${condition}`;
}

function indexPartText({ column, expression, descending, suffix }: DatabaseIndexPart): string {
  const operand = column === null ? (expression ?? '') : quote(column);
  return [operand, suffix ?? '', descending ? 'DESC' : ''].filter((part) => part !== '').join(' ');
}

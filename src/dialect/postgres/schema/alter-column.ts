import type { DatabaseColumn, DatabaseTable } from '../../../schema/database-model.ts';
import { quote, textLiteral } from '../quote.ts';
import { convert } from './conversion.ts';
import { columnText, identityText } from './table-text.ts';

/** The statements that change a column, in an order in which the server takes them. */
export function alterColumn(
  table: DatabaseTable,
  before: DatabaseColumn,
  after: DatabaseColumn,
  fill: string | null,
): readonly string[] {
  const alter = (action: string) => `ALTER TABLE ${quote(table.name)} ALTER COLUMN ${quote(after.name)} ${action}`;
  const retyped = isRetyped(before, after);
  // The server would convert the default as well, and cannot where it knows no cast for it.
  const defaultGoes = before.default !== null && (retyped || after.default === null);
  const defaultComes = after.default !== null && (retyped || before.default !== after.default);
  return [
    ...(defaultGoes ? [alter('DROP DEFAULT')] : []),
    ...dropGenerated(table.name, before, after, alter),
    ...(before.computed !== null && after.computed === null ? [alter('DROP EXPRESSION')] : []),
    ...(retyped ? retype(table.name, before, after, alter) : []),
    ...(defaultComes ? [alter(`SET DEFAULT ${after.default}`)] : []),
    ...(fill === null ? [] : fillColumn(table, after.name, fill, true)),
    ...(before.nullable === after.nullable ? [] : [alter(after.nullable ? 'DROP NOT NULL' : 'SET NOT NULL')]),
    ...addGenerated(table.name, before, after, alter),
    ...(before.comment === after.comment ? [] : [commentOnColumn(table.name, after)]),
  ];
}

/** Whether a column gets another type, of which its collation is a part. */
export function isRetyped(before: DatabaseColumn, after: DatabaseColumn): boolean {
  return before.type !== after.type || before.collation !== after.collation;
}

function retype(table: string, before: DatabaseColumn, after: DatabaseColumn, alter: Alter): readonly string[] {
  const { using } = convert(before, after);
  const collation = after.collation === null ? '' : ` COLLATE ${after.collation}`;
  const keepsSequence = before.generated === 'auto-increment' && after.generated === 'auto-increment';
  return [
    alter(`TYPE ${after.type}${collation}${using === null ? '' : ` USING ${using}`}`),
    ...(keepsSequence ? [onSequence(table, after.name, 'ALTER SEQUENCE', ` AS ${after.type}`)] : []),
  ];
}

/** The statements that add a column, and fill it in the rows that are there. */
export function addColumn(table: DatabaseTable, column: DatabaseColumn, fill: string | null): readonly string[] {
  const add = (added: DatabaseColumn) => `ALTER TABLE ${quote(table.name)} ADD COLUMN ${columnText(added)}`;
  const alter = (action: string) => `ALTER TABLE ${quote(table.name)} ALTER COLUMN ${quote(column.name)} ${action}`;
  const added =
    fill === null
      ? [add(column)]
      : [
          add({ ...column, nullable: true, default: null }),
          ...fillColumn(table, column.name, fill, false),
          ...(column.default === null ? [] : [alter(`SET DEFAULT ${column.default}`)]),
          ...(column.nullable ? [] : [alter('SET NOT NULL')]),
        ];
  return [...added, ...(column.comment === null ? [] : [commentOnColumn(table.name, column)])];
}

/** The statement that says what a column is there for. */
export function commentOnColumn(table: string, { name, comment }: DatabaseColumn): string {
  return `COMMENT ON COLUMN ${quote(table)}.${quote(name)} IS ${comment === null ? 'NULL' : textLiteral(comment)}`;
}

function fillColumn(table: DatabaseTable, column: string, fill: string, missing: boolean): readonly string[] {
  const { name, foreignKeys, uniques } = table;
  const where = missing ? ` WHERE ${quote(column)} IS NULL` : '';
  const update = `UPDATE ${quote(name)} SET ${quote(column)} = (${fill})${where}`;
  // A table with checks that are still to come cannot be altered.
  const deferred = [...foreignKeys, ...uniques].some(({ deferral }) => deferral === 'deferred');
  return deferred ? [update, 'SET CONSTRAINTS ALL IMMEDIATE'] : [update];
}

type Alter = (action: string) => string;

function isIdentity({ generated }: DatabaseColumn): boolean {
  return generated === 'identity' || generated === 'identity-always';
}

function dropGenerated(table: string, before: DatabaseColumn, after: DatabaseColumn, alter: Alter): readonly string[] {
  if (before.generated === after.generated) return [];
  if (before.generated === 'auto-increment') {
    return [alter('DROP DEFAULT'), onSequence(table, after.name, 'DROP SEQUENCE', '')];
  }
  return isIdentity(before) && !isIdentity(after) ? [alter('DROP IDENTITY')] : [];
}

function addGenerated(table: string, before: DatabaseColumn, after: DatabaseColumn, alter: Alter): readonly string[] {
  if (before.generated === after.generated || after.generated === null) return [];
  if (after.generated === 'auto-increment') return addSequence(table, after, alter);
  const text = identityText(after.generated === 'identity-always');
  if (isIdentity(before)) return [alter(`SET ${text.replace(' AS IDENTITY', '')}`)];
  return [alter(`ADD ${text}`), continueAfter(table, after.name)];
}

function addSequence(table: string, { name, type }: DatabaseColumn, alter: Alter): readonly string[] {
  const sequence = quote(cut(`${table}_${name}_seq`));
  return [
    `CREATE SEQUENCE ${sequence} AS ${type} OWNED BY ${quote(table)}.${quote(name)}`,
    alter(`SET DEFAULT nextval(${textLiteral(sequence)})`),
    continueAfter(table, name),
  ];
}

/** As much of a name as the server keeps. */
function cut(name: string): string {
  const points = [...name];
  while (new TextEncoder().encode(points.join('')).length > 63) points.pop();
  return points.join('');
}

function sequenceName(table: string, column: string): string {
  return `pg_get_serial_sequence(${textLiteral(quote(table))}, ${textLiteral(column)})`;
}

// The next key is one that no row has.
function continueAfter(table: string, column: string): string {
  const next = `greatest(coalesce(max(${quote(column)}), 0), 0) + 1`;
  return `SELECT setval(${sequenceName(table, column)}, ${next}, false) FROM ${quote(table)}`;
}

function onSequence(table: string, column: string, verb: string, end: string): string {
  const body = `BEGIN EXECUTE '${verb} ' || ${sequenceName(table, column)} || '${end}'; END`;
  return `DO ${textLiteral(body)}`;
}

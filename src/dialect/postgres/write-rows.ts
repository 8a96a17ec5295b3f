import type { TargetColumn } from '../../ast/write-node.ts';
import type { InsertText, RowParameters, UpdateText } from '../../compiler/dialect.ts';
import { updateOneRow } from '../update-one-row.ts';
import { besides, quote, sequenceOf } from './quote.ts';
import { castType, storedValue } from './storage-type.ts';

/** The whole text of an INSERT. */
export function insertRows(insert: InsertText): string {
  const { table, columns, rows, key, ignoreConflicts, parameter } = insert;
  if (rows === 'lists' && key !== null) return insertWithKeys(insert, key);
  const into = `INSERT INTO ${quote(table)}`;
  const returning = key === null ? '' : ` RETURNING 1, ${quote(key)}`;
  if (columns.length === 0) return `${into} DEFAULT VALUES${returning}`;
  const values = rows === 'lists' ? selectLists(columns, parameter) : valuesText(rows, columns, parameter);
  return `${into} (${names(columns)}) ${values}${ignoreConflicts ? ' ON CONFLICT DO NOTHING' : ''}${returning}`;
}

/**
 * The keys are drawn before the rows are written, and each row is found again by its key: RETURNING gives no order, and
 * rows that a trigger left out must not count.
 */
function insertWithKeys({ table, columns, parameter }: InsertText, key: string): string {
  const [drawn, inserted] = [besides(table, 'v'), besides(table, 'i')];
  const places = columns.map((_, column) => `"${column}"`);
  const list = `${unnest(columns, parameter)} WITH ORDINALITY AS "u"(${[...places, '"n"'].join(', ')})`;
  const values = columns.map(({ type }, column) => `, ${storedValue(`${drawn}.${places[column]}`, type)}`).join('');
  return (
    `WITH ${drawn} AS MATERIALIZED (SELECT nextval(${sequenceOf(table, key)}) AS "k", "u".* FROM ${list}), ` +
    `${inserted} AS (INSERT INTO ${quote(table)} (${quote(key)}, ${names(columns)}) OVERRIDING SYSTEM VALUE ` +
    `SELECT ${drawn}."k"${values} FROM ${drawn} RETURNING ${quote(key)} AS "k") ` +
    `SELECT ${drawn}."n", ${drawn}."k" FROM ${inserted} JOIN ${drawn} ON ${drawn}."k" = ${inserted}."k"`
  );
}

/** The whole text of an UPDATE of rows by their keys. */
export function updateRows(update: UpdateText): string {
  const { table, match, set, rows, parameter } = update;
  if (rows === 1) return updateOneRow(quote, update);
  const target = quote(table);
  const list = besides(table, 'v');
  const columns = [...match, ...set];
  const places = columns.map((_, column) => `"${column}"`);
  const source = `${unnest(columns, parameter)} AS ${list}(${places.join(', ')})`;
  const values = columns.map(({ type }, column) => storedValue(`${list}.${places[column]}`, type));
  const sets = set.map(({ name }, index) => `${quote(name)} = ${values[match.length + index]}`);
  const keys = match.map(({ name }, index) => `${target}.${quote(name)} = ${values[index]}`);
  return `UPDATE ${target} SET ${sets.join(', ')} FROM ${source} WHERE ${keys.join(' AND ')}`;
}

/** `SELECT * FROM unnest(…)`, or one with the conversions of custom types. */
function selectLists(columns: readonly TargetColumn[], parameter: RowParameters['parameter']): string {
  if (columns.every(({ type }) => type.custom === undefined)) return `SELECT * FROM ${unnest(columns, parameter)}`;
  const places = columns.map((_, column) => `"${column}"`);
  const values = columns.map(({ type }, column) => storedValue(`"u".${places[column]}`, type));
  return `SELECT ${values.join(', ')} FROM ${unnest(columns, parameter)} AS "u"(${places.join(', ')})`;
}

/** `unnest($1::bigint[], $2::text[])`: a row for each place of the lists. */
function unnest(columns: readonly TargetColumn[], parameter: RowParameters['parameter']): string {
  return `unnest(${columns.map(({ type }, column) => `${parameter(0, column)}::${castType(type)}[]`).join(', ')})`;
}

/** `VALUES ($1, $2), ($3, $4)`. */
function valuesText(rows: number, columns: readonly TargetColumn[], parameter: RowParameters['parameter']): string {
  const texts: string[] = [];
  for (let row = 0; row < rows; row += 1)
    texts.push(`(${columns.map((_, column) => parameter(row, column)).join(', ')})`);
  return `VALUES ${texts.join(', ')}`;
}

function names(columns: readonly TargetColumn[]): string {
  return columns.map(({ name }) => quote(name)).join(', ');
}

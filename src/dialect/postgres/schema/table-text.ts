import type {
  DatabaseColumn,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabaseIndexPart,
  DatabasePrimaryKey,
  DatabaseTable,
  DatabaseUnique,
} from '../../../schema/database-model.ts';
import {
  checkText,
  columnList,
  computedText,
  constraintName,
  deferralText,
  foreignKeyText,
} from '../../constraint-text.ts';
import { quote, textLiteral } from '../quote.ts';

/** How CREATE TABLE begins. */
type CreateTable = 'CREATE TABLE' | 'CREATE TABLE IF NOT EXISTS' | 'CREATE TEMPORARY TABLE';

/** The text that creates a table, with some of its foreign keys and without its indexes. */
export function tableText(create: CreateTable, table: DatabaseTable, keys: readonly DatabaseForeignKey[]): string {
  const lines = [
    ...table.columns.map(columnText),
    ...(table.primaryKey === null ? [] : [primaryKeyText(table.primaryKey)]),
    ...table.uniques.map(uniqueText),
    ...keys.map((key) => foreignKeyText(quote, key)),
    ...table.checks.map((check) => checkText(quote, check)),
  ];
  const unlogged = table.options.includes(UNLOGGED) && create === 'CREATE TABLE';
  const parameters = storageParameters(table.options);
  const head = `${unlogged ? 'CREATE UNLOGGED TABLE' : create} ${quote(table.name)}`;
  return `${head} (\n  ${lines.join(',\n  ')}\n)${parameters.length === 0 ? '' : ` WITH (${parameters.join(', ')})`}`;
}

/** The option of a table that a crash of the server empties. */
export const UNLOGGED = 'UNLOGGED';

/** The options of a table that stand in WITH: `fillfactor='70'`. */
export function storageParameters(options: readonly string[]): readonly string[] {
  return options.filter((option) => option !== UNLOGGED);
}

/** A column as it stands in CREATE TABLE and behind ADD COLUMN. */
export function columnText(column: DatabaseColumn): string {
  const { name, type, nullable, collation, computed, generated } = column;
  return [
    quote(name),
    generated === 'auto-increment' ? serialType(type) : type,
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(generated === 'identity' || generated === 'identity-always'
      ? [identityText(generated === 'identity-always')]
      : []),
    ...(nullable || generated !== null ? [] : ['NOT NULL']),
    ...(column.default === null ? [] : [`DEFAULT ${column.default}`]),
    ...(computed === null ? [] : [computedText(computed)]),
  ].join(' ');
}

/** The words that make a column an identity. */
export function identityText(always: boolean): string {
  return `GENERATED ${always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`;
}

function serialType(type: string): string {
  if (/^(?:smallint|int2)$/i.test(type)) return 'smallserial';
  return /^(?:bigint|int8)$/i.test(type) ? 'bigserial' : 'serial';
}

/** A primary key as a constraint of a table. */
export function primaryKeyText({ name, columns }: DatabasePrimaryKey): string {
  return `${constraintName(quote, name)}PRIMARY KEY (${columnList(quote, columns)})`;
}

/** A UNIQUE constraint of a table. */
export function uniqueText({ name, columns, deferral, nullsEqual }: DatabaseUnique): string {
  const nulls = nullsEqual ? ' NULLS NOT DISTINCT' : '';
  return `${constraintName(quote, name)}UNIQUE${nulls} (${columnList(quote, columns)})${deferralText(deferral)}`;
}

/** `fillfactor=70` of the catalog as it stands in WITH. */
export function storageParameter(option: string): string {
  const [name = '', ...value] = option.split('=');
  return `${name}=${textLiteral(value.join('='))}`;
}

/** The text that creates an index on a table, which is given in quotes. */
export function indexText(
  table: string,
  index: DatabaseIndex,
  how: 'IF NOT EXISTS' | 'CONCURRENTLY' | '' = '',
): string {
  const { name, unique, parts, where, method, include, options } = index;
  return [
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${how === '' ? '' : `${how} `}${quote(name)} ON ${table}`,
    ...(method === null ? [] : [`USING ${quote(method)}`]),
    `(${parts.map(partText).join(', ')})`,
    ...(include.length === 0 ? [] : [`INCLUDE (${columnList(quote, include)})`]),
    ...options,
    ...(where === null ? [] : [`WHERE ${where}`]),
  ].join(' ');
}

function partText({ column, expression, descending, suffix }: DatabaseIndexPart): string {
  const [, said = '', nulls = ''] = /^(.*?)\s*(NULLS (?:FIRST|LAST))?$/s.exec(suffix ?? '') ?? [];
  const part = column === null ? `(${expression})` : quote(column);
  return [part, said, descending ? 'DESC' : '', nulls].filter((text) => text !== '').join(' ');
}

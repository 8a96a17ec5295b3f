import type {
  DatabaseCheck,
  DatabaseColumn,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabaseIndexPart,
  DatabasePrimaryKey,
  DatabaseTable,
  DatabaseUnique,
} from '../../../schema/database-model.ts';
import { columnList, constraintName, deferralText, foreignKeyText } from '../../foreign-key-text.ts';
import { quote } from '../quote.ts';

/** How CREATE TABLE begins. */
type CreateTable = 'CREATE TABLE' | 'CREATE TABLE IF NOT EXISTS' | 'CREATE TEMPORARY TABLE';

/** The text that creates a table, with some of its foreign keys and without its indexes. */
export function tableText(create: CreateTable, table: DatabaseTable, keys: readonly DatabaseForeignKey[]): string {
  const lines = [
    ...table.columns.map(columnText),
    ...(table.primaryKey === null ? [] : [primaryKeyText(table.primaryKey)]),
    ...table.uniques.map(uniqueText),
    ...keys.map((key) => foreignKeyText(quote, key)),
    ...table.checks.map(checkText),
  ];
  const unlogged = table.options.includes(UNLOGGED) && create === 'CREATE TABLE';
  const parameters = storageParameters(table.options);
  const head = `${unlogged ? 'CREATE UNLOGGED TABLE' : create} ${quote(table.name)}`;
  return `${head} (\n  ${lines.join(',\n  ')}\n)${parameters.length === 0 ? '' : ` WITH (${parameters.join(', ')})`}`;
}

/** The option of a table that a crash of the server empties. */
const UNLOGGED = 'UNLOGGED';

/** The options of a table that stand in WITH: `fillfactor='70'`. */
function storageParameters(options: readonly string[]): readonly string[] {
  return options.filter((option) => option !== UNLOGGED);
}

/** A column as it stands in CREATE TABLE and behind ADD COLUMN. */
function columnText(column: DatabaseColumn): string {
  const { name, type, nullable, collation, computed, generated } = column;
  return [
    quote(name),
    generated === 'auto-increment' ? serialType(type) : type,
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(generated === 'identity' || generated === 'identity-always' ? [identityText(generated)] : []),
    ...(nullable || generated !== null ? [] : ['NOT NULL']),
    ...(column.default === null ? [] : [`DEFAULT ${column.default}`]),
    ...(computed === null
      ? []
      : [`GENERATED ALWAYS AS (${computed.expression}) ${computed.stored ? 'STORED' : 'VIRTUAL'}`]),
  ].join(' ');
}

/** The words that make a column an identity. */
function identityText(generated: 'identity' | 'identity-always'): string {
  return `GENERATED ${generated === 'identity' ? 'BY DEFAULT' : 'ALWAYS'} AS IDENTITY`;
}

function serialType(type: string): string {
  if (/^(?:smallint|int2)$/i.test(type)) return 'smallserial';
  return /^(?:bigint|int8)$/i.test(type) ? 'bigserial' : 'serial';
}

/** A primary key as a constraint of a table. */
function primaryKeyText({ name, columns }: DatabasePrimaryKey): string {
  return `${constraintName(quote, name)}PRIMARY KEY (${columnList(quote, columns)})`;
}

/** A UNIQUE constraint of a table. */
function uniqueText({ name, columns, deferral, nullsEqual }: DatabaseUnique): string {
  const nulls = nullsEqual ? ' NULLS NOT DISTINCT' : '';
  return `${constraintName(quote, name)}UNIQUE${nulls} (${columnList(quote, columns)})${deferralText(deferral)}`;
}

/** A CHECK constraint of a table. */
function checkText({ name, expression }: DatabaseCheck): string {
  return `${constraintName(quote, name)}CHECK (${expression})`;
}

/** The text that creates an index. */
export function indexText(table: string, index: DatabaseIndex, ifNotExists = false): string {
  const { name, unique, parts, where, method, include, options } = index;
  return [
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${ifNotExists ? 'IF NOT EXISTS ' : ''}${quote(name)} ON ${quote(table)}`,
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

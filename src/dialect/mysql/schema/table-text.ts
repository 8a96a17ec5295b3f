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
import { checkText, columnList, computedText, constraintName, foreignKeyText } from '../../constraint-text.ts';
import { quote, textLiteral } from '../quote.ts';

/** How CREATE TABLE begins. */
type CreateTable = 'CREATE TABLE' | 'CREATE TABLE IF NOT EXISTS' | 'CREATE TEMPORARY TABLE';

/** The text that creates a table with its indexes, and with some of its foreign keys. */
export function tableText(create: CreateTable, table: DatabaseTable, keys: readonly DatabaseForeignKey[]): string {
  const lines = [
    ...table.columns.map((column) => columnText(column, table.checks)),
    ...(table.primaryKey === null ? [] : [primaryKeyText(table.primaryKey)]),
    ...table.uniques.map(uniqueText),
    ...table.indexes.map(indexText),
    ...keys.map((key) => foreignKeyText(quote, key)),
    ...table.checks.filter(({ name }) => name !== null).map((check) => checkText(quote, check)),
  ];
  const comment = table.comment === null ? [] : [`COMMENT=${textLiteral(table.comment)}`];
  return `${create} ${quote(table.name)} (\n  ${lines.join(',\n  ')}\n) ${[...table.options, ...comment].join(' ')}`;
}

/**
 * A column with all that is said of it, as CREATE TABLE and MODIFY want it. A check without a name is one that MariaDB keeps
 * at a column; of the table's checks it takes its own.
 */
export function columnText(column: DatabaseColumn, checks: readonly DatabaseCheck[]): string {
  const { name, type, nullable, collation, computed, generated, onUpdate, comment } = column;
  return [
    quote(name),
    type,
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(computed === null ? [] : [computedText(computed)]),
    // Without the word a TIMESTAMP may be NOT NULL (https://mariadb.com/kb/en/timestamp/).
    ...(nullable ? (/^timestamp/i.test(type) && computed === null ? ['NULL'] : []) : ['NOT NULL']),
    ...(generated === null ? [] : ['AUTO_INCREMENT']),
    ...(column.default === null ? [] : [`DEFAULT ${column.default}`]),
    ...(onUpdate === null ? [] : [`ON UPDATE ${onUpdate}`]),
    ...(comment === null ? [] : [`COMMENT ${textLiteral(comment)}`]),
    ...checks
      .filter((check) => check.name === null && columnOfCheck(check) === name)
      .map((check) => checkText(quote, check)),
  ].join(' ');
}

/** The column at which a check without a name stands: the first one that it names. */
function columnOfCheck({ expression }: DatabaseCheck): string | null {
  const name = /`((?:[^`]|``)*)`/.exec(expression)?.[1];
  return name === undefined ? null : name.replaceAll('``', '`');
}

/** A primary key as a constraint of a table; it has no name here. */
export function primaryKeyText({ columns }: DatabasePrimaryKey): string {
  return `PRIMARY KEY (${columnList(quote, columns)})`;
}

/** A UNIQUE constraint of a table. */
export function uniqueText({ name, columns }: DatabaseUnique): string {
  return `${constraintName(quote, name)}UNIQUE (${columnList(quote, columns)})`;
}

/** An index as it stands in CREATE TABLE and behind ADD. */
export function indexText({ name, unique, parts, method, options }: DatabaseIndex): string {
  // The words that stand before INDEX are kinds of index, of which a B-tree and a hash are none.
  const using = method === 'BTREE' || method === 'HASH' || method === 'RTREE';
  const kind = unique ? 'UNIQUE ' : method === null || using ? '' : `${method} `;
  return [
    `${kind}INDEX ${quote(name)} (${parts.map(partText).join(', ')})`,
    ...(using ? [`USING ${method}`] : []),
    ...options,
  ].join(' ');
}

function partText({ column, expression, descending, prefix }: DatabaseIndexPart): string {
  const part = column === null ? `(${expression})` : `${quote(column)}${prefix === null ? '' : `(${prefix})`}`;
  return descending ? `${part} DESC` : part;
}

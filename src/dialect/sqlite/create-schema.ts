import type { ColumnType } from '../../codec/column-type.ts';
import { toHex } from '../../codec/hex.ts';
import { ConfigurationError } from '../../errors.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../schema/schema-model.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { columnList, foreignKeyText } from '../foreign-key-text.ts';
import { databaseText } from '../sql-text.ts';
import { storedValue } from '../stored-value.ts';
import { quote, textLiteral } from './quote.ts';

/**
 * The statements that create what is not there yet. A table that is there is left as it is, whatever its columns: this
 * never alters one.
 */
export function createSchema(schema: SchemaModel): readonly { readonly table: string; readonly sql: string }[] {
  return schema.tables.flatMap((table) => [
    { table: table.name, sql: createTable(table) },
    ...table.indexes.map(({ name, columns }) => ({
      table: table.name,
      sql: `CREATE INDEX IF NOT EXISTS ${quote(name)} ON ${quote(table.name)} (${columnList(quote, columns)})`,
    })),
  ]);
}

function createTable({ name, columns, primaryKey, uniques, foreignKeys }: TableModel): string {
  // Only a column declared exactly so is the rowid, which SQLite generates (https://www.sqlite.org/lang_createtable.html).
  const rowid = columns.find((column) => column.generated && primaryKey.length === 1 && primaryKey[0] === column.name);
  const lines = [
    ...columns.map((column) =>
      column === rowid ? `${quote(column.name)} INTEGER PRIMARY KEY` : columnText(name, column),
    ),
    ...(rowid === undefined ? [`PRIMARY KEY (${columnList(quote, primaryKey)})`] : []),
    ...uniques.map((unique) => `CONSTRAINT ${quote(unique.name)} UNIQUE (${columnList(quote, unique.columns)})`),
    ...foreignKeys.map((key) => foreignKeyText(quote, key)),
  ];
  return `CREATE TABLE IF NOT EXISTS ${quote(name)} (\n  ${lines.join(',\n  ')}\n) STRICT`;
}

function columnText(table: string, column: ColumnModel): string {
  if (column.generated) {
    throw new ConfigurationError(
      `${table}.${column.name}: SQLite generates a primary key only where it is a single integer column.`,
      { entity: table },
    );
  }
  const name = quote(column.name);
  const check = checkText(name, column.type);
  return [
    name,
    storageClass(column.type),
    ...(column.nullable ? [] : ['NOT NULL']),
    databaseText('sqlite', table, column) ?? defaultText(column),
    ...(check === null ? [] : [`CONSTRAINT ${quote(`${table}_${column.name}_check`)} CHECK (${check})`]),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function storageClass({ name, custom }: ColumnType): string {
  if (custom !== undefined) return custom.sqlType;
  switch (name) {
    case 'integer':
    case 'bigint':
    case 'boolean':
    case 'datetime':
      return 'INTEGER';
    case 'float':
      return 'REAL';
    case 'bytes':
      return 'BLOB';
    default:
      return 'TEXT';
  }
}

function checkText(column: string, type: ColumnType): string | null {
  if (type.name === 'boolean') return `${column} IN (0, 1)`;
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined ? null : `length(${column}) <= ${type.maxLength}`;
}

function defaultText({ name, type, default: value }: ColumnModel): string {
  if (value === null) return '';
  if (value.kind === 'constant') return `DEFAULT ${constant(value.value, type)}`;
  // round(), because seconds with a fraction times 1,000 may end just below the whole millisecond.
  if (type.name === 'datetime') return "DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER))";
  if (type.name === 'date') return 'DEFAULT CURRENT_DATE';
  throw new ConfigurationError(
    `The column '${name}' has the present instant as its default, but is of type ${type.name}.`,
  );
}

function constant(value: WireValue, type: ColumnType): string {
  const text = literal(value);
  return type.custom === undefined || value === null ? text : `(${storedValue(text, type)})`;
}

function literal(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return textLiteral(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'object':
      return value === null ? 'NULL' : `x'${toHex(value)}'`;
    default:
      return String(value);
  }
}

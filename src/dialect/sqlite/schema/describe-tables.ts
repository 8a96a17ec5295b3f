import type { ColumnType } from '../../../codec/column-type.ts';
import { toHex } from '../../../codec/hex.ts';
import { ConfigurationError } from '../../../errors.ts';
import type { DatabaseCheck, DatabaseColumn, DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../schema/schema-model.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import { plainIndex } from '../../plain-index.ts';
import { databaseExpression } from '../../sql-text.ts';
import { storedValue } from '../../stored-value.ts';
import { quote, textLiteral } from '../quote.ts';

/** The tables that a schema asks for, in the words of SQLite. Throws `configuration` for what it has not. */
export function describeTables({ tables }: SchemaModel): DatabaseModel {
  return { tables: tables.map(describeTable), unmanaged: [] };
}

function describeTable(table: TableModel): DatabaseTable {
  const { name, columns, primaryKey, uniques, indexes, foreignKeys } = table;
  return {
    name,
    columns: columns.map((column) => describeColumn(table, column)),
    primaryKey: { name: null, columns: primaryKey },
    uniques: uniques.map((unique) => ({ ...unique, deferral: 'immediate', nullsEqual: false })),
    checks: columns.flatMap((column) => describeCheck(name, column)),
    foreignKeys: foreignKeys.map((key) => ({ ...key, deferral: 'immediate' })),
    indexes: indexes.map((index) => plainIndex(index.name, index.columns)),
    comment: null,
    options: ['STRICT'],
    triggers: [],
  };
}

function describeColumn({ name: table, primaryKey }: TableModel, column: ColumnModel): DatabaseColumn {
  const { name, nullable, generated } = column;
  if (generated && !(primaryKey.length === 1 && primaryKey[0] === name)) {
    throw new ConfigurationError(
      `${table}.${name}: SQLite generates a primary key only where it is a single integer column.`,
      { entity: table },
    );
  }
  const declared = databaseExpression('sqlite', table, column);
  return {
    name,
    // Only a column declared exactly so is the rowid, which SQLite generates (https://www.sqlite.org/lang_createtable.html).
    type: generated ? 'INTEGER' : storageClass(column.type),
    nullable: !generated && nullable,
    default: declared === null ? describeDefault(column) : declared.computed === null ? declared.expression : null,
    generated: generated || isKeyOfIntegers(column, primaryKey) ? 'rowid' : null,
    computed:
      declared === null || declared.computed === null
        ? null
        : { expression: declared.expression, stored: declared.computed === 'stored' },
    collation: null,
    onUpdate: null,
    comment: null,
  };
}

function isKeyOfIntegers(column: ColumnModel, primaryKey: readonly string[]): boolean {
  return primaryKey.length === 1 && primaryKey[0] === column.name && storageClass(column.type) === 'INTEGER';
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

function describeCheck(table: string, { name, type }: ColumnModel): DatabaseCheck[] {
  const expression = checkText(quote(name), type);
  return expression === null ? [] : [{ name: `${table}_${name}_check`, expression }];
}

function checkText(column: string, type: ColumnType): string | null {
  if (type.name === 'boolean') return `${column} IN (0, 1)`;
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined ? null : `length(${column}) <= ${type.maxLength}`;
}

function describeDefault({ name, type, default: value }: ColumnModel): string | null {
  if (value === null) return null;
  if (value.kind === 'constant') return constant(value.value, type);
  // round(), because seconds with a fraction times 1,000 may end just below the whole millisecond.
  if (type.name === 'datetime') return "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)";
  if (type.name === 'date') return 'CURRENT_DATE';
  throw new ConfigurationError(
    `The column '${name}' has the present instant as its default, but is of type ${type.name}.`,
  );
}

function constant(value: WireValue, type: ColumnType): string {
  const text = literal(value);
  return value === null ? text : storedValue(text, type);
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

import type { ColumnType } from '../../../codec/column-type.ts';
import { ConfigurationError } from '../../../errors.ts';
import type { DatabaseCheck, DatabaseColumn, DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../schema/schema-model.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import { describeTable, plainLiteral, presentInstant } from '../../describe-table.ts';
import { databaseExpression } from '../../sql-text.ts';
import { storedValue } from '../../stored-value.ts';
import { quote, textLiteral } from '../quote.ts';

/** The tables that a schema asks for, in the words of SQLite. Throws `configuration` for what it has not. */
export function describeTables({ tables }: SchemaModel): DatabaseModel {
  return { tables: tables.map(describeOwn), unmanaged: [] };
}

function describeOwn(table: TableModel): DatabaseTable {
  return describeTable(table, {
    columns: table.columns.map((column) => describeColumn(table, column)),
    checks: table.columns.flatMap((column) => describeCheck(table.name, column)),
    options: ['STRICT'],
  });
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
  const expression = conditionOf(quote(name), type);
  return expression === null ? [] : [{ name: `${table}_${name}_check`, expression }];
}

function conditionOf(column: string, type: ColumnType): string | null {
  if (type.name === 'boolean') return `${column} IN (0, 1)`;
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined ? null : `length(${column}) <= ${type.maxLength}`;
}

function describeDefault(column: ColumnModel): string | null {
  const { name, type, default: value } = column;
  if (value === null) return null;
  if (value.kind === 'constant') return constant(value.value, type);
  return presentInstant(name, column, {
    // round(), because seconds with a fraction times 1,000 may end just below the whole millisecond.
    datetime: "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)",
    date: 'CURRENT_DATE',
  });
}

function constant(value: WireValue, type: ColumnType): string {
  const text = plainLiteral(value, textLiteral);
  return value === null ? text : storedValue(text, type);
}

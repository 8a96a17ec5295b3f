import type { ColumnType } from '../../../codec/column-type.ts';
import { toHex } from '../../../codec/hex.ts';
import { ConfigurationError } from '../../../errors.ts';
import { createConstraintNames, type NameConstraint } from '../../../schema/constraint-names.ts';
import type { DatabaseCheck, DatabaseColumn, DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../schema/schema-model.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import { plainIndex } from '../../plain-index.ts';
import { databaseExpression } from '../../sql-text.ts';
import { quote, textLiteral } from '../quote.ts';
import { castType, storageOf, storedValue } from '../storage-type.ts';

/** The tables that a schema asks for, in the words in which they are created. */
export function describeTables({ tables }: SchemaModel): DatabaseModel {
  const nameCheck = createConstraintNames(tables.map(({ name }) => name));
  return { tables: tables.map((table) => describeTable(table, nameCheck)), unmanaged: [] };
}

function describeTable(table: TableModel, nameCheck: NameConstraint): DatabaseTable {
  const { name, columns, primaryKey, uniques, foreignKeys, indexes } = table;
  return {
    name,
    columns: columns.map((column) => describeColumn(name, column)),
    primaryKey: { name: null, columns: primaryKey },
    uniques: uniques.map((unique) => ({ ...unique, deferral: 'immediate', nullsEqual: false })),
    checks: columns.flatMap((column) => describeCheck(name, column, nameCheck)),
    foreignKeys: foreignKeys.map((key) => ({ ...key, deferral: 'immediate' })),
    indexes: indexes.map((index) => plainIndex(index.name, index.columns)),
    comment: null,
    options: [],
    triggers: [],
  };
}

function describeColumn(table: string, column: ColumnModel): DatabaseColumn {
  const { name, type, nullable, generated } = column;
  const given = databaseExpression('postgres', table, column);
  if (given?.computed === 'virtual') {
    throw new ConfigurationError(
      `${table}.${name}: PostgreSQL has stored computed columns only; leave \`stored: false\` out`,
      { entity: table },
    );
  }
  const computed = given?.computed === 'stored' ? { expression: given.expression, stored: true } : null;
  return {
    name,
    ...storageOf(type),
    nullable: nullable && !generated,
    default: given === null ? defaultText(table, column) : computed === null ? `(${given.expression})` : null,
    generated: generated ? 'identity' : null,
    computed,
    onUpdate: null,
    comment: null,
  };
}

function describeCheck(table: string, { name, type }: ColumnModel, nameCheck: NameConstraint): DatabaseCheck[] {
  const expression = checkText(quote(name), type);
  return expression === null ? [] : [{ name: nameCheck(table, [name], 'check'), expression }];
}

function checkText(column: string, type: ColumnType): string | null {
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined ? null : `char_length(${column}) <= ${type.maxLength}`;
}

function defaultText(table: string, { name, type, default: value }: ColumnModel): string | null {
  if (value === null) return null;
  if (value.kind === 'constant') return storedValue(literal(value.value, type), type);
  if (type.name === 'datetime') return 'CURRENT_TIMESTAMP';
  // The day of the session's time zone would be another one on every server.
  if (type.name === 'date') return "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date";
  throw new ConfigurationError(
    `The column '${table}.${name}' has the present instant as its default, but is of type ${type.name}.`,
  );
}

function literal(value: WireValue, type: ColumnType): string {
  switch (typeof value) {
    case 'string':
      return textLiteral(value);
    case 'boolean':
      return value ? 'TRUE' : 'FALSE';
    case 'object':
      return value === null ? 'NULL' : textLiteral(`\\x${toHex(value)}`);
    default:
      // Without the type -5 would be an operator and a number.
      return `'${value}'::${castType(type)}`;
  }
}

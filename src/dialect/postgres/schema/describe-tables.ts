import type { ColumnType } from '../../../codec/column-type.ts';
import { toHex } from '../../../codec/hex.ts';
import { ConfigurationError } from '../../../errors.ts';
import { createConstraintNames, type NameConstraint } from '../../../schema/constraint-names.ts';
import type { DatabaseCheck, DatabaseColumn, DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../schema/schema-model.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import { describeTable, presentInstant } from '../../describe-table.ts';
import { databaseExpression } from '../../sql-text.ts';
import { quote, textLiteral } from '../quote.ts';
import { castType, storageOf, storedValue } from '../storage-type.ts';

/** The tables that a schema asks for, in the words in which they are created. */
export function describeTables({ tables }: SchemaModel): DatabaseModel {
  const nameCheck = createConstraintNames(tables.map(({ name }) => name));
  return { tables: tables.map((table) => describeOwn(table, nameCheck)), unmanaged: [] };
}

function describeOwn(table: TableModel, nameCheck: NameConstraint): DatabaseTable {
  const { name, columns } = table;
  return describeTable(table, {
    columns: columns.map((column) => describeColumn(name, column)),
    checks: columns.flatMap((column) => describeCheck(name, column, nameCheck)),
    options: [],
  });
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
  const expression = conditionOf(quote(name), type);
  return expression === null ? [] : [{ name: nameCheck(table, [name], 'check'), expression }];
}

function conditionOf(column: string, type: ColumnType): string | null {
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined ? null : `char_length(${column}) <= ${type.maxLength}`;
}

function defaultText(table: string, column: ColumnModel): string | null {
  const { name, type, default: value } = column;
  if (value === null) return null;
  if (value.kind === 'constant') return storedValue(literal(value.value, type), type);
  return presentInstant(`${table}.${name}`, column, {
    datetime: 'CURRENT_TIMESTAMP',
    // The day of the session's time zone would be another one on every server.
    date: "(CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date",
  });
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

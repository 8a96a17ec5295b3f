import type { ColumnType } from '../../../codec/column-type.ts';
import { toHex } from '../../../codec/hex.ts';
import { ConfigurationError } from '../../../errors.ts';
import { createConstraintNames, type NameConstraint } from '../../../schema/constraint-names.ts';
import type {
  DatabaseCheck,
  DatabaseColumn,
  DatabaseIndex,
  DatabaseModel,
  DatabaseTable,
} from '../../../schema/database-model.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../../schema/schema-model.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import { plainIndex } from '../../plain-index.ts';
import { databaseExpression } from '../../sql-text.ts';
import { storedValue } from '../../stored-value.ts';
import { BINARY_COLLATION } from '../lists.ts';
import { quote, textLiteral } from '../quote.ts';
import { type Storage, storageOf } from '../storage-type.ts';

/** The most bytes of a key of InnoDB (https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html). */
const LONGEST_KEY = 3072;

/** The tables that a schema asks for, in the words in which they are created. */
export function describeTables({ tables }: SchemaModel): DatabaseModel {
  const nameCheck = createConstraintNames(tables.map(({ name }) => name));
  return { tables: tables.map((table) => describeTable(table, nameCheck)), unmanaged: [] };
}

function describeTable(table: TableModel, nameCheck: NameConstraint): DatabaseTable {
  const { name, columns, primaryKey, uniques, indexes, foreignKeys } = table;
  const keyed = new Set([primaryKey, ...[...uniques, ...foreignKeys].map((key) => key.columns)].flat());
  const storage = new Map(columns.map((column) => [column.name, storageOf(column.type, keyed.has(column.name))]));
  for (const key of [primaryKey, ...uniques.map((unique) => unique.columns)]) checkLength(name, key, storage);
  return {
    name,
    columns: columns.map((column) => describeColumn(table, column, storage)),
    primaryKey: { name: null, columns: primaryKey },
    uniques: uniques.map((unique) => ({ ...unique, deferral: 'immediate', nullsEqual: false })),
    checks: columns.flatMap((column) => describeCheck(name, column, storage, nameCheck)),
    foreignKeys: foreignKeys.map((key) => ({ ...key, deferral: 'immediate' })),
    indexes: indexes.map((index) => describeIndex(name, plainIndex(index.name, index.columns), storage)),
    comment: null,
    options: ['ENGINE = InnoDB', `DEFAULT ${BINARY_COLLATION}`],
    triggers: [],
  };
}

function describeColumn(
  { name: table, primaryKey }: TableModel,
  column: ColumnModel,
  storage: Storages,
): DatabaseColumn {
  const { name, generated } = column;
  if (generated && !(primaryKey.length === 1 && primaryKey[0] === name)) {
    throw new ConfigurationError(
      `${table}.${name}: MySQL generates a primary key only where it is a single integer column.`,
      { entity: table },
    );
  }
  const given = databaseExpression('mysql', table, column);
  const computed = given === null || given.computed === null ? null : given;
  return {
    name,
    type: storageIn(storage, name).sql,
    // MariaDB takes no NOT NULL of a computed column (https://mariadb.com/kb/en/generated-columns/).
    nullable: column.nullable || computed !== null,
    default: generated || computed !== null ? null : given === null ? defaultText(column) : `(${given.expression})`,
    generated: generated ? 'auto-increment' : null,
    computed: computed && { expression: computed.expression, stored: computed.computed === 'stored' },
    collation: null,
    onUpdate: null,
    comment: null,
  };
}

type Storages = ReadonlyMap<string, Storage>;

function storageIn(storage: Storages, column: string): Storage {
  const found = storage.get(column);
  if (found === undefined) throw new ConfigurationError(`A key names the column '${column}', which its table lacks.`);
  return found;
}

function checkLength(table: string, columns: readonly string[], storage: Storages): void {
  const bytes = columns.reduce((sum, column) => sum + storageIn(storage, column).keyBytes, 0);
  if (bytes <= LONGEST_KEY) return;
  throw new ConfigurationError(
    `${table}: a key over ${columns.join(', ')} would take ${bytes} bytes, and MySQL keeps ${LONGEST_KEY}; a character takes 4, so lower the maxLength of its texts`,
    { entity: table },
  );
}

function describeIndex(table: string, index: DatabaseIndex, storage: Storages): DatabaseIndex {
  const columns = index.parts.flatMap(({ column }) => (column === null ? [] : [column]));
  checkLength(table, columns, storage);
  const prefixOf = (column: string | null) => (column === null ? null : storageIn(storage, column).prefix);
  return { ...index, parts: index.parts.map((part) => ({ ...part, prefix: prefixOf(part.column) })) };
}

function describeCheck(
  table: string,
  { name, type }: ColumnModel,
  storage: Storages,
  nameCheck: NameConstraint,
): DatabaseCheck[] {
  const expression = checkText(quote(name), type, storageIn(storage, name));
  return expression === null ? [] : [{ name: nameCheck(table, [name], 'check'), expression }];
}

function checkText(column: string, type: ColumnType, { bounded }: Storage): string | null {
  if (type.name === 'boolean') return `${column} IN (0, 1)`;
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined || bounded ? null : `CHAR_LENGTH(${column}) <= ${type.maxLength}`;
}

// In parentheses, because long texts and bytes take an expression only.
function defaultText({ name, type, default: value }: ColumnModel): string | null {
  if (value === null) return null;
  if (value.kind === 'constant') return `(${storedValue(literal(value.value), type)})`;
  if (type.name === 'datetime') return '(UTC_TIMESTAMP(3))';
  if (type.name === 'date') return '(UTC_DATE())';
  throw new ConfigurationError(
    `The column '${name}' has the present instant as its default, but is of type ${type.name}.`,
  );
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

import type { ColumnType } from '../../codec/column-type.ts';
import { toHex } from '../../codec/hex.ts';
import { ConfigurationError } from '../../errors.ts';
import { createConstraintNames, type NameConstraint } from '../../schema/constraint-names.ts';
import type { ColumnModel, SchemaModel, TableModel } from '../../schema/schema-model.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { foreignKeyText } from '../foreign-key-text.ts';
import { databaseText } from '../sql-text.ts';
import { storedValue } from '../stored-value.ts';
import { BINARY_COLLATION } from './lists.ts';
import { quote, textLiteral } from './quote.ts';
import { type Storage, storageOf } from './storage-type.ts';

/** The most bytes of a key of InnoDB (https://dev.mysql.com/doc/refman/8.4/en/innodb-limits.html). */
const LONGEST_KEY = 3072;

/**
 * The statements that create what is not there yet, each table with its indexes. A table that is there is left as it is,
 * whatever its columns: this never alters one. The server commits after each statement, so that a failure leaves the tables
 * before it.
 */
export function createSchema(schema: SchemaModel): readonly { readonly table: string; readonly sql: string }[] {
  const nameCheck = createConstraintNames(schema.tables.map(({ name }) => name));
  const tables = schema.tables.map((table) => ({ table: table.name, sql: createTable(table, nameCheck) }));
  const [first] = tables;
  if (first === undefined || !refersAhead(schema)) return tables;
  // Of tables that refer to each other in a circle one has to be created before that which it refers to.
  const check = (on: 0 | 1) => ({ table: first.table, sql: `SET SESSION foreign_key_checks = ${on}` });
  return [check(0), ...tables, check(1)];
}

function refersAhead({ tables }: SchemaModel): boolean {
  const created = new Set<string>();
  return tables.some(({ name, foreignKeys }) => {
    created.add(name);
    return foreignKeys.some(({ referencedTable }) => !created.has(referencedTable));
  });
}

function createTable(table: TableModel, nameCheck: NameConstraint): string {
  const { name, columns, primaryKey, uniques, indexes, foreignKeys } = table;
  const keyed = new Set([primaryKey, ...[...uniques, ...foreignKeys].map((key) => key.columns)].flat());
  const storage = new Map(columns.map((column) => [column.name, storageOf(column.type, keyed.has(column.name))]));
  const key = (names: readonly string[]) => `(${keyParts(name, names, storage)})`;
  const lines = [
    ...columns.map((column) => columnText(table, column, storage)),
    `PRIMARY KEY ${key(primaryKey)}`,
    ...uniques.map((unique) => `CONSTRAINT ${quote(unique.name)} UNIQUE ${key(unique.columns)}`),
    ...indexes.map((index) => `INDEX ${quote(index.name)} ${key(index.columns)}`),
    ...foreignKeys.map((foreignKey) => foreignKeyText(quote, foreignKey)),
    ...columns.flatMap((column) => checkText(name, column, storage, nameCheck)),
  ];
  return `CREATE TABLE IF NOT EXISTS ${quote(name)} (\n  ${lines.join(',\n  ')}\n) ENGINE = InnoDB DEFAULT ${BINARY_COLLATION}`;
}

function columnText({ name: table, primaryKey }: TableModel, column: ColumnModel, storage: Storages): string {
  if (column.generated && !(primaryKey.length === 1 && primaryKey[0] === column.name)) {
    throw new ConfigurationError(
      `${table}.${column.name}: MySQL generates a primary key only where it is a single integer column.`,
      { entity: table },
    );
  }
  const { sql } = storageIn(storage, column.name);
  // MariaDB takes no NOT NULL of a computed column (https://mariadb.com/kb/en/generated-columns/).
  const nullability = column.nullable || isComputed(column) ? '' : ' NOT NULL';
  const given = databaseText('mysql', table, column);
  const filled = given === null ? defaultText(column) : ` ${given}`;
  return `${quote(column.name)} ${sql}${nullability}${column.generated ? ' AUTO_INCREMENT' : filled}`;
}

function isComputed({ default: filled }: ColumnModel): boolean {
  return filled?.kind === 'database' && filled.computed !== null;
}

type Storages = ReadonlyMap<string, Storage>;

function storageIn(storage: Storages, column: string): Storage {
  const found = storage.get(column);
  if (found === undefined) throw new ConfigurationError(`A key names the column '${column}', which its table lacks.`);
  return found;
}

function keyParts(table: string, columns: readonly string[], storage: Storages): string {
  const parts = columns.map((column) => ({ column, ...storageIn(storage, column) }));
  const bytes = parts.reduce((sum, part) => sum + part.keyBytes, 0);
  if (bytes > LONGEST_KEY) {
    throw new ConfigurationError(
      `${table}: a key over ${columns.join(', ')} would take ${bytes} bytes, and MySQL keeps ${LONGEST_KEY}; a character takes 4, so lower the maxLength of its texts`,
      { entity: table },
    );
  }
  return parts.map(({ column, prefix }) => `${quote(column)}${prefix === null ? '' : `(${prefix})`}`).join(', ');
}

function checkText(table: string, column: ColumnModel, storage: Storages, nameCheck: NameConstraint): string[] {
  const check = checkOf(quote(column.name), column.type, storageIn(storage, column.name));
  return check === null ? [] : [`CONSTRAINT ${quote(nameCheck(table, [column.name], 'check'))} CHECK (${check})`];
}

function checkOf(column: string, type: ColumnType, { bounded }: Storage): string | null {
  if (type.name === 'boolean') return `${column} IN (0, 1)`;
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined || bounded ? null : `CHAR_LENGTH(${column}) <= ${type.maxLength}`;
}

// In parentheses, because long texts and bytes take an expression only.
function defaultText({ name, type, default: value }: ColumnModel): string {
  if (value === null) return '';
  if (value.kind === 'constant') return ` DEFAULT (${storedValue(literal(value.value), type)})`;
  if (type.name === 'datetime') return ' DEFAULT (UTC_TIMESTAMP(3))';
  if (type.name === 'date') return ' DEFAULT (UTC_DATE())';
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

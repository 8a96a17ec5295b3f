import type { ColumnType } from '../../../codec/column-type.ts';
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
import { describeTable, plainLiteral, presentInstant } from '../../describe-table.ts';
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
  return { tables: tables.map((table) => describeOwn(table, nameCheck)), unmanaged: [] };
}

function describeOwn(table: TableModel, nameCheck: NameConstraint): DatabaseTable {
  const { name, columns, primaryKey, uniques, foreignKeys } = table;
  const keyed = new Set([primaryKey, ...[...uniques, ...foreignKeys].map((key) => key.columns)].flat());
  const storage = new Map(columns.map((column) => [column.name, storageOf(column.type, keyed.has(column.name))]));
  for (const key of [primaryKey, ...uniques.map((unique) => unique.columns)]) checkLength(name, key, storage);
  const described = describeTable(table, {
    columns: columns.map((column) => describeColumn(table, column, storage)),
    checks: columns.flatMap((column) => describeCheck(name, column, storage, nameCheck)),
    options: ['ENGINE = InnoDB', `DEFAULT ${BINARY_COLLATION}`],
  });
  return { ...described, indexes: described.indexes.map((index) => withPrefixes(name, index, storage)) };
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

function withPrefixes(table: string, index: DatabaseIndex, storage: Storages): DatabaseIndex {
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
  const expression = conditionOf(quote(name), type, storageIn(storage, name));
  return expression === null ? [] : [{ name: nameCheck(table, [name], 'check'), expression }];
}

function conditionOf(column: string, type: ColumnType, { bounded }: Storage): string | null {
  if (type.name === 'boolean') return `${column} IN (0, 1)`;
  if (type.name !== 'text' || type.custom !== undefined) return null;
  if (type.values !== undefined) return `${column} IN (${type.values.map(textLiteral).join(', ')})`;
  return type.maxLength === undefined || bounded ? null : `CHAR_LENGTH(${column}) <= ${type.maxLength}`;
}

// In parentheses, because long texts and bytes take an expression only.
function defaultText(column: ColumnModel): string | null {
  const { name, type, default: value } = column;
  if (value === null) return null;
  if (value.kind === 'constant') return `(${storedValue(plainLiteral(value.value, textLiteral), type)})`;
  return presentInstant(name, column, { datetime: '(UTC_TIMESTAMP(3))', date: '(UTC_DATE())' });
}

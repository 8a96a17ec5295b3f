/**
 * The dialect of SQLite 3.42 and later, for every driver of an SQLite engine.
 *
 * @module
 */
import type { Dialect } from '../../compiler/dialect.ts';
import { hooks } from './hooks.ts';
import { decodeList, encodeList } from './lists.ts';
import { besides, quote } from './quote.ts';

export { sqliteError } from './error-map.ts';
export {
  type ExactForm,
  exactForm,
  isOutdated,
  readExact,
  roundedColumns,
  roundedError,
} from './hosted/exact-integers.ts';
export { hostedError } from './hosted/hosted-error.ts';
export { type HostedValue, hostedParams } from './hosted/hosted-params.ts';
export { type HostedStatement, HostedStatements } from './hosted/hosted-statement.ts';
export { narrowInteger, narrowIntegers } from './native/narrow-integers.ts';
export { nativeCapabilities } from './native/native-capabilities.ts';
export {
  type NativeSqliteOptions,
  type NativeSqliteSettings,
  settleNativeOptions,
} from './native/native-options.ts';
export type { NativeChanges, NativeSqlite, NativeStatement } from './native/native-sqlite.ts';
export { SqliteEngine } from './native/sqlite-engine.ts';
export { RESULT_CODES } from './result-codes.ts';
export { isBlank, type SqlTraits, type SqlWords, sqlTraits, sqlWords } from './sql-traits.ts';

/** Loads what has a transaction run with foreign keys off, which hardly any program needs. */
export const loadForeignKeyPause = () => import('./native/foreign-key-pause.ts');

/** SQLite: STRICT tables, parameters as `?`, lists as JSON, instants as milliseconds, decimals and JSON as text. */
export const sqlite: Dialect = {
  name: 'sqlite',
  quote,
  placeholder: () => '?',
  hooks,
  codec: (_type, standard) => standard,
  encodeList,
  decodeList,
  createSchema: async (schema) => (await import('./create-schema.ts')).createSchema(schema),
  batch: async () => (await import('./batch.ts')).batch,
  // Measured on sql.js: longer statements gain nothing and cost memory.
  rowsPerStatement: { insert: 100, update: 500 },
  rowLists: { insert: 'values', update: 'values' },
  generatedKeys: 'consecutive',
  // Without AUTOINCREMENT the next rowid is the largest one plus 1 (https://www.sqlite.org/autoinc.html).
  allocateKeys: (table, column) => {
    const keys = besides(table, 'k');
    return (
      `WITH RECURSIVE ${keys}("n") AS (SELECT 1 UNION ALL SELECT ${keys}."n" + 1 FROM ${keys} ` +
      `WHERE ${keys}."n" < CAST(? AS INTEGER)) SELECT ${keys}."n" + ` +
      `(SELECT COALESCE(MAX("t".${quote(column)}), 0) FROM ${quote(table)} AS "t") FROM ${keys}`
    );
  },
  foreignKeysCheckedPer: 'statement',
};

/**
 * The dialect of MySQL 8.0.19 and MariaDB 10.6, and of later ones, for every driver of such a server.
 *
 * @module
 */
import type { Dialect } from '../../compiler/dialect.ts';
import { codecOf } from './codecs.ts';
import { hooks } from './hooks.ts';
import { decodeList, encodeList } from './lists.ts';
import { quote } from './quote.ts';

export { mysqlSessionCapabilities } from './capabilities.ts';
export { mysqlError, redactMysql } from './error-map.ts';
export {
  columnsQuestion,
  type FailureSubject,
  type MysqlFailure,
  subjectOf,
  tableWritten,
  withColumns,
} from './failure.ts';
export { formatStatement } from './format-statement.ts';
export { isOneStatement } from './is-one-statement.ts';
export { lastKey } from './last-key.ts';
export { type StatementVerb, statementVerb } from './statement-verb.ts';

/**
 * MySQL and MariaDB: backticks, parameters as `?`, lists as JSON that `JSON_TABLE` reads, instants as DATETIME(3) in UTC,
 * JSON as text, a collation of bytes for all texts, `AUTO_INCREMENT` keys.
 */
export const mysql: Dialect = {
  name: 'mysql',
  quote,
  placeholder: () => '?',
  hooks,
  codec: codecOf,
  encodeList,
  decodeList,
  createSchema: async (schema) => (await import('./create-schema.ts')).createSchema(schema),
  batch: async () => (await import('./batch.ts')).batch,
  // Measured on MariaDB over the loopback interface: beyond this the time for a row grows no smaller.
  rowsPerStatement: { insert: 500, update: 1000 },
  // An UPDATE by one list takes a third of the time; INSERT … SELECT would lose the order of generated keys.
  rowLists: { insert: 'values', update: 'rows' },
  generatedKeys: 'consecutive',
  allocateKeys: null,
  foreignKeysCheckedPer: 'row',
};

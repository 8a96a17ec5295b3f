/**
 * The dialect of PostgreSQL 13 and later, for every driver of such a server.
 *
 * @module
 */
import type { Dialect } from '../../compiler/dialect.ts';
import { codecOf } from './codecs.ts';
import { hooks } from './hooks.ts';
import { decodeList, encodeList } from './lists.ts';
import { quote, sequenceOf } from './quote.ts';

export {
  type FailureContext,
  isPostgresError,
  type PostgresErrorFields,
  PostgresServerError,
  postgresError,
} from './error-map.ts';
export { affectedRowsOf, type WireParser, wireParserOf } from './read-value.ts';
export { endsTransaction, ISOLATION_LEVELS, transactionMode } from './transaction-text.ts';
export { parameterText } from './write-value.ts';

/**
 * PostgreSQL: `$1` as placeholders, lists as array literals, rows of a multi-row write as one array for each column,
 * identity columns as generated keys, texts compared by their bytes.
 */
export const postgres: Dialect = {
  name: 'postgres',
  quote,
  placeholder: (position) => `$${position}`,
  hooks,
  codec: codecOf,
  encodeList,
  decodeList,
  createSchema: async (schema) => (await import('./create-schema.ts')).createSchema(schema),
  batch: async () => (await import('./batch.ts')).batch,
  // The rows are lists, so that this bounds the size of one message only.
  rowsPerStatement: { insert: 5000, update: 5000 },
  rowLists: { insert: 'columns', update: 'columns' },
  generatedKeys: 'returned',
  allocateKeys: (table, column) => `SELECT nextval(${sequenceOf(table, column)}) FROM generate_series(1, $1::bigint)`,
  foreignKeysCheckedPer: 'statement',
};

/**
 * SQLite in WebAssembly (sql.js), kept in IndexedDB page by page, or in memory.
 *
 * @module
 */
import { DatabaseDriver } from './database-driver.ts';
import { type SqljsOptions, settle } from './options.ts';
import type { SqljsDriver } from './sqljs-driver.ts';

export type { InitSqlJs } from './engine/sql-js-module.ts';
export type { WasmSource } from './engine/wasm-source.ts';
export type { SqljsOptions, SqljsWarning } from './options.ts';
export type { SqljsDriver, StorageStatus } from './sqljs-driver.ts';
export type {
  BlockChanges,
  BlockCommit,
  BlockStore,
  ByteSource,
  ByteTarget,
  Durability,
  Storage,
  StorageContext,
  StoredState,
} from './storage/block-store.ts';
export { indexedDb } from './storage/indexeddb/indexed-db.ts';
export { memory } from './storage/memory/memory.ts';
export { type ServeOptions, serveSqljs } from './worker/serve.ts';

/**
 * A driver for SQLite as WebAssembly. Nothing is loaded or opened before the first connection.
 *
 * @example
 * const db = await createPersistence({ driver: sqljs({ storage: indexedDb('library') }), entities: [Author, Post] });
 */
export function sqljs(options: SqljsOptions = {}): SqljsDriver {
  return new DatabaseDriver(settle(options));
}

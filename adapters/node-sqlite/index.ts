/**
 * SQLite in Node, as it is built in.
 *
 * @module
 */
export type { NodeSqliteDatabase, NodeSqliteStatement } from './native-handle.ts';
export { type NodeSqliteDriver, type NodeSqliteOptions, nodeSqlite } from './node-sqlite-driver.ts';

/**
 * SQLite in Node, by better-sqlite3.
 *
 * @module
 */
export { type BetterSqlite3Driver, betterSqlite3 } from './better-sqlite3-driver.ts';
export type { BetterSqlite3Class, BetterSqlite3Database, BetterSqlite3Statement } from './native-handle.ts';
export type { BetterSqlite3Options } from './options.ts';

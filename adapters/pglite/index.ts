/**
 * PostgreSQL as WebAssembly, through the package `@electric-sql/pglite`: in Node and in browsers.
 *
 * @module
 */
import { type PgliteOptions, readOptions } from './options.ts';
import type { PgliteDatabase } from './pglite-database.ts';
import { type PgliteDriver, SingleSessionDriver } from './pglite-driver.ts';

export type { PgliteOptions } from './options.ts';
export type { PgliteClass, PgliteDatabase } from './pglite-database.ts';
export type { PgliteDriver } from './pglite-driver.ts';

/**
 * A driver for PGlite. Takes the place of the database, options, or a `PGlite` that the application has already. Nothing
 * is loaded or opened before the first connection. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: pglite('idb://library'), entities: [Author, Post] });
 */
export function pglite<D extends PgliteDatabase = PgliteDatabase>(
  source: string | D | PgliteOptions<D> = {},
): PgliteDriver<D> {
  return new SingleSessionDriver(readOptions(source));
}

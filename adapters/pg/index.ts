/**
 * PostgreSQL over TCP, through the package `pg`, with a pool of connections.
 *
 * @module
 */
import type { PostgresPool, Secret } from '../../src/port.ts';
import { type PgOptions, readOptions } from './options.ts';
import { createPgDriver, type PgDriver } from './pg-driver.ts';

export type {
  PostgresModule as PgModule,
  PostgresPool as PgPool,
  PostgresPoolClient as PgPoolClient,
} from '../../src/port.ts';
export type { PgOptions } from './options.ts';
export type { PgDriver } from './pg-driver.ts';

/**
 * A driver for PostgreSQL 13 and later. Takes a URL, options, or a `Pool` of `pg` that the application has already.
 * Nothing is loaded or opened before the first connection. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: pg('postgres://app:secret@localhost/shop'), entities: [Author, Post] });
 */
export function pg(source: string | Secret | PgOptions | PostgresPool = {}): PgDriver {
  return createPgDriver(readOptions(source));
}

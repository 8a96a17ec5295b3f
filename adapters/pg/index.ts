/**
 * PostgreSQL over TCP, through the package `pg`, with a pool of connections.
 *
 * @module
 */
import type { Secret } from '../../src/port.ts';
import { type PgOptions, readOptions } from './options.ts';
import { createPgDriver, type PgDriver } from './pg-driver.ts';
import type { PgPool } from './pg-module.ts';

export type { PgOptions } from './options.ts';
export type { PgDriver } from './pg-driver.ts';
export type { PgModule, PgPool, PgPoolClient } from './pg-module.ts';

/**
 * A driver for PostgreSQL 13 and later. Takes a URL, options, or a `Pool` of `pg` that the application has already.
 * Nothing is loaded or opened before the first connection. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: pg('postgres://app:secret@localhost/shop'), entities: [Author, Post] });
 */
export function pg(source: string | Secret | PgOptions | PgPool = {}): PgDriver {
  return createPgDriver(readOptions(source));
}

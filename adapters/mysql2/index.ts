/**
 * MySQL and MariaDB through mysql2, with a pool of connections and prepared statements.
 *
 * @module
 */
import type { Driver, Secret } from '../../src/port.ts';
import { createMysql2Driver } from './mysql2-driver.ts';
import { type Mysql2Options, type Mysql2Pool, readOptions } from './options.ts';

export type { Mysql2Options, Mysql2Pool } from './options.ts';

/**
 * A driver for MySQL 8 and MariaDB 10.6 and later. Takes a URL, options, or a pool of mysql2 that the application has
 * already. Nothing is loaded or opened before the first connection.
 *
 * Throws `configuration` naming the option that is unknown or wrong.
 *
 * @example
 * const db = await createPersistence({ driver: mysql2('mysql://app:secret@localhost/library'), entities: [Author] });
 */
export function mysql2(source: string | Secret | Mysql2Options | Mysql2Pool = {}): Driver {
  return createMysql2Driver(readOptions(source));
}

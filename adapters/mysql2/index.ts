/**
 * MySQL and MariaDB through mysql2, with a pool of connections and prepared statements.
 *
 * @module
 */
import type { Driver } from '../../src/port.ts';
import { Mysql2Driver } from './mysql2-driver.ts';
import { type Mysql2Options, settle } from './options.ts';

export type { Mysql2Options } from './options.ts';

/**
 * A driver for MySQL or MariaDB, from a URL, from options, or over a pool that the application has. Nothing is loaded or
 * opened before the first connection.
 *
 * Throws `configuration` naming the option that is unknown or wrong.
 *
 * @example
 * const db = await createPersistence({ driver: mysql2('mysql://app:secret@localhost/library'), entities: [Author] });
 */
export function mysql2(options: string | Mysql2Options = {}): Driver {
  return new Mysql2Driver(settle(options));
}

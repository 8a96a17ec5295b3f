import type { NativeSqliteOptions } from '../../src/dialect/sqlite/index.ts';
import { ConfigurationError } from '../../src/port.ts';
import type { BetterSqlite3Class, BetterSqlite3Database } from './native-handle.ts';

/** The options of {@link betterSqlite3}: a `path`, or a `database` that is open already. */
export interface BetterSqlite3Options<D extends BetterSqlite3Database = BetterSqlite3Database>
  extends NativeSqliteOptions {
  /** The file, which is made where it is missing; `:memory:` for a database that ends with the driver. */
  readonly path?: string;
  /** Opens the file for reading only; it must be there. */
  readonly readOnly?: boolean;
  /** The class of better-sqlite3, for bundlers and for its types: by default `import('better-sqlite3')`. */
  readonly Database?: BetterSqlite3Class<D>;
  /** A database that the application has opened, and closes itself. Driver and application share its one connection. */
  readonly database?: D;
}

/** Rejects with `configuration` what cannot be meant. */
export function checkOptions({ path, database, Database, readOnly }: BetterSqlite3Options): void {
  if ((path === undefined) === (database === undefined)) {
    throw new ConfigurationError('better-sqlite3: give either a path or a database that is open already');
  }
  if (path !== undefined && typeof path !== 'string') {
    throw new ConfigurationError('better-sqlite3: the option path is the name of a file, or :memory:');
  }
  if (database === undefined) return;
  if (typeof database.prepare !== 'function' || typeof database.inTransaction !== 'boolean') {
    throw new ConfigurationError('better-sqlite3: the option database is a Database of better-sqlite3');
  }
  if (Database !== undefined || readOnly !== undefined) {
    throw new ConfigurationError('better-sqlite3: Database and readOnly are for opening a path, not for a database');
  }
}

import {
  type NativeSqliteSettings,
  nativeCapabilities,
  SqliteEngine,
  settleNativeOptions,
  sqlite,
} from '../../src/dialect/sqlite/index.ts';
import { ConfigurationError, createClock, type Driver, EmbeddedDriver, type OpenEmbedded } from '../../src/port.ts';
import { betterSqlite3Error, nativeDatabase } from './native-database.ts';
import type { BetterSqlite3Class, BetterSqlite3Database } from './native-handle.ts';
import type { BetterSqlite3Options } from './options.ts';

/** SQLite by better-sqlite3. */
export interface BetterSqlite3Driver<D extends BetterSqlite3Database = BetterSqlite3Database> extends Driver {
  /** The `Database` itself, once it is open. What is done with it is not seen by events and live queries. */
  readonly database: D;
  /**
   * Writes the database, as it is at one moment between transactions, to a file. Statements wait meanwhile.
   *
   * @example
   * await db.driver.backup('library-backup.db');
   */
  backup(path: string): Promise<void>;
}

/** The driver: {@link EmbeddedDriver} with what better-sqlite3 offers besides. */
class Better<D extends BetterSqlite3Database> extends EmbeddedDriver<D> implements BetterSqlite3Driver<D> {
  get database(): D {
    return this.handle;
  }

  async backup(path: string): Promise<void> {
    await this.exclusively(async (database) => {
      await database.backup(path).catch((cause: unknown) => {
        throw betterSqlite3Error(cause);
      });
    });
  }
}

/**
 * A driver for SQLite by better-sqlite3: of a file, or of a `Database` that is open already. Nothing is loaded or opened
 * before the first connection.
 *
 * @example
 * const db = await createPersistence({ driver: betterSqlite3({ path: 'library.db' }), entities: [Author, Post] });
 */
export function betterSqlite3<D extends BetterSqlite3Database = BetterSqlite3Database>(
  options: BetterSqlite3Options<D>,
): BetterSqlite3Driver<D> {
  const settings = settleNativeOptions('better-sqlite3', options, isDatabase);
  const { database, lockTimeout } = settings;
  return new Better<D>({
    name: 'better-sqlite3',
    dialect: sqlite,
    capabilities: nativeCapabilities,
    clock: createClock(globalThis),
    lockTimeout,
    async load() {
      if (database !== undefined) return () => opened(database, settings);
      const Database = options.Database ?? (await loadDatabaseClass<D>());
      return () => opened(openFile(Database, settings), settings);
    },
  });
}

function isDatabase(database: BetterSqlite3Database): boolean {
  return typeof database.prepare === 'function' && typeof database.inTransaction === 'boolean';
}

function opened<D extends BetterSqlite3Database>(database: D, settings: NativeSqliteSettings<D>): OpenEmbedded<D> {
  const close = () => {
    if (settings.database === undefined) database.close();
  };
  try {
    return { handle: database, engine: new SqliteEngine(nativeDatabase(database), settings), close };
  } catch (error) {
    close();
    throw error;
  }
}

function openFile<D extends BetterSqlite3Database>(
  Database: BetterSqlite3Class<D>,
  { path, readOnly }: NativeSqliteSettings<D>,
): D {
  try {
    return new Database(path, { readonly: readOnly });
  } catch (cause) {
    const error = betterSqlite3Error(cause);
    if (error.code !== 'driver') throw error;
    throw new ConfigurationError(`better-sqlite3 cannot open the database: ${(cause as Error).message}`, { cause });
  }
}

async function loadDatabaseClass<D extends BetterSqlite3Database>(): Promise<BetterSqlite3Class<D>> {
  try {
    const { default: Database } = await import('better-sqlite3');
    return Database as unknown as BetterSqlite3Class<D>;
  } catch (cause) {
    throw new ConfigurationError(
      'better-sqlite3 cannot be loaded; install it with `npm install better-sqlite3`, for the Node that runs this',
      { cause },
    );
  }
}

import {
  type NativeSqliteOptions,
  type NativeSqliteSettings,
  nativeCapabilities,
  SqliteEngine,
  settleNativeOptions,
  sqlite,
} from '../../src/dialect/sqlite/index.ts';
import { ConfigurationError, createClock, type Driver, EmbeddedDriver, type OpenEmbedded } from '../../src/port.ts';
import { loadNodeSqlite } from './load-node-sqlite.ts';
import { nativeDatabase, nodeSqliteError } from './native-database.ts';
import type { NodeSqliteDatabase, NodeSqliteModule } from './native-handle.ts';

/** The options of {@link nodeSqlite}: a `path`, or a `database` that is open already. */
export interface NodeSqliteOptions<D extends NodeSqliteDatabase = NodeSqliteDatabase> extends NativeSqliteOptions<D> {
  /** The class of node:sqlite, for its types: by default that of the Node that runs this. */
  readonly DatabaseSync?: new (
    path: string,
    options?: { readonly readOnly?: boolean },
  ) => D;
}

/** SQLite by node:sqlite. */
export interface NodeSqliteDriver<D extends NodeSqliteDatabase = NodeSqliteDatabase> extends Driver {
  /** The `DatabaseSync` itself, once it is open. What is done with it is not seen by events and live queries. */
  readonly database: D;
  /**
   * Writes the database, as it is at one moment between transactions, to a file. Statements wait meanwhile.
   *
   * @example
   * await db.driver.backup('library-backup.db');
   */
  backup(path: string): Promise<void>;
}

/** The driver: {@link EmbeddedDriver} with what node:sqlite offers besides. */
class NodeSqlite<D extends NodeSqliteDatabase> extends EmbeddedDriver<D> implements NodeSqliteDriver<D> {
  get database(): D {
    return this.handle;
  }

  async backup(path: string): Promise<void> {
    await this.exclusively(async (database) => {
      await loadNodeSqlite()
        .backup(database, path)
        .catch((cause: unknown) => {
          throw nodeSqliteError(cause);
        });
    });
  }
}

/**
 * A driver for SQLite as Node has it built in, from 24.16 on: of a file, or of a `DatabaseSync` that is open already.
 * Nothing is loaded or opened before the first connection.
 *
 * @example
 * const db = await createPersistence({ driver: nodeSqlite({ path: 'library.db' }), entities: [Author, Post] });
 */
export function nodeSqlite<D extends NodeSqliteDatabase = NodeSqliteDatabase>(
  options: NodeSqliteOptions<D>,
): NodeSqliteDriver<D> {
  const settings = settleNativeOptions('node-sqlite', options, isDatabase);
  const { database, lockTimeout } = settings;
  return new NodeSqlite<D>({
    name: 'node-sqlite',
    dialect: sqlite,
    capabilities: nativeCapabilities,
    clock: createClock(globalThis),
    lockTimeout,
    async load() {
      const module = loadNodeSqlite();
      return () => opened(database ?? openFile(module, options.DatabaseSync, settings), settings);
    },
  });
}

function isDatabase(database: NodeSqliteDatabase): boolean {
  return typeof database.prepare === 'function' && typeof database.isTransaction === 'boolean';
}

function opened<D extends NodeSqliteDatabase>(database: D, settings: NativeSqliteSettings<D>): OpenEmbedded<D> {
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

function openFile<D extends NodeSqliteDatabase>(
  module: NodeSqliteModule,
  given: NodeSqliteOptions<D>['DatabaseSync'],
  { path, readOnly }: NativeSqliteSettings<D>,
): D {
  const DatabaseSync = given ?? (module.DatabaseSync as NonNullable<typeof given>);
  try {
    return new DatabaseSync(path, { readOnly });
  } catch (cause) {
    const error = nodeSqliteError(cause);
    if (error.code !== 'driver') throw error;
    throw new ConfigurationError(`node:sqlite cannot open the database: ${(cause as Error).message}`, { cause });
  }
}

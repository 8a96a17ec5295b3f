import { type Connection, type MaybePromise, Mutex } from '../../src/port.ts';
import { type CommitLog, noCommitLog } from './connection/commit-log.ts';
import { SqliteConnection } from './connection/sqlite-connection.ts';
import type { DatabaseHost } from './engine/database-host.ts';
import { type LoadedSqlJs, loadSqlJs } from './engine/load-sql-js.ts';
import type { NativeDatabase } from './engine/native-database.ts';
import { openHost } from './engine/open-host.ts';
import type { ChangeListener, OpenDatabase } from './open-database.ts';
import type { SqljsSettings } from './options.ts';
import { openPipeline } from './persistence/open-pipeline.ts';
import type { StorageStatus } from './sqljs-driver.ts';
import { isPersisted, usage } from './storage/storage-manager.ts';
import { PagedFile } from './vfs/paged-file.ts';

/** The open database of a driver: SQLite, its file, and the way its commits take. */
export class LocalDatabase implements OpenDatabase {
  readonly sqlJs: LoadedSqlJs;
  readonly host: DatabaseHost;
  readonly mutex: Mutex;
  readonly log: CommitLog;

  constructor(sqlJs: LoadedSqlJs, host: DatabaseHost, mutex: Mutex, log: CommitLog) {
    this.sqlJs = sqlJs;
    this.host = host;
    this.mutex = mutex;
    this.log = log;
  }

  get database(): NativeDatabase {
    return this.host.database;
  }

  connection(): Connection {
    return new SqliteConnection(this);
  }

  exportFile(): Promise<Uint8Array<ArrayBuffer>> {
    return this.exclusively(() => {
      this.host.collect();
      return this.host.file.copy();
    });
  }

  importFile(file: Uint8Array | Blob): Promise<void> {
    return this.#import(file, () => true);
  }

  /** Fills the database with a file, where it holds nothing yet. */
  async begin(file: Uint8Array): Promise<void> {
    const isEmpty = () => this.log.version === 0;
    if (isEmpty()) await this.#import(file, isEmpty);
  }

  async storage(): Promise<StorageStatus> {
    const persisted = await isPersisted();
    const estimate = await usage();
    return { persisted, ...estimate, version: this.log.version, size: this.host.file.size };
  }

  async flush(): Promise<void> {
    await this.log.flush();
  }

  hide(): void {
    this.log.hide();
  }

  async close(): Promise<void> {
    await this.mutex.close();
    try {
      await this.log.close();
    } finally {
      this.host.close();
    }
  }

  /** Runs `work` while no transaction is open and none begins. */
  async exclusively<R>(work: () => MaybePromise<R>): Promise<R> {
    await this.mutex.acquire();
    try {
      await this.log.settled();
      return await work();
    } finally {
      this.mutex.release();
    }
  }

  openCopy(fill: (file: PagedFile) => void): Promise<DatabaseHost> {
    const file = new PagedFile();
    fill(file);
    return openHost(this.sqlJs, file, { exclusive: true, statementCache: 4 });
  }

  // Loaded on demand: most programs import no file.
  async #import(file: Uint8Array | Blob, condition: () => boolean): Promise<void> {
    await (await import('./engine/import-file.ts')).importFile(this, file, condition);
  }
}

/** Loads sql.js, reads the storage, and opens the database. */
export async function openDatabase(settings: SqljsSettings, onExternalChange: ChangeListener): Promise<LocalDatabase> {
  const sqlJs = await loadSqlJs(settings);
  if (sqlJs.hookFailure !== undefined) {
    const message = `sql.js could not be hooked (${sqlJs.hookFailure}); every commit now exports the whole database`;
    settings.onWarning({ kind: 'hook-failed', message });
  }
  const mutex = new Mutex();
  const host = await openHost(sqlJs, new PagedFile(), {
    exclusive: settings.storage.kind === 'memory' || settings.tabs === 'exclusive',
    statementCache: settings.statementCache,
  });
  try {
    const losses: string[] = [];
    const onDataLoss = (reason: string) => void losses.push(reason);
    const store = await settings.storage.open({ durability: settings.durability, onDataLoss });
    const parts = { host, mutex, settings, losses, onExternalChange };
    const log = store === undefined ? noCommitLog : await openPipeline({ ...parts, store });
    const database = new LocalDatabase(sqlJs, host, mutex, log);
    if (settings.file !== undefined) await database.begin(settings.file);
    return database;
  } catch (error) {
    host.close();
    throw error;
  }
}

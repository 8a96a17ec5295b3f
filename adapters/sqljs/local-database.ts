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
    return this.#exclusively(() => {
      this.host.collect();
      return this.host.file.copy();
    });
  }

  /** Replaces the whole file, as one commit; refuses one that is not sound and then changes nothing. */
  async importFile(file: Uint8Array | Blob): Promise<void> {
    const bytes = file instanceof Uint8Array ? file : new Uint8Array(await file.arrayBuffer());
    await this.#put(bytes, () => true);
  }

  /** Fills the database with a file, where it holds nothing yet. */
  async begin(file: Uint8Array): Promise<void> {
    const isEmpty = () => this.log.version === 0;
    if (isEmpty()) await this.#put(file, isEmpty);
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

  // Runs `work` while no transaction is open and none begins.
  async #exclusively<R>(work: () => MaybePromise<R>): Promise<R> {
    await this.mutex.acquire();
    try {
      await this.log.settled();
      return await work();
    } finally {
      this.mutex.release();
    }
  }

  // The condition is asked again when no other tab can write.
  async #put(file: Uint8Array, condition: () => boolean): Promise<void> {
    const { host, log } = this;
    const { checkFile } = await import('./engine/check-file.ts');
    const bytes = await checkFile(file, (sound) => integrity(this.sqlJs, sound));
    const { stored } = await this.#exclusively(async () => {
      await log.enter(undefined);
      try {
        if (!condition()) return { stored: undefined };
        succeed(bytes, host.file);
        host.file.truncate(0);
        host.file.write(bytes, 0, 0, bytes.length);
        host.reopen();
        return { stored: log.commit(null) };
      } catch (error) {
        log.leave();
        throw error;
      }
    });
    try {
      await stored;
    } finally {
      log.leave();
    }
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

// What SQLite finds wrong with a file; `ok` where nothing is.
async function integrity(sqlJs: LoadedSqlJs, bytes: Uint8Array): Promise<unknown> {
  const file = new PagedFile();
  file.write(bytes, 0, 0, bytes.length);
  const host = await openHost(sqlJs, file, { exclusive: true, statementCache: 4 });
  try {
    return host.database.runText('PRAGMA integrity_check(1)').rows[0]?.[0];
  } finally {
    host.close();
  }
}

const CHANGE_COUNTER = 24;
const SCHEMA_COOKIE = 40;
const VALID_FOR = 92;

// By these two counters of the header SQLite notices that a file changed (https://www.sqlite.org/fileformat2.html), in
// the other tabs too. An imported file brings its own, which may be the very same: so it goes on from the higher ones.
function succeed(bytes: Uint8Array, before: PagedFile): void {
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const old = new DataView(before.slice(0, 100).buffer);
  const next = (offset: number) => {
    const known = old.byteLength < 100 ? 0 : old.getUint32(offset);
    return (Math.max(known, header.getUint32(offset)) + 1) >>> 0;
  };
  const counter = next(CHANGE_COUNTER);
  header.setUint32(SCHEMA_COOKIE, next(SCHEMA_COOKIE));
  header.setUint32(CHANGE_COUNTER, counter);
  header.setUint32(VALID_FOR, counter);
}

import type { ExternalChange, MaybePromise } from '../../src/port.ts';
import { type CommitLog, noCommitLog } from './connection/commit-log.ts';
import { Mutex } from './connection/mutex.ts';
import { checkFile } from './engine/check-file.ts';
import type { DatabaseHost } from './engine/database-host.ts';
import { type LoadedSqlJs, loadSqlJs } from './engine/load-sql-js.ts';
import type { NativeDatabase } from './engine/native-database.ts';
import { openHost } from './engine/open-host.ts';
import type { SqljsSettings } from './options.ts';
import { openPipeline } from './persistence/open-pipeline.ts';
import { PagedFile } from './vfs/paged-file.ts';

/** The open database of a driver: SQLite, its file, and the way its commits take. */
export class LocalDatabase {
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

  /** The number of the newest stored commit known here. */
  get version(): number {
    return this.log.version;
  }

  /** Bytes of the file. */
  get size(): number {
    return this.host.file.size;
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

  /** Fills the database with a file, where it holds nothing yet. */
  async begin(file: Uint8Array): Promise<void> {
    if (this.version === 0) await this.#put(checkFile(this.sqlJs, file), () => this.version === 0);
  }

  /** Replaces the whole file, as one commit; refuses one that is not sound and then changes nothing. */
  async replace(file: Uint8Array): Promise<void> {
    await this.#put(checkFile(this.sqlJs, file), () => true);
  }

  flush(): MaybePromise<void> {
    return this.log.flush();
  }

  async close(): Promise<void> {
    await this.mutex.close();
    try {
      await this.log.close();
    } finally {
      this.host.close();
    }
  }

  // The condition is asked again when no other tab can write.
  async #put(bytes: Uint8Array, condition: () => boolean): Promise<void> {
    const { host, log } = this;
    const { stored } = await this.exclusively(async () => {
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
export async function openDatabase(
  settings: SqljsSettings,
  onExternalChange: (change: ExternalChange) => void,
): Promise<LocalDatabase> {
  const sqlJs = await loadSqlJs(settings);
  if (sqlJs.hookFailure !== undefined) {
    const message = `sql.js could not be hooked (${sqlJs.hookFailure}); every commit now exports the whole database`;
    settings.onWarning({ kind: 'hook-failed', message });
  }
  const mutex = new Mutex();
  const host = openHost(sqlJs, new PagedFile(), {
    exclusive: settings.storage.kind === 'memory' || settings.tabs === 'exclusive',
    statementCache: settings.statementCache,
  });
  try {
    const store = await settings.storage.open({ durability: settings.durability });
    const log =
      store === undefined ? noCommitLog : await openPipeline({ host, store, mutex, settings, onExternalChange });
    const database = new LocalDatabase(sqlJs, host, mutex, log);
    if (settings.file !== undefined) await database.begin(settings.file);
    return database;
  } catch (error) {
    host.close();
    throw error;
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

import type { ExternalChange, MaybePromise } from '../../src/port.ts';
import { type CommitLog, noCommitLog } from './connection/commit-log.ts';
import { Mutex } from './connection/mutex.ts';
import { checkFile } from './engine/check-file.ts';
import type { DatabaseHost } from './engine/database-host.ts';
import { type LoadedSqlJs, loadSqlJs } from './engine/load-sql-js.ts';
import type { NativeDatabase } from './engine/native-database.ts';
import { openHost } from './engine/open-host.ts';
import type { SqljsSettings } from './options.ts';
import { PagedFile } from './vfs/paged-file.ts';

/** The open database of a driver: SQLite, its file, and the way its commits take. */
export class LocalDatabase {
  readonly sqlJs: LoadedSqlJs;
  readonly host: DatabaseHost;
  readonly mutex: Mutex = new Mutex();
  readonly log: CommitLog;

  constructor(sqlJs: LoadedSqlJs, host: DatabaseHost, log: CommitLog) {
    this.sqlJs = sqlJs;
    this.host = host;
    this.log = log;
  }

  get database(): NativeDatabase {
    return this.host.database;
  }

  /** The number of the newest stored commit known here. */
  version(): number {
    return this.log.version;
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

  /** Replaces the whole file by sound bytes, as one commit. */
  async replace(bytes: Uint8Array): Promise<void> {
    const saved = await this.exclusively(async () => {
      await this.log.enter(undefined);
      const { file } = this.host;
      file.truncate(0);
      file.write(bytes, 0, 0, bytes.length);
      this.host.reopen();
      return { stored: this.log.commit(null) };
    });
    try {
      await saved.stored;
    } finally {
      this.log.leave();
    }
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
  void onExternalChange;
  const file = new PagedFile();
  if (settings.file !== undefined) {
    const bytes = checkFile(sqlJs, settings.file);
    file.patch(bytes, 0, 0, bytes.length);
  }
  const host = openHost(sqlJs, file, { exclusive: true, statementCache: settings.statementCache });
  return new LocalDatabase(sqlJs, host, noCommitLog);
}

import { sqlite } from '../../src/dialect/sqlite/index.ts';
import { ClosedError, type Connection, type Dialect, type ExternalChange } from '../../src/port.ts';
import { sqljsCapabilities } from './capabilities.ts';
import { systemClock } from './connection/clock.ts';
import { aborted } from './connection/mutex.ts';
import { SqliteConnection } from './connection/sqlite-connection.ts';
import { type LocalDatabase, openDatabase } from './local-database.ts';
import type { SqljsSettings } from './options.ts';
import type { SqljsDriver, StorageStatus } from './sqljs-driver.ts';
import { isPersisted, requestPersistence, usage } from './storage/storage-manager.ts';

/** The driver whose database lives in this thread. */
export class LocalDriver implements SqljsDriver {
  readonly name = 'sqljs';
  readonly dialect: Dialect = sqlite;
  readonly capabilities: typeof sqljsCapabilities = sqljsCapabilities;
  readonly clock: typeof systemClock = systemClock;
  readonly #settings: SqljsSettings;
  readonly #listeners = new Set<(change: ExternalChange) => void>();
  #opening: Promise<LocalDatabase> | undefined;
  #closed = false;

  constructor(settings: SqljsSettings) {
    this.#settings = settings;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    return new SqliteConnection(await this.#database());
  }

  onExternalChange(listener: (change: ExternalChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async exportFile(): Promise<Uint8Array<ArrayBuffer>> {
    const database = await this.#database();
    return database.exclusively(() => {
      database.host.collect();
      return database.host.file.copy();
    });
  }

  async importFile(source: Uint8Array | Blob): Promise<void> {
    const database = await this.#database();
    const bytes = source instanceof Uint8Array ? source : new Uint8Array(await source.arrayBuffer());
    await database.replace(bytes);
  }

  async storage(): Promise<StorageStatus> {
    const database = await this.#database();
    const persisted = await isPersisted();
    const estimate = await usage();
    return { persisted, ...estimate, version: database.version, size: database.size };
  }

  requestPersistence(): Promise<boolean> {
    return requestPersistence();
  }

  async flush(): Promise<void> {
    await (await this.#database()).flush();
  }

  /** The page that the worker of this driver belongs to may be going away. */
  async hide(): Promise<void> {
    (await this.#opening)?.log.hide();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    // A database that never opened needs no closing; whoever opened it has the error.
    const database = await opening?.catch(() => undefined);
    await database?.close();
    this.#listeners.clear();
  }

  #database(): Promise<LocalDatabase> {
    if (this.#closed) return Promise.reject(new ClosedError('the driver is closed; make a new one with sqljs()'));
    if (this.#opening === undefined) {
      const opening = openDatabase(this.#settings, (change) => {
        for (const listener of this.#listeners) listener(change);
      });
      this.#opening = opening;
      // What failed once may be tried again: a lock that is free by then, another network.
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }
}

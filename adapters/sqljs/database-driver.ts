import { sqlite } from '../../src/dialect/sqlite/index.ts';
import { aborted, type Clock, ClosedError, type Connection, createClock, type Dialect } from '../../src/port.ts';
import { sqljsCapabilities } from './capabilities.ts';
import { openDatabase } from './local-database.ts';
import type { ChangeListener, OpenDatabase } from './open-database.ts';
import type { SqljsSettings } from './options.ts';
import { watchPage } from './persistence/page-events.ts';
import type { SqljsDriver, StorageStatus } from './sqljs-driver.ts';
import { requestPersistence } from './storage/storage-manager.ts';

/** The driver: opens its database with the first connection, in this thread or in a worker. */
export class DatabaseDriver implements SqljsDriver {
  readonly name = 'sqljs';
  readonly dialect: Dialect = sqlite;
  readonly capabilities: typeof sqljsCapabilities = sqljsCapabilities;
  readonly clock: Clock = createClock(globalThis);
  readonly #settings: SqljsSettings;
  readonly #listeners = new Set<ChangeListener>();
  #opening: Promise<OpenDatabase> | undefined;
  #closed = false;

  constructor(settings: SqljsSettings) {
    this.#settings = settings;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    return (await this.#database()).connection();
  }

  onExternalChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async exportFile(): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#database()).exportFile();
  }

  async importFile(file: Uint8Array | Blob): Promise<void> {
    await (await this.#database()).importFile(file);
  }

  async storage(): Promise<StorageStatus> {
    return (await this.#database()).storage();
  }

  // Asked from the page, also where the database lives in a worker, which may not ask the user.
  requestPersistence(): Promise<boolean> {
    return requestPersistence();
  }

  async flush(): Promise<void> {
    await (await this.#database()).flush();
  }

  /** The page that the worker of this driver belongs to may be going away. */
  async hide(): Promise<void> {
    (await this.#opening)?.hide();
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

  #database(): Promise<OpenDatabase> {
    if (this.#closed) return Promise.reject(new ClosedError('the driver is closed; make a new one with sqljs()'));
    if (this.#opening === undefined) {
      const opening = this.#open();
      this.#opening = opening;
      // What failed once may be tried again: a lock that is free by then, another network.
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async #open(): Promise<OpenDatabase> {
    const onChange: ChangeListener = (change) => {
      for (const listener of this.#listeners) listener(change);
    };
    const { worker } = this.#settings;
    if (worker === undefined) return openDatabase(this.#settings, onChange);
    // Loaded where it is wanted: a program without a worker need not carry its client.
    const { openInWorker } = await import('./worker/worker-database.ts');
    return openInWorker(this.#settings, worker(), onChange, watchPage);
  }
}

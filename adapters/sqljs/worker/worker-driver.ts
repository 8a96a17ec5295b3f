import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import {
  ClosedError,
  ConfigurationError,
  type Connection,
  type Dialect,
  type ExternalChange,
} from '../../../src/port.ts';
import { sqljsCapabilities } from '../capabilities.ts';
import { systemClock } from '../connection/clock.ts';
import { aborted } from '../connection/mutex.ts';
import type { SqljsSettings } from '../options.ts';
import { watchPage } from '../persistence/page-events.ts';
import type { SqljsDriver, StorageStatus } from '../sqljs-driver.ts';
import { requestPersistence } from '../storage/storage-manager.ts';
import type { WorkerOptions } from './messages.ts';
import { Requester } from './requester.ts';
import { WorkerConnection } from './worker-connection.ts';

/** The driver whose database lives in a worker: the same, one hop away. */
export class WorkerDriver implements SqljsDriver {
  readonly name = 'sqljs';
  readonly dialect: Dialect = sqlite;
  readonly capabilities: typeof sqljsCapabilities = sqljsCapabilities;
  readonly clock: typeof systemClock = systemClock;
  readonly #settings: SqljsSettings;
  readonly #makeWorker: () => Worker;
  readonly #listeners = new Set<(change: ExternalChange) => void>();
  #opening: Promise<Requester> | undefined;
  #unwatch: () => void = () => {};
  #closed = false;

  constructor(settings: SqljsSettings, makeWorker: () => Worker) {
    if (settings.initSqlJs !== undefined) {
      throw new ConfigurationError('initSqlJs cannot be sent to a worker; use serveSqljs({ initSqlJs }) inside of it');
    }
    this.#settings = settings;
    this.#makeWorker = makeWorker;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    return new WorkerConnection(await this.#worker());
  }

  onExternalChange(listener: (change: ExternalChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async exportFile(): Promise<Uint8Array<ArrayBuffer>> {
    return (await this.#worker()).ask('exportFile', {});
  }

  async importFile(file: Uint8Array | Blob): Promise<void> {
    await (await this.#worker()).ask('importFile', { file });
  }

  async storage(): Promise<StorageStatus> {
    return (await this.#worker()).ask('storage', {});
  }

  // A worker may not ask the user.
  requestPersistence(): Promise<boolean> {
    return requestPersistence();
  }

  async flush(): Promise<void> {
    await (await this.#worker()).ask('flush', {});
  }

  async close(): Promise<void> {
    this.#closed = true;
    const opening = this.#opening;
    this.#opening = undefined;
    const requester = await opening?.catch(() => undefined);
    this.#unwatch();
    this.#listeners.clear();
    try {
      await requester?.ask('close', {});
    } finally {
      requester?.close();
    }
  }

  #worker(): Promise<Requester> {
    if (this.#closed) return Promise.reject(new ClosedError('the driver is closed; make a new one with sqljs()'));
    if (this.#opening === undefined) {
      const opening = this.#open();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async #open(): Promise<Requester> {
    const requester = new Requester(this.#makeWorker(), {
      onWarning: this.#settings.onWarning,
      onChange: (change) => {
        for (const listener of this.#listeners) listener(change);
      },
    });
    try {
      await requester.ask('open', { options: workerOptions(this.#settings) });
    } catch (error) {
      requester.close();
      throw error;
    }
    this.#unwatch = watchPage({ onHide: () => requester.hide(), onShow: () => {} });
    return requester;
  }
}

function workerOptions(settings: SqljsSettings): WorkerOptions {
  const { storage, initSqlJs: _init, worker: _worker, onWarning: _warn, wasm, ...rest } = settings;
  // An address is meant as seen from the page, and a URL object cannot be cloned.
  const absolute =
    typeof wasm === 'string' || wasm instanceof URL ? new URL(wasm, globalThis.location?.href).href : wasm;
  return {
    ...rest,
    storage: { kind: storage.kind, name: storage.name },
    ...(absolute === undefined ? {} : { wasm: absolute }),
  };
}

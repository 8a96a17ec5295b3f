import type { Connection } from '../../../src/port.ts';
import type { ChangeListener, OpenDatabase } from '../open-database.ts';
import type { SqljsSettings } from '../options.ts';
import type { watchPage } from '../persistence/page-events.ts';
import type { StorageStatus } from '../sqljs-driver.ts';
import type { WorkerOptions } from './messages.ts';
import { Requester } from './requester.ts';
import { WorkerConnection } from './worker-connection.ts';

/** A database in a worker: the same, one hop away. */
class WorkerDatabase implements OpenDatabase {
  readonly #requester: Requester;
  readonly #unwatch: () => void;

  constructor(requester: Requester, watch: typeof watchPage) {
    this.#requester = requester;
    this.#unwatch = watch({ onHide: () => this.hide(), onShow: () => {} });
  }

  connection(): Connection {
    return new WorkerConnection(this.#requester);
  }

  exportFile(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#requester.ask('exportFile', {});
  }

  async importFile(file: Uint8Array | Blob): Promise<void> {
    await this.#requester.ask('importFile', { file });
  }

  storage(): Promise<StorageStatus> {
    return this.#requester.ask('storage', {});
  }

  async flush(): Promise<void> {
    await this.#requester.ask('flush', {});
  }

  hide(): void {
    this.#requester.hide();
  }

  async close(): Promise<void> {
    this.#unwatch();
    try {
      await this.#requester.ask('close', {});
    } finally {
      this.#requester.close();
    }
  }
}

/**
 * Opens the database of the settings in the worker. `watch` is handed in: of a module loaded on demand, what it shares with
 * the program would make a chunk of its own.
 */
export async function openInWorker(
  settings: SqljsSettings,
  worker: Worker,
  onChange: ChangeListener,
  watch: typeof watchPage,
): Promise<OpenDatabase> {
  const requester = new Requester(worker, { onWarning: settings.onWarning, onChange });
  try {
    await requester.ask('open', { options: workerOptions(settings) });
    return new WorkerDatabase(requester, watch);
  } catch (error) {
    requester.close();
    throw error;
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

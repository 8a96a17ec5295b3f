import { promisifyRequest, type UseStore } from 'idb-keyval';
import { ClosedError, StorageBlockedError } from '../../../../src/errors.ts';
import { STORE } from './format.ts';
import { isLostConnection, storageError } from './storage-error.ts';

/**
 * idb-keyval's `UseStore` over one database with one object store, and what its own `createStore` lacks: the durability
 * of transactions, a transaction that ends when it has ended, and a new connection when the old one died.
 */
export class DurableStore {
  readonly #name: string;
  readonly #durability: IDBTransactionDurability;
  readonly #onDataLoss: (reason: string) => void;
  #opening: Promise<IDBDatabase> | undefined;
  #handle: IDBDatabase | undefined;
  #over: Error | undefined;
  readonly #running = new Set<IDBTransaction>();
  #superseded = 0;

  constructor(name: string, durability: IDBTransactionDurability, onDataLoss: (reason: string) => void) {
    this.#name = name;
    this.#durability = durability;
    this.#onDataLoss = onDataLoss;
  }

  /** A transaction, as idb-keyval's functions want it. */
  readonly use: UseStore = async (mode, callback) => {
    const database = await this.#open();
    return callback(this.#transaction(database, mode));
  };

  /** Reads in one transaction; once more on a new connection, where the old one died. */
  read<T>(work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    return this.#again(() => this.use('readonly', work));
  }

  /**
   * Writes in one transaction and resolves when it is complete. It is aborted when `work` throws, which `setMany` of
   * idb-keyval does not do. `work` may run twice, and must tell by itself whether the first time got through.
   */
  write(work: (store: IDBObjectStore) => Promise<void>): Promise<void> {
    return this.#again(() => this.use('readwrite', (store) => completed(store, work)));
  }

  /**
   * Writes at once, on the connection that is there. Whatever runs is aborted: this transaction would wait for it, and
   * one that waits when the page goes is never run.
   */
  writeNow(work: (store: IDBObjectStore) => void): Promise<void> {
    if (this.#handle === undefined) return Promise.reject(new StorageBlockedError('IndexedDB is not open'));
    this.#superseded++;
    const isFree = this.#running.size === 0;
    this.#running.forEach(abort);
    const store = this.#transaction(this.#handle, 'readwrite');
    const done = promisifyRequest(store.transaction);
    work(store);
    store.transaction.commit?.();
    if (!isFree) hold();
    return done.catch((error: unknown) => {
      throw storageError(error);
    });
  }

  close(): void {
    this.#over ??= new ClosedError('the database is closed');
    this.#drop();
  }

  async #again<T>(work: () => Promise<T>): Promise<T> {
    const superseded = this.#superseded;
    try {
      return await work();
    } catch (error) {
      const wasAborted = this.#superseded !== superseded;
      if (!isLostConnection(error) || wasAborted || this.#over !== undefined) throw storageError(error);
      this.#drop();
    }
    try {
      return await work();
    } catch (error) {
      throw storageError(error);
    }
  }

  #transaction(database: IDBDatabase, mode: IDBTransactionMode): IDBObjectStore {
    const transaction = database.transaction(STORE, mode, { durability: this.#durability });
    const over = () => void this.#running.delete(transaction);
    transaction.addEventListener('complete', over);
    transaction.addEventListener('abort', over);
    this.#running.add(transaction);
    return transaction.objectStore(STORE);
  }

  #drop(): void {
    this.#handle?.close();
    this.#handle = undefined;
    this.#opening = undefined;
  }

  #open(): Promise<IDBDatabase> {
    if (this.#over !== undefined) return Promise.reject(this.#over);
    this.#opening ??= this.#connect();
    return this.#opening;
  }

  async #connect(): Promise<IDBDatabase> {
    if (typeof indexedDB === 'undefined') throw new StorageBlockedError('there is no IndexedDB in this runtime');
    try {
      const request = indexedDB.open(this.#name);
      request.onupgradeneeded = (event) => {
        request.result.createObjectStore(STORE);
        // Chromium deletes a storage that it finds damaged, and says so here and nowhere else.
        const { dataLoss, dataLossMessage } = event as { dataLoss?: string; dataLossMessage?: string };
        if (dataLoss === 'total') this.#onDataLoss(dataLossMessage ?? 'total data loss');
      };
      const database = await promisifyRequest(request);
      database.onclose = () => this.#drop();
      // Somebody deletes the database or is newer than this code. Staying would block them.
      database.onversionchange = () => {
        this.#over = new StorageBlockedError('the stored database is being deleted or upgraded by another tab');
        this.#drop();
      };
      this.#handle = database;
      return database;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}

async function completed(store: IDBObjectStore, work: (store: IDBObjectStore) => Promise<void>): Promise<void> {
  const { transaction } = store;
  const done = promisifyRequest(transaction);
  try {
    await work(store);
    transaction.commit?.();
  } catch (error) {
    // The abort is of our making, so its own rejection tells nothing; the reason is what was thrown.
    done.catch(() => {});
    // An aborted transaction throws here, and its own error says more than that of the request.
    if (transaction.error !== null) throw transaction.error;
    abort(transaction);
    throw error;
  }
  await done;
}

function abort(transaction: IDBTransaction): void {
  try {
    transaction.abort();
  } catch {
    // It was committing already, or over.
  }
}

// What ran before ends in the browser's own process within milliseconds. The page is kept from going for as long, so that
// the transaction behind it gets its turn.
function hold(): void {
  const end = performance.now() + 50;
  while (performance.now() < end);
}

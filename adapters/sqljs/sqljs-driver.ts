import type { Driver } from '../../src/port.ts';

/** How much there is of a database, and how safe it is. */
export interface StorageStatus {
  /** Whether the browser has promised not to delete the storage by itself. */
  readonly persisted: boolean;
  /** Bytes that this origin uses, where the browser tells. */
  readonly usage?: number;
  /** Bytes that this origin may use, where the browser tells. It does not predict when a write fails. */
  readonly quota?: number;
  /** The number of the newest stored commit known here; 0 for a database in memory only. */
  readonly version: number;
  /** Bytes of the database file. */
  readonly size: number;
}

/** SQLite as WebAssembly, kept in IndexedDB or in memory. */
export interface SqljsDriver extends Driver {
  /**
   * The database as a plain SQLite file, as it was at one moment between transactions.
   *
   * @example
   * const file = new Blob([await db.driver.exportFile()], { type: 'application/vnd.sqlite3' });
   */
  exportFile(): Promise<Uint8Array<ArrayBuffer>>;
  /**
   * Replaces the whole database by a SQLite file, in one commit that other tabs follow. The file is checked first, in a
   * database of its own; one that is not sound is refused with `storage-corrupt`, and nothing changes.
   */
  importFile(file: Uint8Array | Blob): Promise<void>;
  storage(): Promise<StorageStatus>;
  /** Asks the browser not to delete the storage by itself; resolves with whether it agreed. Firefox asks the user. */
  requestPersistence(): Promise<boolean>;
  /** Stores what is committed but not stored yet: in deferred mode, or after a failure under `onPersistError: 'keep'`. */
  flush(): Promise<void>;
}

import type { Connection, ExternalChange } from '../../src/port.ts';
import type { StorageStatus } from './sqljs-driver.ts';

/** An open database, wherever it lives: in this thread, or in a worker. */
export interface OpenDatabase {
  connection(): Connection;
  exportFile(): Promise<Uint8Array<ArrayBuffer>>;
  importFile(file: Uint8Array | Blob): Promise<void>;
  storage(): Promise<StorageStatus>;
  flush(): Promise<void>;
  /** The page may be going away: in deferred mode everything is handed to the storage now. */
  hide(): void;
  close(): Promise<void>;
}

/** Told of commits from outside. */
export type ChangeListener = (change: ExternalChange) => void;

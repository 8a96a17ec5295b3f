import type { MaybePromise } from '../../../src/port.ts';

/** How far a commit must have travelled before it is reported: see the option `durability`. */
export type Durability = 'relaxed' | 'strict' | 'deferred';

/** The bytes that a store may read while it writes a commit; only before its first `await`. */
export interface ByteSource {
  readonly size: number;
  slice(position: number, length: number): Uint8Array;
}

/** Where a store puts the bytes that it loads. */
export interface ByteTarget {
  put(position: number, bytes: Uint8Array): void;
}

/** One commit, or several that go together, on top of version `expected`. */
export interface BlockCommit {
  readonly expected: number;
  /** The size of the file in bytes after the commit. */
  readonly size: number;
  /** The grain of {@link BlockCommit.units}, in bytes. */
  readonly unit: number;
  /** The units that changed, in ascending order. */
  readonly units: Uint32Array;
  readonly source: ByteSource;
  /** The tables that were written, or null where they are not known. */
  readonly tables: readonly string[] | null;
}

/** What a store holds now. */
export interface StoredState {
  /** 0 where there is nothing yet; every commit adds one. */
  readonly version: number;
  readonly size: number;
}

/** What others committed since a version. */
export interface BlockChanges extends StoredState {
  /** Whether {@link BlockChanges.parts} is the whole file, because the changes themselves are no longer kept. */
  readonly whole: boolean;
  /** To be put into the file in this order, after it was cut to `size`. */
  readonly parts: readonly { readonly position: number; readonly bytes: Uint8Array }[];
  /** The tables that the commits wrote, or null where one of them did not tell. */
  readonly tables: readonly string[] | null;
}

/**
 * A place that keeps a database file between visits, commit by commit. Implement it to put databases elsewhere (OPFS, an
 * encrypted store, a test double). Every method is one atomic step. Failures are `storage-quota`, `storage-conflict`,
 * `storage-blocked`, `storage-corrupt`; anything else is taken for lost access.
 */
export interface BlockStore {
  /** Reads the whole file in one consistent state. */
  load(target: ByteTarget): Promise<StoredState>;
  /**
   * Reads what changed after version `since`, and the units in `again` in any case, in one consistent state. Null where
   * nothing did.
   */
  changes(since: number, again: Uint32Array, unit: number): Promise<BlockChanges | null>;
  /** Stores a commit as version `expected + 1`, or rejects with `storage-conflict` where another came first. */
  write(commit: BlockCommit): Promise<void>;
  /**
   * Like `write`, but everything is on its way to the storage when the call returns, for a page that is going away.
   * Called only while no other tab can write, perhaps before an earlier `write` has ended: its units are then part of
   * `commit`. Absent where the store cannot do that.
   */
  writeNow?(commit: BlockCommit): Promise<void>;
  /**
   * Does a slice of housekeeping while no other tab can write and everything committed is stored; resolves with whether
   * more is to be done. Called after commits.
   */
  maintain?(version: number, source: ByteSource): Promise<boolean>;
  close(): Promise<void>;
}

/** What the storage needs to know. */
export interface StorageContext {
  readonly durability: Durability;
  /** To be called where the browser says that it lost the database, with what it says. */
  readonly onDataLoss: (reason: string) => void;
}

/** A storage as the option `storage` takes it; made by `memory()`, `indexedDb(name)`, or by you. */
export interface Storage {
  /** Two storages of the same kind and name are the same place; tabs find each other by it. */
  readonly kind: string;
  readonly name: string;
  /** Opens the place; undefined where there is none, and the database lives in memory only. */
  open(context: StorageContext): MaybePromise<BlockStore | undefined>;
}

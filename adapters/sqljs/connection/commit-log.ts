import type { MaybePromise, PersistenceError } from '../../../src/port.ts';

/** What a connection needs of whoever makes commits durable and keeps other tabs away. */
export interface CommitLog {
  /** Whether commits must be announced here before they begin. False for a database in memory only. */
  readonly persists: boolean;
  /** The number of the newest stored commit known here. */
  readonly version: number;
  /** Waits while memory is being brought back to what the storage holds. */
  settled(): MaybePromise<void>;
  /** Makes this connection the only writer, on the newest pages. Every call needs one {@link CommitLog.leave}. */
  enter(signal: AbortSignal | undefined): MaybePromise<void>;
  /** Makes everything SQLite has committed so far durable; resolves when it is, or at once in deferred mode. */
  commit(tables: readonly string[] | null): MaybePromise<void>;
  /** The writer is through. */
  leave(): void;
  /** Stores what is committed but not stored yet. */
  flush(): MaybePromise<void>;
  /** The page may be going away: in deferred mode everything is handed to the storage now. */
  hide(): void;
  /** Stores what is left and lets go of the storage. */
  close(): Promise<void>;
  /** Runs something that may or may not write; `refused` tells that it wanted to and did nothing. */
  probe<R>(run: () => R): { readonly result: R; readonly refused: false } | { readonly refused: true };
  /** To be called with the error when memory and storage went apart while a transaction is open. */
  onDiverged: (error: PersistenceError) => void;
}

/** Nothing to make durable, nobody to keep away. */
export const noCommitLog: CommitLog = {
  persists: false,
  version: 0,
  settled: () => {},
  enter: () => {},
  commit: () => {},
  leave: () => {},
  flush: () => {},
  hide: () => {},
  close: async () => {},
  probe: (run) => ({ result: run(), refused: false }),
  onDiverged: () => {},
};

/**
 * What an adapter implements over its driver's own pool, which opens connections, keeps idle ones and closes them.
 * `C` is the driver's connection.
 *
 * The pool above it never asks for more than `max` connections at once, so the driver's pool needs no queue of its own;
 * it is to be opened with the same `max`, and without a timeout for its queue.
 */
export interface ConnectionSource<C extends object> {
  /**
   * Takes an idle connection, or opens one. Rejects with a `PersistenceError`; one that is `retryable` (the server is
   * starting, the network failed) is tried again. It must answer in the end: an attempt to connect needs a timeout of
   * the driver's.
   */
  acquire(): Promise<C>;
  /** Puts a connection back among the idle ones. */
  release(connection: C): void;
  /** Closes a connection that must not be used again, however busy it is. */
  destroy(connection: C, reason: unknown): void;
  /** Proves that a connection answers: `SELECT 1`. */
  check(connection: C): Promise<void>;
  /** How many connections the driver's pool holds, and how many of them are idle. */
  counts(): { readonly total: number; readonly idle: number };
  /** Closes idle connections and refuses new ones. Called once, when no connection is on loan any more. */
  end(): Promise<void>;
}

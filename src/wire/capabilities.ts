/** The levels of the SQL standard that an engine offers for a transaction. */
export type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';

/**
 * What a driver can do. The core asks these flags and never the driver's or dialect's name; what is not there is a
 * typed error, never a quiet downgrade.
 */
export interface Capabilities {
  /**
   * How a transaction is held open between statements: `session`, over any number of awaits; `sync`, only while the
   * callback does not wait; `none`, not at all.
   */
  readonly interactive: 'session' | 'sync' | 'none';
  /**
   * Whether several transactions may be open at once. Where there is one connection, they and all other statements take
   * turns in the order in which they came.
   */
  readonly concurrentTransactions: boolean;
  /**
   * What a statement that fails does to its transaction: `undone`, it leaves no trace and the transaction goes on;
   * `ends-transaction`, nothing runs any more until it is rolled back, as a whole or to a savepoint.
   */
  readonly failedStatement: 'undone' | 'ends-transaction';
  /**
   * What {@link Connection.batch} guarantees: `atomic`, all or nothing in one request; `pipelined`, one request within a
   * transaction; `multi`, one text of many statements; `none`, no batches.
   */
  readonly batch: 'atomic' | 'pipelined' | 'multi' | 'none';
  /** How a later statement of a batch names a key that an earlier one generated. */
  readonly keyReference: 'cte' | 'rowid' | 'variable' | 'none';
  /** How a stale version aborts a batch on the server. */
  readonly guard: 'cast' | 'json' | 'overflow' | 'affected-rows';
  /** What a round trip costs; it chooses the strategies for loading and flushing. */
  readonly roundTrip: 'local' | 'network' | 'http';
  /** Whether a transaction may run with foreign keys off (`TransactOptions.foreignKeys`); not, where it is absent. */
  readonly foreignKeysOff?: boolean;
  /** Whether INSERT, UPDATE and DELETE take RETURNING. */
  readonly returning: boolean;
  /** Whether a transaction may have others inside of it: by SAVEPOINT, or by {@link Transaction.transact} where that is there. */
  readonly savepoints: boolean;
  /** The levels a transaction may ask for; empty where there is only the engine's own. */
  readonly isolationLevels: readonly IsolationLevel[];
  /** Most parameters of one statement. */
  readonly maxParams: number;
  /** Most SELECTs joined by UNION, and so most rows of a VALUES list that the engine turns into one. */
  readonly maxCompoundTerms: number;
  /** Whether numbers are bound as floating point, so that an untyped integer parameter needs a cast. */
  readonly numbersBindAsReal: boolean;
  /** Whether {@link Connection.stream} is there. */
  readonly streaming: boolean;
  /** Whether one driver object may serve several requests of a worker. */
  readonly shareAcrossRequests: boolean;
}

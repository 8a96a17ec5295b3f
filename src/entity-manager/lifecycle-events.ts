import type { EntityManager, FlushPreview } from './entity-manager.ts';

/** An entity that a flush is to write, or has written. */
export interface EntityEvent {
  readonly entity: object;
  /** Its table. */
  readonly table: string;
  /**
   * The EntityManager that flushes, to read and to schedule with. What a before-hook creates, persists or removes through
   * it is taken back when the flush fails, because the hook runs again when the flush does.
   */
  readonly em: EntityManager;
}

/** An entity that a row has become. */
export interface LoadEvent {
  readonly entity: object;
  /** Its table. */
  readonly table: string;
}

/** A flush that begins. */
export interface FlushEvent {
  /** See {@link EntityEvent.em}. */
  readonly em: EntityManager;
}

/** A flush whose plan is made, or written. Nothing here can be changed; what is edited now is for the next flush. */
export interface PlannedFlushEvent {
  readonly em: EntityManager;
  readonly plan: FlushPreview;
  /** The entities whose rows are inserted, updated and deleted; rows of link tables are in the plan only. */
  readonly inserts: readonly object[];
  readonly updates: readonly object[];
  readonly removes: readonly object[];
}

/** A transaction of an EntityManager, also one that a flush opens for itself, or a savepoint that `transaction` opens in one. */
export interface TransactionEvent {
  /** The handle that the work receives; of one that has ended, and of a flush, the EntityManager that opened it. */
  readonly em: EntityManager;
  /** 0 for a transaction, 1 for a savepoint in it, and so on. What a savepoint wrote is not committed by its end. */
  readonly level: number;
}

/** A transaction or savepoint that was rolled back. */
export interface RollbackEvent extends TransactionEvent {
  /** Why. */
  readonly error: unknown;
}

/**
 * What happens to entities, flushes and transactions, by name. Unlike those of {@link PersistenceEvents}, these events are
 * waited for, and what a listener throws matters: see {@link EntityHooks}.
 *
 * `beforeFlush` may change anything; the before-hooks of entities follow, then the plan is made and `onFlush` sees it, then
 * it is written. A listener of these that throws makes the flush fail with its error, and nothing is sent. `afterFlush` and
 * the after-hooks of entities come when it is written. `transactionBegin` runs inside the transaction, before the work, and
 * rolls it back by throwing; only the transaction that a flush opens for itself is announced just before. `transactionCommit`
 * is an after-hook. What a listener of `transactionRollback` throws goes to `onListenerError`: the error that rolled back is
 * the one to be told.
 */
export interface LifecycleEvents {
  readonly beforeInsert: EntityEvent;
  readonly afterInsert: EntityEvent;
  readonly beforeUpdate: EntityEvent;
  readonly afterUpdate: EntityEvent;
  readonly beforeRemove: EntityEvent;
  readonly afterRemove: EntityEvent;
  readonly afterLoad: LoadEvent;
  readonly beforeFlush: FlushEvent;
  readonly onFlush: PlannedFlushEvent;
  readonly afterFlush: PlannedFlushEvent;
  readonly transactionBegin: TransactionEvent;
  readonly transactionCommit: TransactionEvent;
  readonly transactionRollback: RollbackEvent;
}

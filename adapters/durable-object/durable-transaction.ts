import type { HostedStatements } from '../../src/dialect/sqlite/index.ts';
import {
  aborted,
  DriverError,
  type ExecuteOptions,
  type MaybePromise,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type Transaction,
  TransactionScopeError,
} from '../../src/port.ts';
import type { DurableStorage } from './durable-storage.ts';
import { durableError, runStatement } from './run-statement.ts';

/** The storage of a Durable Object, and the statements that were run on it. */
export interface DurableParts {
  readonly storage: DurableStorage;
  readonly statements: HostedStatements;
}

/** An open transaction, or one inside of it. */
class DurableTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #parts: DurableParts;
  readonly #readOnly: boolean;
  readonly #outer: DurableTransaction | null;
  readonly #inner = new Set<Promise<unknown>>();
  #over: PersistenceError | undefined;

  constructor(parts: DurableParts, readOnly: boolean, outer: DurableTransaction | null) {
    this.#parts = parts;
    this.#readOnly = readOnly;
    this.#outer = outer;
  }

  execute({ sql, params }: Statement, options?: ExecuteOptions): ResultSet {
    this.#assertUsable(options?.signal);
    const { storage, statements } = this.#parts;
    const statement = statements.get(sql);
    if (this.#readOnly && statement.effect !== 'read') {
      throw new TransactionScopeError('the transaction is read-only, and this statement writes or may write');
    }
    return runStatement(storage, statement, params);
  }

  batch(statements: readonly Statement[], options?: ExecuteOptions): readonly ResultSet[] {
    this.#assertUsable(options?.signal);
    return allOrNothing(this.#parts.storage, () => statements.map((statement) => this.execute(statement, options)));
  }

  transact<R>(work: (tx: Transaction) => MaybePromise<R>, options?: { readonly signal?: AbortSignal }): Promise<R> {
    this.#assertUsable(options?.signal);
    const running = new DurableTransaction(this.#parts, this.#readOnly, this).run(work);
    const settled = running.then(
      () => undefined,
      () => undefined,
    );
    this.#inner.add(settled);
    void settled.finally(() => this.#inner.delete(settled));
    return running;
  }

  async run<R>(work: (tx: Transaction) => MaybePromise<R>): Promise<R> {
    let failure: { readonly error: unknown } | undefined;
    try {
      return await this.#parts.storage.transaction(async () => {
        try {
          const result = await work(this);
          this.#refuseOpenInner();
          return result;
        } catch (error) {
          failure = { error };
          throw error;
        } finally {
          this.#over ??= isOver();
          // They find the transaction over; the storage wants them to end first.
          await Promise.all(this.#inner);
        }
      });
    } catch (cause) {
      // What the storage passes on may be a copy.
      throw failure === undefined ? commitError(cause) : failure.error;
    }
  }

  get ended(): PersistenceError | undefined {
    return this.#over ?? this.#outer?.ended;
  }

  #assertUsable(signal: AbortSignal | undefined): void {
    const ended = this.ended;
    if (ended !== undefined) throw ended;
    if (signal?.aborted === true) throw aborted(signal);
  }

  #refuseOpenInner(): void {
    const ended = this.#outer?.ended;
    if (ended !== undefined) throw ended;
    if (this.#inner.size > 0) {
      throw new TransactionScopeError(
        'a transaction inside of this one is still open; wait for it before this one ends',
      );
    }
  }
}

function isOver(): TransactionScopeError {
  return new TransactionScopeError('the transaction is over; its handle lives only as long as its callback');
}

function commitError(cause: unknown): PersistenceError {
  const error = durableError(cause);
  if (error.code !== 'driver') return error;
  return new DriverError(`${error.message}; the object may have been reset`, { cause, outcome: 'unknown' });
}

/**
 * Runs `work` in a transaction of the storage: it commits when `work` returned, and rolls back when it threw. No other event
 * of the object is delivered meanwhile.
 */
export function runInStorage<R>(
  parts: DurableParts,
  readOnly: boolean,
  work: (tx: Transaction) => MaybePromise<R>,
): Promise<R> {
  return new DurableTransaction(parts, readOnly, null).run(work);
}

/** Runs work that does not wait: all of it, or nothing where it throws. */
export function allOrNothing<R>(storage: DurableStorage, work: () => R): R {
  let failure: { readonly error: unknown } | undefined;
  try {
    return storage.transactionSync(() => {
      try {
        return work();
      } catch (error) {
        failure = { error };
        throw error;
      }
    });
  } catch (cause) {
    throw failure === undefined ? durableError(cause) : failure.error;
  }
}

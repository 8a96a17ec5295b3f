import { ClosedError, TransactionScopeError, UnsupportedByDriverError } from '../../errors.ts';
import { after, type MaybePromise } from '../../wire/maybe-promise.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { Statement } from '../../wire/statement.ts';
import type { Connection, ExecuteOptions, Transaction, TransactOptions } from '../driver.ts';
import { aborted, type Mutex } from '../mutex.ts';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { controlRefused, EmbeddedTransaction } from './embedded-transaction.ts';
import { isLocked, type Patience, whileLocked } from './patience.ts';

/** What all connections of one driver share: the engine has one connection, so that they take turns. */
export interface EmbeddedParts extends Patience {
  readonly engine: EmbeddedEngine;
  readonly mutex: Mutex;
}

/**
 * A connection to an embedded engine. It answers at once where nobody is in the way. Whoever comes while a transaction
 * is open waits, reads too, in the order they came.
 */
export class EmbeddedConnection implements Connection {
  readonly #parts: EmbeddedParts;
  #released = false;
  #changedSettings = false;

  constructor(parts: EmbeddedParts) {
    this.#parts = parts;
  }

  execute(statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    const signal = options?.signal;
    if (signal?.aborted === true) throw aborted(signal);
    this.#assertUsable();
    if (this.#parts.mutex.isFree) {
      try {
        // To its end in one go, so that nobody needs to be kept away.
        return this.#run(statement);
      } catch (error) {
        if (!isLocked(error)) throw error;
      }
    }
    return this.#inTurn(signal, () => whileLocked(() => this.#run(statement), this.#parts, signal));
  }

  batch(statements: readonly Statement[], options: ExecuteOptions = {}): MaybePromise<readonly ResultSet[]> {
    const work = (tx: Transaction) => statements.map((statement) => tx.execute(statement, options) as ResultSet);
    return this.transact(work, options.signal === undefined ? {} : { signal: options.signal });
  }

  transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): MaybePromise<R> {
    const { signal, isolation, readOnly = false, foreignKeys } = options;
    this.#assertUsable();
    if (isolation !== undefined && isolation !== 'serializable') {
      throw new UnsupportedByDriverError(`there is no isolation level "${isolation}" here, only serializable`);
    }
    return this.#inTurn(signal, () => {
      if (foreignKeys !== false) return this.#transact(work, () => this.#begin(readOnly), signal);
      const begin = () => this.#begin(readOnly);
      return this.#parts.engine.withoutForeignKeys(work, (checked) => this.#transact(checked, begin, signal));
    });
  }

  #transact<R>(
    work: (tx: Transaction) => MaybePromise<R>,
    begin: () => EmbeddedTransaction,
    signal: AbortSignal | undefined,
  ): MaybePromise<R> {
    return after(whileLocked(begin, this.#parts, signal), (transaction) =>
      orElse(
        () => after(work(transaction), (result) => this.#commit(transaction, result)),
        () => transaction.rollback(),
      ),
    );
  }

  release(): void {
    this.#released = true;
    if (this.#changedSettings) this.#restoreSettings();
  }

  destroy(_reason: unknown): void {
    this.release();
  }

  #assertUsable(): void {
    if (this.#released) throw new ClosedError('the connection was released');
  }

  #run(statement: Statement): ResultSet {
    const { engine } = this.#parts;
    const compiled = engine.prepare(statement.sql);
    if (compiled.control !== 'none') throw controlRefused(compiled);
    if (compiled.changesSettings) this.#changedSettings = true;
    return engine.run(compiled, statement.params);
  }

  #begin(readOnly: boolean): EmbeddedTransaction {
    const { engine } = this.#parts;
    if (engine.inTransaction) {
      throw new TransactionScopeError(
        'the application has a transaction of its own open on this database; end it first, or use db.transaction()',
      );
    }
    engine.begin(readOnly);
    return new EmbeddedTransaction(engine);
  }

  #commit<R>(transaction: EmbeddedTransaction, result: R): MaybePromise<R> {
    return after(
      whileLocked(() => transaction.commit(), this.#parts),
      () => result,
    );
  }

  #inTurn<R>(signal: AbortSignal | undefined, work: () => MaybePromise<R>): MaybePromise<R> {
    const { mutex } = this.#parts;
    const turn = () => {
      const leave = () => mutex.release();
      return orElse(
        () =>
          after(work(), (result) => {
            leave();
            return result;
          }),
        leave,
      );
    };
    const entered = mutex.acquire(signal);
    return entered === undefined ? turn() : entered.then(turn);
  }

  // Whoever switched foreign keys off does not do so for the others. A transaction may be open, so this waits for its
  // turn; a database that was closed meanwhile needs none.
  #restoreSettings(): void {
    this.#changedSettings = false;
    const restored = async (): Promise<void> => {
      await this.#inTurn(undefined, () => this.#parts.engine.restoreSettings());
    };
    restored().catch(() => {});
  }
}

/** Runs `work`; where it fails, now or later, `failed` runs before the error goes on, and cannot replace it. */
function orElse<R>(work: () => MaybePromise<R>, failed: () => void): MaybePromise<R> {
  const fail = (error: unknown): never => {
    try {
      failed();
    } catch {
      // Only follows from the first error.
    }
    throw error;
  };
  let result: MaybePromise<R>;
  try {
    result = work();
  } catch (error) {
    return fail(error);
  }
  return result instanceof Promise ? result.catch(fail) : result;
}

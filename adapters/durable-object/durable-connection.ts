import {
  aborted,
  after,
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type MaybePromise,
  type Mutex,
  type ResultSet,
  type Statement,
  type Transaction,
  type TransactOptions,
  UnsupportedByDriverError,
} from '../../src/port.ts';
import { allOrNothing, type DurableParts, runInStorage } from './durable-transaction.ts';
import { runStatement } from './run-statement.ts';

/**
 * A connection to the storage of a Durable Object. It answers at once where nobody is in the way; whoever comes while a
 * transaction is open waits, in the order they came.
 */
export class DurableConnection implements Connection {
  readonly #parts: DurableParts;
  readonly #mutex: Mutex;
  #released = false;

  constructor(parts: DurableParts, mutex: Mutex) {
    this.#parts = parts;
    this.#mutex = mutex;
  }

  execute(statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    return this.#atOnce(options?.signal, () => this.#run(statement));
  }

  batch(statements: readonly Statement[], options?: ExecuteOptions): MaybePromise<readonly ResultSet[]> {
    return this.#atOnce(options?.signal, () =>
      allOrNothing(this.#parts.storage, () => statements.map((statement) => this.#run(statement))),
    );
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    const { signal, isolation, readOnly = false } = options;
    this.#assertUsable();
    if (isolation !== undefined && isolation !== 'serializable') {
      throw new UnsupportedByDriverError(`there is no isolation level "${isolation}" here, only serializable`);
    }
    if (options.foreignKeys === false) {
      throw new UnsupportedByDriverError(
        'a Durable Object keeps its foreign keys on; keep the rows that refer instead',
      );
    }
    await this.#mutex.acquire(signal);
    try {
      return await runInStorage(this.#parts, readOnly, work);
    } finally {
      this.#mutex.release();
    }
  }

  release(): void {
    this.#released = true;
  }

  destroy(): void {
    this.release();
  }

  #run({ sql, params }: Statement): ResultSet {
    return runStatement(this.#parts.storage, this.#parts.statements.get(sql), params);
  }

  /** Runs what does not wait, when no transaction is open. */
  #atOnce<R>(signal: AbortSignal | undefined, work: () => R): MaybePromise<R> {
    if (signal?.aborted === true) throw aborted(signal);
    this.#assertUsable();
    if (this.#mutex.isFree) return work();
    return after(this.#mutex.acquire(signal), () => {
      try {
        return work();
      } finally {
        this.#mutex.release();
      }
    });
  }

  #assertUsable(): void {
    if (this.#released) throw new ClosedError('the connection was released');
  }
}

import { ClosedError, TransactionScopeError, UnsupportedByDriverError } from '../../../src/errors.ts';
import type {
  Connection,
  ExecuteOptions,
  MaybePromise,
  ResultSet,
  Statement,
  Transaction,
  TransactOptions,
} from '../../../src/port.ts';
import type { SentStatement } from './messages.ts';
import { clonable, type Requester } from './requester.ts';

let transactions = 0;

/** A connection to the database in a worker. */
export class WorkerConnection implements Connection {
  readonly #requester: Requester;
  #released = false;

  constructor(requester: Requester) {
    this.#requester = requester;
  }

  async execute(statement: Statement, options?: ExecuteOptions): Promise<ResultSet> {
    this.#assertOpen();
    return this.#requester.ask('execute', { statement: sent(statement, options) }, options?.signal);
  }

  async batch(statements: readonly Statement[], options?: ExecuteOptions): Promise<readonly ResultSet[]> {
    this.#assertOpen();
    const list = statements.map((statement) => sent(statement, options));
    return this.#requester.ask('batch', { statements: list }, options?.signal);
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    this.#assertOpen();
    if (options.isolation !== undefined && options.isolation !== 'serializable') {
      throw new UnsupportedByDriverError(`SQLite has no isolation level "${options.isolation}", only serializable`);
    }
    const tx = ++transactions;
    const { readOnly = false, foreignKeys, signal } = options;
    await this.#requester.ask('begin', { tx, readOnly, ...(foreignKeys === false && { foreignKeys }) }, signal);
    const transaction = new WorkerTransaction(this.#requester, tx);
    let result: R;
    try {
      result = await work(transaction);
    } catch (error) {
      transaction.end();
      // What made the work fail is what the caller wants to know, also where the transaction is gone already.
      await this.#requester.ask('rollback', { tx }).catch(() => {});
      throw error;
    }
    transaction.end();
    await this.#requester.ask('commit', { tx });
    return result;
  }

  release(): void {
    this.#released = true;
  }

  destroy(_reason: unknown): void {
    this.#released = true;
  }

  #assertOpen(): void {
    if (this.#released) throw new ClosedError('the connection was released');
  }
}

class WorkerTransaction implements Transaction {
  readonly kind = 'transaction';
  readonly #requester: Requester;
  readonly #tx: number;
  #over = false;

  constructor(requester: Requester, tx: number) {
    this.#requester = requester;
    this.#tx = tx;
  }

  async execute(statement: Statement, options?: ExecuteOptions): Promise<ResultSet> {
    this.#assertOpen();
    return this.#requester.ask('execute', { tx: this.#tx, statement: sent(statement, options) }, options?.signal);
  }

  async batch(statements: readonly Statement[], options?: ExecuteOptions): Promise<readonly ResultSet[]> {
    this.#assertOpen();
    const list = statements.map((statement) => sent(statement, options));
    return this.#requester.ask('batch', { tx: this.#tx, statements: list }, options?.signal);
  }

  end(): void {
    this.#over = true;
  }

  #assertOpen(): void {
    if (this.#over)
      throw new TransactionScopeError('the transaction is over; its handle lives as long as its callback');
  }
}

function sent({ sql, params }: Statement, options: ExecuteOptions | undefined): SentStatement {
  clonable(params);
  return options?.writes === undefined ? { sql, params } : { sql, params, writes: options.writes };
}

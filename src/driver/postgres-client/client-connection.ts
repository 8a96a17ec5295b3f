import { transactionMode } from '../../dialect/postgres/transaction-text.ts';
import { ClosedError } from '../../errors.ts';
import type { MaybePromise } from '../../wire/maybe-promise.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { Statement } from '../../wire/statement.ts';
import type { BatchExecuteOptions, Connection, ExecuteOptions, Transaction, TransactOptions } from '../driver.ts';
import type { Pool } from '../pool/pool.ts';
import { beganByStatement, endLeftOver, runInTransaction, type TransactionSession } from '../session-transaction.ts';
import type { ClientSession } from './client-session.ts';

/** What the core sees as a connection: each statement, and each transaction, borrows one of the pool's. */
export class ClientConnection implements Connection {
  /** There where the clients pipeline. */
  readonly batch?: NonNullable<Connection['batch']>;
  readonly #pool: Pool<ClientSession>;
  #released = false;

  constructor(pool: Pool<ClientSession>, pipeline: boolean) {
    this.#pool = pool;
    if (pipeline) this.batch = (statements, options) => this.#runTogether(statements, options);
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    this.#checkOpen();
    const { signal, writes } = options;
    const timeout = this.#pool.settings.statementTimeout;
    // Nothing is lost with the answer to a read.
    const lost = writes?.length === 0 ? 'rolled-back' : 'unknown';
    return this.#pool.use(async (session) => {
      const result = await session.run(statement, { signal, timeout, lost });
      if (session.transactionStatus === 'T') throw beganByStatement();
      return result;
    }, signal);
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    this.#checkOpen();
    const begin = `BEGIN${transactionMode(options)}`;
    const timeout = this.#pool.settings.statementTimeout;
    return this.#pool.use((session) => runInTransaction(viewOf(session, timeout), begin, work), options.signal);
  }

  async #runTogether(
    statements: readonly Statement[],
    { signal, readOnly = false }: BatchExecuteOptions = {},
  ): Promise<readonly ResultSet[]> {
    this.#checkOpen();
    const timeout = this.#pool.settings.statementTimeout;
    // COMMIT was sent with the rest, so that a lost connection leaves open whether it was done.
    const lost = readOnly ? 'rolled-back' : 'unknown';
    const begin = `BEGIN${readOnly ? transactionMode({ isolation: 'repeatable read', readOnly }) : ''}`;
    return this.#pool.use(async (session) => {
      await endLeftOver(viewOf(session, timeout));
      return session.runTogether(begin, statements, { signal, timeout, lost });
    }, signal);
  }

  release(): void {
    this.#released = true;
  }

  // The pool itself destroys connections that became suspect.
  destroy(_reason: unknown): void {
    this.#released = true;
  }

  #checkOpen(): void {
    if (this.#released) throw new ClosedError('the connection was released');
  }
}

/** A session as a transaction sees it: only while COMMIT is under way a lost connection leaves anything open. */
function viewOf(session: ClientSession, timeout: number): TransactionSession {
  return {
    run: (statement, options) => session.run(statement, { signal: options?.signal, timeout, lost: 'rolled-back' }),
    control: (text) => session.control(text, { timeout, lost: text === 'COMMIT' ? 'unknown' : 'rolled-back' }),
    get inTransaction() {
      return session.transactionStatus === null ? null : session.transactionStatus !== 'I';
    },
    distrust: () => session.distrust(),
  };
}

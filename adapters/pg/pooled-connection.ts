import {
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type IsolationLevel,
  type MaybePromise,
  type Pool,
  type ResultSet,
  type Statement,
  type Transaction,
  TransactionScopeError,
  type TransactOptions,
  UnsupportedByDriverError,
} from '../../src/port.ts';
import { capabilities } from './capabilities.ts';
import { runTransaction } from './open-transaction.ts';
import type { ServerSession } from './server-session.ts';

/** What the core sees as a connection: each statement, and each transaction, borrows one of the pool's. */
export class PooledConnection implements Connection {
  readonly #pool: Pool<ServerSession>;
  #released = false;

  constructor(pool: Pool<ServerSession>) {
    this.#pool = pool;
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    this.#checkOpen();
    const { signal, writes } = options;
    const timeout = this.#pool.settings.statementTimeout;
    // Nothing is lost with the answer to a read.
    const lost = writes?.length === 0 ? 'rolled-back' : 'unknown';
    return this.#pool.use(async (session) => {
      const result = await session.run(statement, { signal, timeout, lost });
      if (session.transactionStatus === 'T') throw opened();
      return result;
    }, signal);
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    this.#checkOpen();
    const begin = beginText(options);
    const timeout = this.#pool.settings.statementTimeout;
    return this.#pool.use((session) => runTransaction(session, begin, timeout, work), options.signal);
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

function beginText({ isolation, readOnly }: TransactOptions): string {
  const level = isolation === undefined ? '' : ` ISOLATION LEVEL ${levelText(isolation)}`;
  return `BEGIN${level}${readOnly === true ? ' READ ONLY' : ''}`;
}

// One of a known list, whatever the caller was told by the compiler: it becomes a part of the text.
function levelText(isolation: IsolationLevel): string {
  if (capabilities.isolationLevels.includes(isolation)) return isolation.toUpperCase();
  throw new UnsupportedByDriverError('PostgreSQL has no such isolation level; "read committed" is its lowest');
}

function opened(): TransactionScopeError {
  return new TransactionScopeError(
    'BEGIN cannot be sent as a statement, because the next one may take another connection; use a transaction',
  );
}

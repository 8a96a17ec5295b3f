import { transactionMode } from '../../src/dialect/postgres/index.ts';
import {
  beganByStatement,
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type MaybePromise,
  type Mutex,
  type ResultSet,
  runInTransaction,
  type Statement,
  type Transaction,
  type TransactOptions,
} from '../../src/port.ts';
import { exclusively, type PgliteDatabase } from './pglite-database.ts';
import type { PgliteSession } from './pglite-session.ts';

/** What all connections of one driver share. */
export interface PgliteParts {
  readonly database: PgliteDatabase;
  readonly session: PgliteSession;
  readonly mutex: Mutex;
}

/** A connection to the one session of a PGlite database; all work takes turns, in the order it came. */
export class PgliteConnection implements Connection {
  readonly #parts: PgliteParts;
  #released = false;

  constructor(parts: PgliteParts) {
    this.#parts = parts;
  }

  execute(statement: Statement, options?: ExecuteOptions): Promise<ResultSet> {
    return this.#inTurn(options?.signal, async (session) => {
      // Left over where a ROLLBACK failed: this statement must not become a part of it.
      if (session.inTransaction) await session.control('ROLLBACK');
      const result = await session.run(statement, options);
      if (!session.inTransaction) return result;
      await session.control('ROLLBACK');
      throw beganByStatement();
    });
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    const begin = `BEGIN${transactionMode(options)}`;
    return this.#inTurn(options.signal, (session) => runInTransaction(session, begin, work));
  }

  release(): void {
    this.#released = true;
  }

  destroy(_reason: unknown): void {
    this.release();
  }

  async #inTurn<R>(signal: AbortSignal | undefined, work: (session: PgliteSession) => Promise<R>): Promise<R> {
    if (this.#released) throw new ClosedError('the connection was released');
    const { database, session, mutex } = this.#parts;
    await mutex.acquire(signal);
    try {
      return await exclusively(database, () => work(session));
    } finally {
      mutex.release();
    }
  }
}

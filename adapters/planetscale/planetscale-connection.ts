import { statementVerb } from '../../src/dialect/mysql/index.ts';
import {
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type MaybePromise,
  type ResultSet,
  runInTransaction,
  type Statement,
  type Transaction,
  type TransactOptions,
  UnsupportedByDriverError,
} from '../../src/port.ts';
import { planetscaleCapabilities } from './capabilities.ts';
import { controlRefused, OpenSession } from './open-session.ts';
import { ServerSession, type SessionParts } from './server-session.ts';

/** A handle: each statement, and each transaction, has a session of its own. */
export class PlanetscaleConnection implements Connection {
  readonly #parts: SessionParts;
  #isReleased = false;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    this.#refuseReleased();
    if (statementVerb(statement.sql).control) throw controlRefused();
    // Nothing is lost with the answer to a read.
    const lost = options.writes?.length === 0 ? 'rolled-back' : 'unknown';
    return new ServerSession(this.#parts).run(statement, { ...options, lost });
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    this.#refuseReleased();
    const { isolation, readOnly, signal } = options;
    const begin = readOnly === true ? 'START TRANSACTION READ ONLY' : 'START TRANSACTION';
    const session = new OpenSession(new ServerSession(this.#parts), begin, signal);
    if (isolation !== undefined) {
      if (!planetscaleCapabilities.isolationLevels.includes(isolation)) {
        throw new UnsupportedByDriverError(`MySQL has no isolation level "${String(isolation)}"`);
      }
      // The session is this transaction's alone. Vitess knows no level for the next transaction only.
      await session.control(`SET SESSION TRANSACTION ISOLATION LEVEL ${isolation.toUpperCase()}`);
    }
    return runInTransaction(session, begin, work);
  }

  release(): void {
    this.#isReleased = true;
  }

  destroy(_reason: unknown): void {
    this.release();
  }

  #refuseReleased(): void {
    if (this.#isReleased) throw new ClosedError('the connection was released');
  }
}

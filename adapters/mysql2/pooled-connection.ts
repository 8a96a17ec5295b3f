import { statementVerb } from '../../src/dialect/mysql/index.ts';
import {
  type BatchExecuteOptions,
  beganByStatement,
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type Lease,
  type MaybePromise,
  type Pool,
  type ResultSet,
  type Statement,
  type Transaction,
  type TransactOptions,
} from '../../src/port.ts';
import { controlRefused, OpenTransaction } from './open-transaction.ts';
import type { ServerConnection } from './server-connection.ts';

/** A handle over the pool: each statement and each transaction borrows a connection for its time. */
export class PooledConnection implements Connection {
  /** There where the server takes several statements in one text; so is {@link whyApart}. */
  readonly batch?: NonNullable<Connection['batch']>;
  readonly whyApart?: NonNullable<Connection['whyApart']>;
  readonly #pool: Pool<ServerConnection>;
  #released = false;

  constructor(pool: Pool<ServerConnection>, pipeline: boolean) {
    this.#pool = pool;
    if (!pipeline) return;
    this.batch = (statements, options) => this.#runBatch(statements, options);
    this.whyApart = (statements) => this.#whyApart(statements);
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    this.#refuseReleased();
    if (statementVerb(statement.sql).control) throw controlRefused();
    const outcome = options.writes?.length === 0 ? 'rolled-back' : 'unknown';
    return this.#borrow(options.signal, async (connection) => {
      const { result, inTransaction } = await connection.run(statement, { ...options, outcome });
      if (inTransaction === true) throw beganByStatement();
      return result;
    });
  }

  async transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): Promise<R> {
    this.#refuseReleased();
    return this.#borrow(options.signal, (connection, lease) => transactOn(connection, lease, work, options));
  }

  async #runBatch(statements: readonly Statement[], options: BatchExecuteOptions = {}): Promise<readonly ResultSet[]> {
    this.#refuseReleased();
    const { runBatch } = await import('./run-batch.ts');
    return this.#borrow(options.signal, (connection, lease) =>
      runBatch(connection, lease, statements, options, (work, how) => transactOn(connection, lease, work, how)),
    );
  }

  async #whyApart(statements: readonly Statement[]): Promise<string | null> {
    this.#refuseReleased();
    const { whyApart } = await import('./run-batch.ts');
    return this.#borrow(undefined, async ({ maxPacket }) => whyApart(statements, maxPacket));
  }

  release(): void {
    this.#released = true;
  }

  destroy(_reason: unknown): void {
    this.release();
  }

  #borrow<R>(
    signal: AbortSignal | undefined,
    work: (connection: ServerConnection, lease: Lease<ServerConnection>) => Promise<R>,
  ): Promise<R> {
    return this.#pool.use(async (connection, lease) => {
      try {
        return await work(connection, lease);
      } finally {
        if (!connection.isFit) lease.destroy(undefined);
      }
    }, signal);
  }

  #refuseReleased(): void {
    if (this.#released) throw new ClosedError('the connection was released');
  }
}

async function transactOn<R>(
  connection: ServerConnection,
  lease: Lease<ServerConnection>,
  work: (tx: Transaction) => MaybePromise<R>,
  options: TransactOptions,
): Promise<R> {
  const transaction = new OpenTransaction(connection, options);
  try {
    await transaction.begin(options);
  } catch (error) {
    // Its level would be that of whoever begins next.
    if (options.isolation !== undefined) lease.destroy(error);
    throw error;
  }
  try {
    const result = await work(transaction);
    await transaction.commit();
    return result;
  } catch (error) {
    // What cannot be rolled back goes with its connection; the first error says what happened.
    await transaction.rollback().catch((failure: unknown) => lease.destroy(failure));
    throw error;
  }
}

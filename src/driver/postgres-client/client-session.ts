import { type FailureContext, isPostgresError } from '../../dialect/postgres/error-map.ts';
import { affectedRowsOf, wireParserOf } from '../../dialect/postgres/read-value.ts';
import {
  AbortedError,
  type Outcome,
  StatementTimeoutError,
  TransactionScopeError,
  ValidationError,
} from '../../errors.ts';
import type { Clock } from '../../wire/clock.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { Statement } from '../../wire/statement.ts';
import { aborted, Mutex } from '../mutex.ts';
import type { ClientQuery, ClientResult, PostgresClient } from './client.ts';
import { clientError } from './client-error.ts';
import type { StatementNames } from './statement-names.ts';
import { type StopReason, watchStatement } from './watch-statement.ts';

/** How long a statement may run, and what a lost connection means for it. */
export interface RunLimits {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; 0 for no limit. */
  readonly timeout: number;
  /** What became of the work where the connection is lost before the answer. */
  readonly lost: Outcome;
}

// Handed in with each statement, so that neither the driver's parsing nor what an application set up for it is asked.
const types: NonNullable<ClientQuery['types']> = { getTypeParser: wireParserOf };

/** One connection of the pool. Statements take turns, because a client is to be given one at a time. */
export class ClientSession {
  readonly client: PostgresClient;
  readonly #names: StatementNames | null;
  readonly #clock: Clock;
  readonly #turn = new Mutex();
  #suspect = false;
  #cancelled = false;
  // Without a listener the loss of the connection would end the process; the statement under way tells the caller.
  readonly #onError = () => this.distrust();
  #status: string | null = null;

  constructor(client: PostgresClient, names: StatementNames | null, clock: Clock) {
    this.client = client;
    this.#clock = clock;
    this.#names = names;
    if (client.getTransactionStatus !== undefined) return;
    client.connection.on('readyForQuery', ({ status }) => {
      this.#status = status;
    });
  }

  /**
   * Whether the connection must not be used by anybody else: it is lost, in a transaction that nobody will end, or a
   * request to cancel may still be on its way.
   */
  get suspect(): boolean {
    return this.#suspect || this.#cancelled || !['I', null].includes(this.transactionStatus);
  }

  /** `I`, `T` or `E`; null where the driver does not tell. */
  get transactionStatus(): string | null {
    return this.client.getTransactionStatus?.() ?? this.#status;
  }

  /** Has the connection closed when it is given back. */
  distrust(): void {
    this.#suspect = true;
  }

  attach(): void {
    this.client.on('error', this.#onError);
  }

  detach(): void {
    this.client.off('error', this.#onError);
  }

  /** Runs one statement with its parameters. */
  async run(statement: Statement, limits: RunLimits): Promise<ResultSet> {
    const query = this.#queryOf(statement);
    return resultOf(await this.#send(() => this.client.query(query), limits));
  }

  /**
   * Runs statements in a transaction of their own, all of which are sent before the first is answered; only for a client
   * that pipelines. Fails with the error of the statement that failed first, and nothing is done then.
   */
  async runTogether(begin: string, statements: readonly Statement[], limits: RunLimits): Promise<readonly ResultSet[]> {
    const queries = [{ text: begin }, ...statements.map((one) => this.#queryOf(one)), { text: 'COMMIT' }];
    const results = await this.#send(() => allOf(queries.map((query) => this.client.query(query))), limits);
    return results.slice(1, -1).map(resultOf);
  }

  /** Runs a text of the driver's own, without parameters; gives the command that the server says it completed. */
  async control(text: string, limits: RunLimits): Promise<string> {
    return (await this.#send(() => this.client.query({ text }), limits)).command;
  }

  #queryOf({ sql, params }: Statement): ClientQuery {
    // The protocol would end the text there.
    if (sql.includes('\0')) throw new ValidationError('a statement has a NUL in its text; PostgreSQL takes none');
    const name = this.#names?.nameOf(sql);
    // In the simple protocol a text could hold several statements.
    const query: ClientQuery = { text: sql, values: params, rowMode: 'array', queryMode: 'extended', types };
    return name === undefined ? query : { ...query, name };
  }

  async #send<R>(start: () => Promise<R>, limits: RunLimits): Promise<R> {
    const { signal } = limits;
    await this.#turn.acquire(signal);
    try {
      // It may have fired since the turn was granted.
      if (signal?.aborted === true) throw aborted(signal);
      return await this.#watch(start, limits);
    } finally {
      this.#turn.release();
    }
  }

  async #watch<R>(start: () => Promise<R>, limits: RunLimits): Promise<R> {
    const { signal, timeout, lost } = limits;
    let stopped: StopReason | null = null;
    try {
      const answer = start();
      if (signal === undefined && timeout === 0) return await answer;
      return await watchStatement(this.client, answer, limits, this.#clock, (reason) => {
        stopped = reason;
        this.#cancelled = true;
      });
    } catch (error) {
      const context = { cancelled: this.#cancelled, outcome: isFatal(error) ? lost : 'rolled-back' } as const;
      // What this connection prepared under a name is of no use any more: columns have changed.
      if (isPostgresError(error) && error.routine === 'RevalidateCachedQuery') this.distrust();
      if (stopped !== null) throw stoppedError(stopped, error, limits, context);
      throw clientError(error, lost, context);
    }
  }
}

function resultOf({ command, rowCount, rows, fields }: ClientResult): ResultSet {
  return { columns: fields.map((field) => field.name), rows, affectedRows: affectedRowsOf(command, rowCount) };
}

/** All answers, or the error that came first: what follows it in the transaction only says that this one failed. */
async function allOf(answers: readonly Promise<ClientResult>[]): Promise<readonly ClientResult[]> {
  const settled = await Promise.allSettled(answers);
  const results = settled.map((answer) => {
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  });
  if (results.at(-1)?.command === 'COMMIT') return results;
  throw new TransactionScopeError('the server rolled the batch back at COMMIT');
}

// With such an error the server also ends the connection, and a COMMIT may have been done when it was said.
function isFatal(error: unknown): boolean {
  return isPostgresError(error) && error.severity === 'FATAL';
}

function stoppedError(
  reason: StopReason,
  error: unknown,
  { signal, timeout, lost }: RunLimits,
  context: FailureContext,
): Error {
  const answered = isPostgresError(error);
  // Another error came before the server heard of the request to stop.
  if (answered && error.code !== '57014') return clientError(error, lost, context);
  const outcome = answered ? 'rolled-back' : lost;
  if (reason === 'aborted') return new AbortedError('the operation was aborted', { cause: signal?.reason, outcome });
  return new StatementTimeoutError(`the statement ran for longer than the ${timeout} ms of statementTimeout`, {
    outcome,
  });
}

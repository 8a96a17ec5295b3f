import { affectedRowsOf, endsTransaction, parameterText, transactionMode } from '../../src/dialect/postgres/index.ts';
import {
  beganByStatement,
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type IsolationLevel,
  type OpenRequests,
  type Outcome,
  type ResultSet,
  type Statement,
  TransactionScopeError,
  ValidationError,
} from '../../src/port.ts';
import { type FailedRequest, neonError } from './neon-error.ts';
import type { NeonAnswer, NeonMode, NeonQuery, NeonTransport } from './protocol.ts';

/** How a batch is to be run. */
interface BatchOptions extends ExecuteOptions {
  readonly readOnly?: boolean;
  readonly isolation?: IsolationLevel;
}

/** Neon over HTTP: one request for a statement, or for a batch of them. */
export class HttpConnection implements Connection {
  readonly #transport: NeonTransport;
  readonly #requests: OpenRequests;
  #isReleased = false;

  constructor(transport: NeonTransport, requests: OpenRequests) {
    this.#transport = transport;
    this.#requests = requests;
  }

  async execute(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    const query = queryOf(statement);
    const answer = await this.#send({ lost: lostOf(options), isBatch: false }, options.signal, (signal) =>
      this.#transport.query(query, signal),
    );
    // The proxy gives such a connection up, and the transaction with it.
    if (answer.command === 'BEGIN' || answer.command === 'START') throw beganByStatement();
    return resultOf(answer);
  }

  async batch(statements: readonly Statement[], options: BatchOptions = {}): Promise<readonly ResultSet[]> {
    if (statements.length === 0) return [];
    const mode = modeOf(options);
    const queries = statements.map(queryOf);
    if (queries.some(({ query }) => endsTransaction(query))) throw controlRefused();
    const lost = options.readOnly === true ? 'rolled-back' : lostOf(options);
    const answers = await this.#send({ lost, isBatch: true }, options.signal, (signal) =>
      this.#transport.batch(queries, mode, signal),
    );
    return answers.map(resultOf);
  }

  release(): void {
    this.#isReleased = true;
  }

  destroy(_reason: unknown): void {
    this.release();
  }

  async #send<T>(
    request: FailedRequest,
    signal: AbortSignal | undefined,
    send: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#isReleased) throw new ClosedError('the connection was released');
    try {
      return await this.#requests.run({ signal, lost: request.lost }, send);
    } catch (error) {
      throw neonError(error, request);
    }
  }
}

// Nothing is lost with the answer to a read.
function lostOf({ writes }: ExecuteOptions): Outcome {
  return writes?.length === 0 ? 'rolled-back' : 'unknown';
}

function queryOf({ sql, params }: Statement): NeonQuery {
  if (sql.includes('\0')) throw new ValidationError('a statement has a NUL in its text; PostgreSQL takes none');
  return { query: sql, params: params.map(parameterText) };
}

function resultOf({ fields, rows, command, rowCount }: NeonAnswer): ResultSet {
  return { columns: fields.map(({ name }) => name), rows, affectedRows: affectedRowsOf(command, rowCount) };
}

// Reads of one batch see the database at one moment, which takes more than the level that is the default.
function modeOf({ isolation, readOnly = false }: BatchOptions): NeonMode {
  const level = isolation ?? (readOnly ? 'repeatable read' : null);
  if (level === null) return { isolation: null, readOnly };
  // Throws for a level that there is not.
  transactionMode({ isolation: level });
  return { isolation: level.replace(/(?:^| )([a-z])/g, (_, letter: string) => letter.toUpperCase()), readOnly };
}

function controlRefused(): TransactionScopeError {
  return new TransactionScopeError(
    'a statement that begins or ends a transaction cannot be part of a batch, which is one transaction itself',
  );
}

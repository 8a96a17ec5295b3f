import {
  columnsQuestion,
  type StatementVerb,
  statementVerb,
  subjectOf,
  tableWritten,
  withColumns,
} from '../../src/dialect/mysql/index.ts';
import {
  aborted,
  type Clock,
  type ExecuteOptions,
  Mutex,
  type Outcome,
  type PersistenceError,
  type ResultSet,
  type Statement,
} from '../../src/port.ts';
import { bindParameters } from './bind.ts';
import { type CancelStatement, end } from './cancel-statement.ts';
import type { Mysql2 } from './load-mysql2.ts';
import { type NativeCallback, type NativeConnection, type NativeField, type NativeHeader, READING } from './native.ts';
import { type NativeError, persistenceError, serverNumber } from './persistence-error.ts';
import { headerResult, rowsResult } from './result-set.ts';
import { StopStatement } from './stop-statement.ts';

/** What all connections of one driver share. */
export interface ServerParts {
  readonly mysql2: Mysql2;
  readonly clock: Clock;
  readonly cancel: CancelStatement;
  /** Whether the server takes a text of several statements from these connections. */
  readonly takesSeveral: boolean;
  /** Milliseconds for a statement; 0 for no limit. */
  statementTimeout(): number;
}

/** How a statement is run, beside what the port says. */
export interface RunOptions extends ExecuteOptions {
  /** What a loss of the connection means for the work, see `ConnectionError`. */
  readonly outcome: Outcome;
  /** Whether the statement is the driver's own, so that what it does to the session is meant. */
  readonly own?: boolean;
  /** Looks on from inside the turn, before the next statement can be sent. */
  readonly turn?: Turn;
}

/** Whoever needs to know, between two statements of a connection, how things stand. */
export interface Turn {
  /** Called right before the statement is sent; what it throws is thrown instead of sending it. */
  begin(): void;
  /** Called with the answer, or the error. */
  end(outcome: Answer | PersistenceError): void;
}

/** What a statement answered. */
export interface Answer {
  readonly result: ResultSet;
  /** Whether a transaction is open now; undefined where the answer does not say. */
  readonly inTransaction: boolean | undefined;
}

/** Several statements as one text, each of which has an answer of its own. */
export interface StatementsText {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** How many statements of the driver's own come before these, and behind them. */
  readonly before: number;
  readonly behind: number;
}

/** What goes to the server in one request. */
interface Request {
  send(): Promise<readonly Answer[]>;
  /** The text of the statement that failed; none for one of the driver's own. */
  failed(): string;
}

const IN_TRANSACTION = 1;
const NOTHING: Statement = { sql: 'DO 0', params: [] };
/** What the server says itself where a request to stop meets it between two statements. */
const ENDED_EARLY = { message: 'not all statements were answered', errno: 1317 };

/** One connection to the server: runs one statement at a time, and stops it on the server where it is asked to. */
export class ServerConnection {
  readonly native: NativeConnection;
  readonly #parts: ServerParts;
  readonly #turns = new Mutex();
  /** The distance of generated keys. */
  #step = 1;
  #maxPacket = 0;
  #altered = false;
  #inTransaction = false;
  #lost: unknown;
  /** Fails the statement that waits for its answer: mysql2 forgets those of a connection that is closed. */
  #fail: (error: unknown) => void = () => {};

  constructor(native: NativeConnection, parts: ServerParts) {
    this.native = native;
    this.#parts = parts;
    const lose = (error?: unknown): void => this.#lose(error);
    native.on('error', lose);
    native.on('end', lose);
  }

  /** Whether somebody else may use this connection: it is there, and its session is what it was. */
  get isFit(): boolean {
    return this.#lost === undefined && !this.#altered && !this.#inTransaction;
  }

  /** The bytes that the server takes in one request. */
  get maxPacket(): number {
    return this.#maxPacket;
  }

  /** Ends the setting up of the session, by its `@@auto_increment_increment` and `@@max_allowed_packet`. */
  initialize(step: number, maxPacket: number): void {
    this.#step = step;
    this.#maxPacket = maxPacket;
    this.#altered = false;
  }

  /** Runs a statement. Rejects with a `PersistenceError`. */
  async run(statement: Statement, options: RunOptions): Promise<Answer> {
    const { sql } = statement;
    const verb = statementVerb(sql);
    const send = async (): Promise<readonly Answer[]> => {
      this.#altered ||= verb.altersSession && options.own !== true;
      return [await this.#send(statement, verb)];
    };
    const [answer] = await this.#take({ send, failed: () => sql }, options);
    return answer as Answer;
  }

  /**
   * Runs several statements, which are written into one text, in one request, and gives the answer of each. Rejects with the
   * error of the first that fails, behind which none was run; a transaction is still open then.
   */
  async runTogether(together: StatementsText, options: RunOptions): Promise<readonly Answer[]> {
    const { statements, before, behind } = together;
    let begun = 0;
    const send = async (): Promise<readonly Answer[]> => {
      const answers = await this.#sendTogether(together, () => {
        begun += 1;
      });
      return answers.slice(before, answers.length - behind);
    };
    return this.#take({ send, failed: () => statements[begun - before]?.sql ?? '' }, options);
  }

  async #take(request: Request, options: RunOptions): Promise<readonly Answer[]> {
    const { signal } = options;
    if (signal?.aborted === true) throw aborted(signal);
    const entered = this.#turns.acquire(signal);
    if (entered !== undefined) await entered;
    try {
      return await this.#inTurn(request, options);
    } finally {
      this.#turns.release();
    }
  }

  async #inTurn(request: Request, options: RunOptions): Promise<readonly Answer[]> {
    const { signal, turn } = options;
    let answers: readonly Answer[];
    try {
      // It may have fired, or the transaction may have ended, since the turn was granted.
      if (signal?.aborted === true) throw aborted(signal);
      turn?.begin();
      answers = await this.#bounded(request, options);
    } catch (error) {
      const explained = await this.#explained(error, request, options);
      turn?.end(explained);
      throw explained;
    }
    for (const answer of answers) turn?.end(answer);
    return answers;
  }

  /** Asks the server for a sign of life. */
  ping(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.native.ping((error) => {
        if (error == null) resolve();
        else reject(persistenceError(error, {}, 'rolled-back'));
      });
    });
  }

  /** Closes the connection and its socket at once. */
  destroy(): void {
    this.#lose(undefined);
    end(this.native);
  }

  #lose(error: unknown): void {
    this.#lost ??= error ?? { message: 'the connection is closed', code: 'PROTOCOL_CONNECTION_LOST' };
    this.#fail(this.#lost);
  }

  async #bounded({ send }: Request, { signal, outcome }: RunOptions): Promise<readonly Answer[]> {
    const limit = this.#parts.statementTimeout();
    if (signal === undefined && limit === 0) return send();
    const { clock, cancel } = this.#parts;
    const threadId = this.native.threadId ?? 0;
    const stop = new StopStatement({ clock, cancel, threadId, outcome, giveUp: () => this.destroy() });
    stop.watch(signal, limit);
    try {
      return await Promise.race([send(), stop.abandoned]);
    } catch (error) {
      throw stop.errorOf(error);
    } finally {
      await stop.end(() => this.#send(NOTHING, statementVerb(NOTHING.sql)));
    }
  }

  #send({ sql, params }: Statement, { protocol, opaque }: StatementVerb): Promise<Answer> {
    return this.#ask((settle) => {
      const callback: NativeCallback = (error, result, fields) =>
        settle(() => {
          // Rows and errors come without the status of the session: what ran before them may have left anything open.
          if (opaque && (error != null || fields !== undefined)) this.#altered = true;
          if (error != null) throw error;
          const answer = this.#answer(result, fields);
          this.#inTransaction = answer.inTransaction ?? this.#inTransaction;
          return answer;
        });
      // A text with a semicolon in it could be several statements, and a prepared one never is.
      const isPlain = protocol === 'plain' && params.length === 0 && !(this.#parts.takesSeveral && sql.includes(';'));
      if (isPlain) this.native.query({ ...READING, sql }, callback);
      else {
        const values = bindParameters(params, this.#parts.mysql2.TypedParameter.LONGLONG);
        this.native.execute({ ...READING, sql, values }, callback);
      }
    });
  }

  #sendTogether(
    { text, statements, before, behind }: StatementsText,
    onAnswer: () => void,
  ): Promise<readonly Answer[]> {
    return this.#ask((settle) => {
      // Until the last statement has said otherwise.
      this.#inTransaction = true;
      const callback: NativeCallback = (error, results, fields) =>
        settle(() => {
          if (error != null) throw error;
          const columns = fields as readonly unknown[] | undefined;
          const answers = (results as readonly unknown[]).map((result, place) =>
            this.#answer(result, columns?.[place] as readonly NativeField[] | undefined),
          );
          if (answers.length !== before + statements.length + behind) throw ENDED_EARLY;
          this.#inTransaction = answers.at(-1)?.inTransaction ?? true;
          return answers;
        });
      // An empty list of values, because without one mysql2 may look for named places in the text.
      const query = this.native.query({ ...READING, sql: text, values: [] }, callback);
      query.on('fields', onAnswer);
    });
  }

  #ask<A>(start: (settle: (read: () => A) => void) => void): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) return reject(this.#lost);
      this.#fail = reject;
      start((read) => {
        try {
          resolve(read());
        } catch (failure) {
          reject(failure);
        }
      });
    });
  }

  #answer(result: unknown, fields: readonly NativeField[] | undefined): Answer {
    if (fields !== undefined) {
      // Of a procedure, which may give several lists of rows, the first one.
      const [first] = fields as readonly unknown[];
      const [rows, columns] = Array.isArray(first) ? [(result as readonly unknown[])[0], first] : [result, fields];
      return { result: rowsResult(rows as readonly (readonly unknown[])[], columns), inTransaction: undefined };
    }
    const header = result as NativeHeader;
    const { serverStatus } = header;
    const inTransaction = serverStatus === undefined ? undefined : (serverStatus & IN_TRANSACTION) !== 0;
    return { result: headerResult(header, this.#step), inTransaction };
  }

  async #explained(error: unknown, request: Request, { writes, outcome }: RunOptions): Promise<PersistenceError> {
    const native = error as NativeError;
    const errno = serverNumber(native);
    // Nothing is lost with the answer to a read.
    const lost = writes?.length === 0 ? 'rolled-back' : outcome;
    if (errno === undefined) return persistenceError(error, {}, lost);
    const failure = { errno, message: native.message };
    const subject = subjectOf(failure, writes?.length === 1 ? writes[0] : tableWritten(request.failed()));
    const question = columnsQuestion(subject, failure);
    // A failure to find out more must not hide what failed.
    const found = question && (await this.#send(question, statementVerb(question.sql)).catch(() => null));
    return persistenceError(error, withColumns(subject, found?.result.rows ?? []), lost);
  }
}

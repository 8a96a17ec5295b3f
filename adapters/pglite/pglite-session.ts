import { postgresError } from '../../src/dialect/postgres/index.ts';
import {
  aborted,
  DriverError,
  type ExecuteOptions,
  type Outcome,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type TransactionSession,
  ValidationError,
} from '../../src/port.ts';
import type { PgliteDatabase } from './pglite-database.ts';
import { type Answer, readAnswer } from './read-answer.ts';
import { statementMessage } from './wire-message.ts';

/**
 * The one session of a PGlite database. It speaks the protocol itself: one exchange for each statement instead of six,
 * no parsing that an application may have replaced, and no text that loses a byte order mark.
 */
export class PgliteSession implements TransactionSession {
  readonly #database: PgliteDatabase;
  #status = 'I';

  constructor(database: PgliteDatabase) {
    this.#database = database;
  }

  get inTransaction(): boolean {
    return this.#status !== 'I';
  }

  /** Runs one statement. What it wrote outside of a transaction is stored before it answers. */
  async run({ sql, params }: Statement, options?: ExecuteOptions): Promise<ResultSet> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    // The protocol would end the text there.
    if (sql.includes('\0')) throw new ValidationError('a statement has a NUL in its text; PostgreSQL takes none');
    const { result } = await this.#send(sql, params, options?.writes?.length === 0);
    return result;
  }

  async control(text: string): Promise<string> {
    return (await this.#send(text, [], text === 'ROLLBACK')).tag;
  }

  // There is no other session to take instead; whoever begins next rolls back what is left of this one.
  distrust(): void {}

  async #send(sql: string, params: Statement['params'], reads: boolean): Promise<Answer> {
    let answer: Answer;
    try {
      answer = readAnswer(await this.#database.execProtocolRaw(statementMessage(sql, params), { syncToFs: false }));
    } catch (error) {
      throw pgliteError(error, reads || (this.inTransaction && sql !== 'COMMIT') ? 'rolled-back' : 'unknown');
    }
    this.#status = answer.status;
    if (answer.error !== undefined) throw postgresError(answer.error);
    if (!this.inTransaction && !reads) await this.#store();
    return answer;
  }

  // The database has done the work already, so that a storage that fails leaves open whether it is there tomorrow.
  async #store(): Promise<void> {
    try {
      await this.#database.syncToFs();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new DriverError(`pglite: the work was done, but its storage failed: ${reason}`, {
        cause,
        outcome: 'unknown',
      });
    }
  }
}

/**
 * What PGlite throws by itself: its storage failed, or it was closed. `outcome` is what this means for the work that
 * waited for its answer.
 */
export function pgliteError(cause: unknown, outcome: Outcome = 'rolled-back'): PersistenceError {
  return new DriverError(`pglite: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, outcome });
}

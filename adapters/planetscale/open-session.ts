import { statementVerb } from '../../src/dialect/mysql/index.ts';
import {
  type ErrorCode,
  type ExecuteOptions,
  type PersistenceError,
  type ResultSet,
  type Statement,
  TransactionScopeError,
  type TransactionSession,
} from '../../src/port.ts';
import type { ServerSession } from './server-session.ts';

/**
 * The errors after which a transaction goes on no more: the server has rolled it back, or undone a statement in a way that
 * is no state to go on from, or nobody knows which state it and the session are in.
 */
const FATAL: ReadonlySet<ErrorCode> = new Set([
  'deadlock',
  'lock-timeout',
  'serialization-failure',
  'connection',
  'statement-timeout',
  'aborted',
  'closed',
]);

/** A session as a transaction needs it. */
export class OpenSession implements TransactionSession {
  readonly inTransaction = null;
  readonly #session: ServerSession;
  readonly #begin: string;
  readonly #signal: AbortSignal | undefined;
  #failed: PersistenceError | null = null;
  /** Whether the server has the transaction open; definitions run outside of it. */
  #open = false;
  #opening: Promise<unknown> | null = null;
  #wrote = false;

  /** `begin` is the text that opens the transaction, and `signal` ends the opening of it. */
  constructor(session: ServerSession, begin: string, signal: AbortSignal | undefined) {
    this.#session = session;
    this.#begin = begin;
    this.#signal = signal;
  }

  async run(statement: Statement, options: ExecuteOptions = {}): Promise<ResultSet> {
    const { control, definition, opaque } = statementVerb(statement.sql);
    if (control) throw controlRefused();
    if (opaque || (definition && this.#wrote)) throw committingRefused();
    if (this.#failed !== null) throw failedBefore(this.#failed);
    try {
      await (definition ? this.#leave() : this.#enter());
      const result = await this.#session.run(statement, { ...options, lost: 'rolled-back' });
      this.#wrote ||= result.affectedRows > 0;
      return result;
    } catch (error) {
      if (FATAL.has((error as PersistenceError).code)) this.#failed ??= error as PersistenceError;
      throw error;
    }
  }

  async control(text: string): Promise<string> {
    const isCommit = text === 'COMMIT';
    // Never COMMIT what has failed: after a deadlock there is no transaction any more, and what came next stands by itself.
    if (isCommit && this.#failed !== null) return this.control('ROLLBACK').catch(() => 'ROLLBACK');
    const signal = text === this.#begin ? this.#signal : undefined;
    const options = { writes: [], lost: isCommit ? 'unknown' : 'rolled-back', ...(signal && { signal }) } as const;
    await this.#session.run({ sql: text, params: [] }, options);
    this.#open = text === this.#begin;
    return text;
  }

  /** The server rolls back what nobody ends. */
  distrust(): void {}

  // The server would commit by itself, and the next statement would stand alone.
  async #leave(): Promise<void> {
    if (this.#open) await this.control('COMMIT');
  }

  // One BEGIN for all that wait: a second one would commit what came after the first.
  async #enter(): Promise<void> {
    if (this.#open) return;
    this.#opening ??= this.control(this.#begin).finally(() => {
      this.#opening = null;
    });
    await this.#opening;
  }
}

/** The error for a raw BEGIN, COMMIT, LOCK TABLES. */
export function controlRefused(): TransactionScopeError {
  return new TransactionScopeError(
    'a statement that begins, ends or locks a transaction cannot be sent here; use transact() or em.transaction()',
  );
}

function committingRefused(): TransactionScopeError {
  return new TransactionScopeError(
    'a definition, or a statement whose text does not tell what it does, can make the server commit what the transaction has written; run it outside of the transaction',
  );
}

function failedBefore(cause: PersistenceError): TransactionScopeError {
  return new TransactionScopeError(`the transaction failed before (${cause.code}) and has to end; repeat all of it`, {
    cause,
  });
}

import {
  AbortedError,
  type Clock,
  type Outcome,
  type PersistenceError,
  StatementTimeoutError,
} from '../../src/port.ts';
import type { CancelStatement } from './cancel-statement.ts';
import { type NativeError, serverNumber } from './persistence-error.ts';

/** How long the server may take to stop a statement before the connection is given up. */
const PATIENCE = 5000;
/** How much longer the driver waits than the server, which stops a statement that takes too long by itself. */
const GRACE = 250;

/** What stopping a statement needs. */
export interface StopParts {
  readonly clock: Clock;
  readonly cancel: CancelStatement;
  /** The server's number of the connection. */
  readonly threadId: number;
  /** What it means for the work if nobody knows whether the statement was stopped. */
  readonly outcome: Outcome;
  /** Gives the connection up. */
  giveUp(): void;
}

/** Watches over one statement, and has the server stop it when its signal fires or its time is up. */
export class StopStatement {
  readonly #parts: StopParts;
  readonly #done = new AbortController();
  /** Ends the patience with the server: the statement is over, and so is the request to stop it. */
  readonly #answered = new AbortController();
  #why: ((outcome: Outcome) => PersistenceError) | null = null;
  #request: Promise<void> | null = null;
  #abandon: (error: PersistenceError) => void = () => {};

  /** Rejects when the server cannot be made to stop the statement. */
  readonly abandoned: Promise<never> = new Promise((_, reject) => {
    this.#abandon = reject;
  });

  constructor(parts: StopParts) {
    this.#parts = parts;
    this.abandoned.catch(() => {});
  }

  /** Begins to watch; `limit` is in milliseconds, 0 for none. */
  watch(signal: AbortSignal | undefined, limit: number): void {
    const { clock } = this.#parts;
    if (signal !== undefined) {
      const onAbort = () => this.#stop((outcome) => abortedBy(signal, outcome));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#done.signal.addEventListener('abort', () => signal.removeEventListener('abort', onAbort));
    }
    if (limit === 0) return;
    const onTimeout = () => this.#stop((outcome) => tookTooLong(limit, outcome));
    clock.sleep(limit + GRACE, this.#done.signal).then(onTimeout, () => {});
  }

  /** The error of a statement that was stopped because of this, or else its own. */
  errorOf(error: unknown): unknown {
    return this.#why !== null && isInterrupted(error) ? this.#why('rolled-back') : error;
  }

  /**
   * Ends the watch. A request to stop that is under way may come when the statement is over, and would hit the next one:
   * it is waited for, and `probe`, a statement that does nothing, is there to be hit.
   */
  async end(probe: () => Promise<unknown>): Promise<void> {
    this.#done.abort();
    if (this.#request === null) return;
    await this.#request;
    // The patience holds for the probe, too: at its end the connection is given up, and the probe fails with it.
    await probe().catch((error: unknown) => {
      if (!isInterrupted(error)) this.#parts.giveUp();
    });
    this.#answered.abort();
  }

  #stop(why: (outcome: Outcome) => PersistenceError): void {
    if (this.#why !== null) return;
    this.#why = why;
    const { clock, cancel, threadId } = this.#parts;
    const late = clock.sleep(PATIENCE, this.#answered.signal).then(
      () => this.#giveUp(why),
      () => {},
    );
    // A server that says nothing to the request, either, is not waited for.
    this.#request = Promise.race([cancel(threadId).catch(() => this.#giveUp(why)), late]);
  }

  #giveUp(why: (outcome: Outcome) => PersistenceError): void {
    // In this order: the statement, too, fails with its connection, but for the lesser reason.
    this.#abandon(why(this.#parts.outcome));
    this.#parts.giveUp();
  }
}

function isInterrupted(error: unknown): boolean {
  const number = serverNumber(error as NativeError);
  return number === 1317 || number === 1969 || number === 3024;
}

function abortedBy(signal: AbortSignal, outcome: Outcome): AbortedError {
  return new AbortedError('the operation was aborted', { cause: signal.reason, outcome });
}

function tookTooLong(limit: number, outcome: Outcome): StatementTimeoutError {
  return new StatementTimeoutError(`the statement took longer than ${limit} ms and was stopped`, { outcome });
}

import {
  type Capabilities,
  type Clock,
  type Connection,
  type Correction,
  type Dialect,
  type Driver,
  DriverError,
  type ExternalChange,
  type LogEvent,
} from '../../src/port.ts';
import type { Answer } from './answers/scripted-answer.ts';
import { Exchange } from './exchange.ts';
import type { FaultPlace, InjectedFault } from './faults/faults.ts';
import type { Match } from './match.ts';
import type { LoggedStatement } from './record/logged-statement.ts';
import type { RecordedTransaction } from './record/recorded-transaction.ts';
import { recordedConnection } from './recorded-connection.ts';

/** A fault that makes a statement fail. */
export interface Failure extends FaultPlace {
  /** What it fails with: a `DriverError` unless given; a function makes a new one each time. */
  readonly error?: Error | (() => Error);
}

/** A driver for tests: it records, answers from scripts, and injects faults. */
export interface MemoryDriver<B extends Driver | null = Driver | null> extends Driver {
  /** The driver that was handed in; null where it stands alone. */
  readonly backing: B;
  /** Every statement since the last {@link reset} or {@link forget}, in order, with BEGIN, COMMIT and ROLLBACK. */
  readonly log: readonly LoggedStatement[];
  /** The texts of {@link log}. */
  readonly texts: readonly string[];
  /** The transactions and batches since then. */
  readonly transactions: readonly RecordedTransaction[];
  /** What each flush since then was about to run: the texts of its plan, whatever came of it. */
  readonly plans: readonly (readonly string[])[];
  /** What the scripted answers for one time match that nothing has asked for. */
  readonly unused: readonly Match[];
  /** Whether statements reach anything, see {@link disconnect}. */
  readonly isConnected: boolean;
  /**
   * Answers each statement that matches. Of several such answers the newest holds; those of {@link answerOnce} come first.
   *
   * @example
   * ```ts
   * import { memory } from 'meshestra/memory';
   *
   * const driver = memory();
   * driver.answer('FROM "authors"', { rows: [[1, 'Ada', 'ada@example.org', null]] });
   * driver.answer(/^UPDATE/, { affectedRows: 1 });
   * driver.answer(({ params }) => params.includes('x'), new Error('not this one'));
   * ```
   */
  answer(match: Match, answer: Answer): void;
  /** Answers the next statement that matches; several such answers in their order. */
  answerOnce(match: Match, answer: Answer): void;
  /**
   * Makes the n-th statement that matches fail, counted from now: `fail()` the next one, `fail({ at: 3 })` the third,
   * `fail({ match: 'COMMIT' })` a COMMIT. It is not run. A failing ROLLBACK is noted; the caller gets what its work threw.
   */
  fail(failure?: Failure): InjectedFault;
  /** Holds the statement up by so many milliseconds; a signal, and so a timeout, ends the wait. */
  delay(ms: number, place?: FaultPlace): InjectedFault;
  /**
   * Loses the connection: now, or instead of running the statement at a place. That statement and everything after it
   * fails with `connection` until {@link reconnect}; open transactions are rolled back. The outcome is `unknown` for a
   * COMMIT, and for what may have been a write outside of a transaction, although here nothing was written.
   */
  disconnect(place?: FaultPlace): InjectedFault;
  /** Ends a {@link disconnect}. Transactions that were open then stay lost. */
  reconnect(): void;
  /**
   * Loses the answer to a statement that was run: the next COMMIT unless a place is given. The database has committed, and
   * the caller gets a `ConnectionError` whose outcome is `unknown`. The driver stays connected, as one with a pool does.
   */
  loseAnswer(place?: FaultPlace): InjectedFault;
  /** Forgets what was recorded; answers and faults stay. */
  forget(): void;
  /** Forgets what was recorded, the answers and the faults, and reconnects: as new, over the same database. */
  reset(): void;
}

/** The driver over its backing: a database, or what stands for none. */
export class RecordingDriver<B extends Driver | null> implements MemoryDriver<B> {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly backing: B;
  readonly nodes?: NonNullable<Driver['nodes']>;
  readonly #inner: Driver;
  readonly #exchange: Exchange;

  constructor(backing: B, inner: Driver, capabilities: Capabilities, clock: Clock) {
    this.name = inner.name;
    this.dialect = inner.dialect;
    this.capabilities = capabilities;
    this.clock = clock;
    this.backing = backing;
    if (inner.nodes !== undefined) this.nodes = inner.nodes;
    this.#inner = inner;
    this.#exchange = new Exchange(clock, inner.dialect, backing !== null);
  }

  get log(): readonly LoggedStatement[] {
    return this.#exchange.recorder.log;
  }
  get texts(): readonly string[] {
    return this.log.map(({ sql }) => sql);
  }
  get transactions(): readonly RecordedTransaction[] {
    return this.#exchange.recorder.transactions;
  }
  get plans(): readonly (readonly string[])[] {
    return this.transactions.flatMap(({ plans }) => plans);
  }
  get unused(): readonly Match[] {
    return this.#exchange.answers.unused;
  }
  get isConnected(): boolean {
    return this.#exchange.isConnected;
  }
  get corrections(): readonly Correction[] {
    return this.#inner.corrections ?? [];
  }
  get pool(): Driver['pool'] {
    return this.#inner.pool;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    this.#exchange.refuseUnreachable();
    return recordedConnection(this.#exchange, this.capabilities, await this.#inner.connect(options));
  }

  onExternalChange(listener: (change: ExternalChange) => void): () => void {
    return this.#inner.onExternalChange?.(listener) ?? (() => undefined);
  }

  onLog(listener: (event: LogEvent) => void): () => void {
    return this.#inner.onLog?.(listener) ?? (() => undefined);
  }

  answer(match: Match, answer: Answer): void {
    this.#exchange.answers.addAlways(match, answer);
  }

  answerOnce(match: Match, answer: Answer): void {
    this.#exchange.answers.addOnce(match, answer);
  }

  fail({ error, ...place }: Failure = {}): InjectedFault {
    return this.#exchange.faults.inject(place, {
      kind: 'error',
      error: ({ sql }) => {
        if (typeof error === 'function') return error();
        return error ?? new DriverError(`memory: a failure, as asked for, at: ${sql}`);
      },
    });
  }

  delay(ms: number, place: FaultPlace = {}): InjectedFault {
    return this.#exchange.faults.inject(place, { kind: 'delay', ms });
  }

  disconnect(place?: FaultPlace): InjectedFault {
    if (place !== undefined) return this.#exchange.faults.inject(place, { kind: 'disconnect' });
    this.#exchange.disconnect();
    return { raised: true, cancel: () => undefined };
  }

  reconnect(): void {
    this.#exchange.reconnect();
  }

  loseAnswer(place: FaultPlace = { match: /^COMMIT$/ }): InjectedFault {
    return this.#exchange.faults.inject(place, { kind: 'lost-answer' });
  }

  forget(): void {
    this.#exchange.recorder.forget();
  }

  reset(): void {
    this.forget();
    this.#exchange.answers.forget();
    this.#exchange.faults.forget();
    this.reconnect();
  }

  close(): Promise<void> {
    this.#exchange.close();
    return this.#inner.close();
  }
}

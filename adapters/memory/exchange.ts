import {
  aborted,
  after,
  type Clock,
  ClosedError,
  ConnectionError,
  type Dialect,
  type MaybePromise,
  type ResultSet,
  type TransactOptions,
} from '../../src/port.ts';
import { Answers } from './answers/answers.ts';
import { resultOf, type ScriptedAnswer } from './answers/scripted-answer.ts';
import { attempt } from './attempt.ts';
import { type Effect, Faults } from './faults/faults.ts';
import type { OpenStatement } from './record/logged-statement.ts';
import type { OpenRecord } from './record/recorded-transaction.ts';
import { Recorder } from './record/recorder.ts';

/** What all connections of one driver share: the record, the answers, the faults, and whether they reach anything. */
export class Exchange {
  readonly recorder: Recorder = new Recorder();
  readonly answers: Answers = new Answers();
  readonly faults: Faults = new Faults();
  readonly #clock: Clock;
  readonly #dialect: Dialect;
  readonly #hasBacking: boolean;
  readonly #open = new Set<OpenRecord>();
  #isConnected = true;
  #isClosed = false;

  constructor(clock: Clock, dialect: Dialect, hasBacking: boolean) {
    this.#clock = clock;
    this.#dialect = dialect;
    this.#hasBacking = hasBacking;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Notes the beginning of a transaction or batch. */
  begin(kind: OpenRecord['kind'], options: TransactOptions): OpenRecord {
    const record = this.recorder.begin(kind, options);
    this.#open.add(record);
    return record;
  }

  /** Notes its end. */
  end(record: OpenRecord, outcome: OpenRecord['outcome']): void {
    this.#open.delete(record);
    record.end(outcome);
  }

  /** Cuts every connection; open transactions end, as the server ends them. */
  disconnect(): void {
    this.#isConnected = false;
    for (const record of this.#open) record.isLost = true;
  }

  reconnect(): void {
    this.#isConnected = true;
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Throws where nothing can be asked at all. */
  refuseUnreachable(): void {
    if (this.#isClosed) throw new ClosedError('the driver is closed; make a new one with memory()');
    if (this.#isConnected) return;
    throw new ConnectionError('memory: disconnected; reconnect() ends it');
  }

  /** Keeps with a noted statement how it ended. */
  keep<R>(noted: OpenStatement, record: OpenRecord | null, work: () => MaybePromise<R>): MaybePromise<R> {
    return attempt(
      work,
      (value) => {
        record?.succeeded(noted);
        return value;
      },
      (error) => {
        noted.error = error;
        throw error;
      },
    );
  }

  /**
   * Lets a statement go on to its answer, or throws what struck it. Tells whether the answer is to get lost on its way
   * back.
   */
  admit(noted: OpenStatement, record: OpenRecord | null, signal: AbortSignal | undefined): MaybePromise<boolean> {
    this.#refuse(record, signal);
    const effects = this.faults.strike(noted);
    if (effects.length === 0) return false;
    const ms = effects.reduce((sum, effect) => sum + (effect.kind === 'delay' ? effect.ms : 0), 0);
    return after(ms > 0 ? this.#wait(ms, signal ?? record?.signal) : undefined, () => {
      if (ms > 0) this.#refuse(record, signal);
      for (const effect of effects) this.#raise(effect, noted, record);
      return effects.some(({ kind }) => kind === 'lost-answer');
    });
  }

  /** Answers a statement by its script; undefined where there is none. */
  scripted(noted: OpenStatement, signal: AbortSignal | undefined): MaybePromise<ResultSet> | undefined {
    const script = this.answers.take(noted);
    if (script === undefined) return undefined;
    noted.answeredBy = 'script';
    const given = typeof script === 'function' ? script({ sql: noted.sql, params: noted.params }) : script;
    return after<ScriptedAnswer | Error, ResultSet>(given, (answer) => {
      if (answer instanceof Error) throw answer;
      const { delay = 0, error } = answer;
      return after(delay > 0 ? this.#wait(delay, signal) : undefined, () => {
        if (error !== undefined) throw error;
        return resultOf(answer, this.#dialect);
      });
    });
  }

  /** Notes that the backing driver is asked. */
  passedOn(noted: OpenStatement): void {
    if (this.#hasBacking) noted.answeredBy = 'backing';
  }

  /** The error for an answer that never came. After it, the transaction is lost with its connection. */
  lostAnswer(noted: OpenStatement, record: OpenRecord | null): ConnectionError {
    if (record !== null) record.isLost = true;
    // Nobody can tell what became of a COMMIT, or of a write that is its own transaction.
    const isUnsure = noted.kind === 'commit' || (record?.kind !== 'interactive' && noted.writes?.length !== 0);
    return new ConnectionError(`memory: the connection was lost, as asked for, at: ${noted.sql}`, {
      outcome: isUnsure ? 'unknown' : 'rolled-back',
    });
  }

  #refuse(record: OpenRecord | null, signal: AbortSignal | undefined): void {
    if (record?.isLost === true) {
      throw new ConnectionError('memory: the connection of this transaction was lost, so that it is rolled back');
    }
    this.refuseUnreachable();
    if (signal?.aborted === true) throw aborted(signal);
  }

  #raise(effect: Effect, noted: OpenStatement, record: OpenRecord | null): void {
    if (effect.kind !== 'error' && effect.kind !== 'disconnect') return;
    noted.answeredBy = 'fault';
    if (effect.kind === 'error') throw effect.error(noted);
    this.disconnect();
    throw this.lostAnswer(noted, record);
  }

  async #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await this.#clock.sleep(ms, signal);
    } catch (error) {
      throw signal?.aborted === true ? aborted(signal) : error;
    }
  }
}

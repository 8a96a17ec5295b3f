import {
  after,
  type ExecuteOptions,
  type MaybePromise,
  type ResultSet,
  type Statement,
  type StatementExecutor,
  type WireRow,
} from '../../src/port.ts';
import type { Exchange } from './exchange.ts';
import type { OpenStatement } from './record/logged-statement.ts';
import type { OpenRecord } from './record/recorded-transaction.ts';
import { savepointControl } from './record/savepoints.ts';

/** Runs statements by way of the exchange; what no script answers goes on to `inner`. */
export class RecordedExecutor {
  readonly #exchange: Exchange;
  readonly #inner: StatementExecutor;
  /** The transaction it belongs to; null outside of one. */
  readonly #record: OpenRecord | null;

  constructor(exchange: Exchange, inner: StatementExecutor, record: OpenRecord | null) {
    this.#exchange = exchange;
    this.#inner = inner;
    this.#record = record;
  }

  execute(statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    this.#record?.refuseOver();
    const record = this.#record;
    const kind = record === null ? 'statement' : (savepointControl(statement.sql)?.kind ?? 'statement');
    const noted = this.#exchange.recorder.note(statement, kind, record, options?.writes);
    return this.#exchange.keep(noted, record, () =>
      after(this.#exchange.admit(noted, record, options?.signal), (isLost) =>
        after(this.#answer(noted, statement, options), (result) => {
          noted.result = result;
          if (isLost) throw this.#exchange.lostAnswer(noted, record);
          return result;
        }),
      ),
    );
  }

  /** All or none: what strikes one statement strikes all, and what no script answers goes on as one batch. */
  async batch(statements: readonly Statement[], options: ExecuteOptions = {}): Promise<readonly ResultSet[]> {
    const outer = this.#record;
    outer?.refuseOver();
    const record = outer ?? this.#exchange.begin('batch', {});
    const end = (outcome: OpenRecord['outcome']) => {
      if (outer === null) this.#exchange.end(record, outcome);
    };
    const all = statements.map((statement) =>
      this.#exchange.recorder.note(statement, 'statement', record, options.writes),
    );
    let lost: OpenStatement | undefined;
    let results: readonly ResultSet[];
    try {
      for (const noted of all) if (await this.#admit(noted, record, options)) lost = noted;
      results = await this.#answerAll(all, options);
    } catch (error) {
      end('rolled back');
      throw error;
    }
    end('committed');
    if (lost === undefined) return results;
    lost.error = this.#exchange.lostAnswer(lost, record);
    throw lost.error;
  }

  async *stream(statement: Statement, options?: ExecuteOptions): AsyncGenerator<readonly WireRow[], void> {
    this.#record?.refuseOver();
    const noted = this.#exchange.recorder.note(statement, 'statement', this.#record, options?.writes);
    try {
      const isLost = await this.#exchange.admit(noted, this.#record, options?.signal);
      const scripted = await this.#exchange.scripted(noted, options?.signal ?? this.#record?.signal);
      if (scripted !== undefined) yield scripted.rows;
      else yield* this.#streamInner(noted, statement, options);
      if (isLost) throw this.#exchange.lostAnswer(noted, this.#record);
    } catch (error) {
      noted.error = error;
      throw error;
    }
  }

  #admit(noted: OpenStatement, record: OpenRecord, { signal }: ExecuteOptions): MaybePromise<boolean> {
    return this.#exchange.keep(noted, null, () => this.#exchange.admit(noted, record, signal));
  }

  #answer(noted: OpenStatement, statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    const scripted = this.#exchange.scripted(noted, options?.signal ?? this.#record?.signal);
    if (scripted !== undefined) return scripted;
    this.#exchange.passedOn(noted);
    return this.#inner.execute(statement, options);
  }

  async #answerAll(all: readonly OpenStatement[], options: ExecuteOptions): Promise<readonly ResultSet[]> {
    const rest: OpenStatement[] = [];
    for (const noted of all) {
      const scripted = await this.#exchange.keep(noted, null, () => this.#exchange.scripted(noted, options.signal));
      if (scripted === undefined) rest.push(noted);
      else noted.result = scripted;
    }
    if (rest.length > 0) await this.#sendAll(rest, options);
    return all.flatMap(({ result }) => result ?? []);
  }

  async #sendAll(rest: readonly OpenStatement[], options: ExecuteOptions): Promise<void> {
    for (const noted of rest) this.#exchange.passedOn(noted);
    try {
      const sent = await this.#inner.batch?.(
        rest.map(({ sql, params }) => ({ sql, params })),
        options,
      );
      rest.forEach((noted, place) => {
        noted.result = sent?.[place] ?? null;
      });
    } catch (error) {
      for (const noted of rest) noted.error = error;
      throw error;
    }
  }

  #streamInner(
    noted: OpenStatement,
    statement: Statement,
    options: ExecuteOptions | undefined,
  ): AsyncIterable<readonly WireRow[]> | Iterable<readonly WireRow[]> {
    this.#exchange.passedOn(noted);
    return this.#inner.stream?.(statement, options) ?? [];
  }
}

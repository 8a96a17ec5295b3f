import {
  after,
  type Capabilities,
  type Connection,
  type MaybePromise,
  type Transaction,
  type TransactOptions,
} from '../../src/port.ts';
import { attempt } from './attempt.ts';
import type { Exchange } from './exchange.ts';
import type { OpenStatement } from './record/logged-statement.ts';
import type { OpenRecord } from './record/recorded-transaction.ts';
import { RecordedExecutor } from './recorded-executor.ts';
import { recordedInside } from './recorded-inside.ts';

type Wrapped = Pick<Connection, 'execute' | 'batch' | 'stream'>;

/** The statements of a connection or transaction, recorded; what the capabilities do not have is not there. */
function recorded(exchange: Exchange, capabilities: Capabilities, inner: Wrapped, record: OpenRecord | null): Wrapped {
  const executor = new RecordedExecutor(exchange, inner, record);
  return {
    execute: (statement, options) => executor.execute(statement, options),
    ...(capabilities.batch === 'none' || inner.batch === undefined
      ? {}
      : { batch: (statements, options) => executor.batch(statements, options) }),
    ...(capabilities.streaming && inner.stream !== undefined
      ? { stream: (statement, options) => executor.stream(statement, options) }
      : {}),
  };
}

/** Puts the record around a connection. */
export function recordedConnection(exchange: Exchange, capabilities: Capabilities, inner: Connection): Connection {
  const session = inner.session?.bind(inner);
  const transact = inner.transact?.bind(inner);
  const whyApart = inner.whyApart?.bind(inner);
  return {
    ...recorded(exchange, capabilities, inner, null),
    ...(whyApart === undefined ? {} : { whyApart }),
    ...(session === undefined ? {} : { session: () => recordedConnection(exchange, capabilities, session()) }),
    ...(transact === undefined || capabilities.interactive === 'none'
      ? {}
      : {
          transact: (work, options) =>
            new RecordedTransact(exchange, options).run(transact, (tx, record) =>
              work(recordedTransaction(exchange, capabilities, tx, record)),
            ),
        }),
    release: () => inner.release(),
    destroy: (reason) => inner.destroy(reason),
  };
}

function recordedTransaction(
  exchange: Exchange,
  capabilities: Capabilities,
  tx: Transaction,
  record: OpenRecord,
): Transaction {
  const transact = tx.transact?.bind(tx);
  return {
    kind: 'transaction',
    announce: (plan) => record.plans.push(plan()),
    ...recorded(exchange, capabilities, tx, record),
    ...(transact === undefined || !capabilities.savepoints
      ? {}
      : {
          transact: (work, options) =>
            recordedInside(exchange, record, transact, options, (inner) =>
              work(recordedTransaction(exchange, capabilities, inner, record)),
            ),
        }),
  };
}

type Transact = NonNullable<Connection['transact']>;

/** One transaction from its BEGIN to its end. The backing driver opens and ends it; what strikes it makes its work fail. */
class RecordedTransact {
  readonly #exchange: Exchange;
  readonly #options: TransactOptions | undefined;
  #record: OpenRecord | null = null;
  #commit: OpenStatement | null = null;
  #isAnswerLost = false;

  constructor(exchange: Exchange, options: TransactOptions | undefined) {
    this.#exchange = exchange;
    this.#options = options;
  }

  run<R>(transact: Transact, work: (tx: Transaction, record: OpenRecord) => MaybePromise<R>): MaybePromise<R> {
    return attempt(
      () => transact((tx) => this.#inside((record) => work(tx, record)), this.#options),
      (value) => {
        this.#end('committed');
        if (this.#isAnswerLost && this.#commit !== null) {
          this.#commit.error = this.#exchange.lostAnswer(this.#commit, this.#record);
          throw this.#commit.error;
        }
        return value;
      },
      (error) => {
        this.#failed(error);
        throw error;
      },
    );
  }

  #inside<R>(work: (record: OpenRecord) => MaybePromise<R>): MaybePromise<R> {
    const record = this.#exchange.begin('interactive', this.#options ?? {});
    this.#record = record;
    return after(this.#control('BEGIN', 'begin', record), () =>
      attempt(
        () =>
          after(work(record), (value) => {
            record.isOver = true;
            return after(this.#control('COMMIT', 'commit', record), (isLost) => {
              this.#isAnswerLost = isLost;
              return value;
            });
          }),
        (value) => value,
        (error) => {
          record.isOver = true;
          return after(this.#rollback(record), () => {
            throw error;
          });
        },
      ),
    );
  }

  #control(sql: string, kind: 'begin' | 'commit' | 'rollback', record: OpenRecord): MaybePromise<boolean> {
    const noted = this.#exchange.recorder.note({ sql, params: [] }, kind, record, []);
    if (kind === 'commit') this.#commit = noted;
    // Nothing stops a rollback: it is how a transaction ends that was aborted.
    const signal = kind === 'rollback' ? undefined : this.#options?.signal;
    this.#exchange.passedOn(noted);
    return this.#exchange.keep(noted, null, () => this.#exchange.admit(noted, record, signal));
  }

  // The server takes the work back also where it never hears of a ROLLBACK; the caller is told what its work threw.
  #rollback(record: OpenRecord): MaybePromise<unknown> {
    if (record.isLost) return undefined;
    return attempt<unknown, unknown>(
      () => this.#control('ROLLBACK', 'rollback', record),
      () => undefined,
      () => undefined,
    );
  }

  // Where the work was done and COMMIT got through, it is the COMMIT of the backing driver that failed.
  #failed(error: unknown): void {
    const record = this.#record ?? this.#exchange.begin('interactive', this.#options ?? {});
    if (this.#record === null) {
      this.#exchange.recorder.note({ sql: 'BEGIN', params: [] }, 'begin', record, []).error = error;
      this.#record = record;
    }
    if (this.#commit !== null && this.#commit.error === undefined) this.#commit.error = error;
    const isUnknown = (error as { readonly outcome?: unknown } | null | undefined)?.outcome === 'unknown';
    this.#end(isUnknown && this.#commit?.answeredBy !== 'fault' ? 'unknown' : 'rolled back');
  }

  #end(outcome: OpenRecord['outcome']): void {
    if (this.#record !== null) this.#exchange.end(this.#record, outcome);
  }
}

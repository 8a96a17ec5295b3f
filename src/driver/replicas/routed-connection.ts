import type { PersistenceError } from '../../errors.ts';
import type { Clock } from '../../wire/clock.ts';
import { after, type MaybePromise } from '../../wire/maybe-promise.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { Statement } from '../../wire/statement.ts';
import type { Connection, ExecuteOptions, Transaction, TransactOptions } from '../driver.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { isLost, type ReplicaNode } from './replica-node.ts';

/** What all sessions of a replicated driver share. */
export interface Routing {
  readonly primary: Connection;
  readonly replicas: readonly ReplicaNode[];
  readonly clock: Clock;
  /** Milliseconds for which reads follow a write to the primary. */
  readonly readAfterWrite: number;
  /** Which replica is next. */
  turn: number;
  /** When anybody wrote last, by the monotonic clock. */
  lastWrite: number;
}

/**
 * Sends pure reads to a replica, in turn, and everything else to the primary; for a while after a write the reads of the
 * same session, too. A read that meets a lost replica goes on to the next one, and to the primary in the end.
 */
export class RoutedConnection implements Connection {
  readonly #routing: Routing;
  /** When this session wrote last; null for the connection that follows the writes of all. */
  #lastWrite: number | null;
  readonly batch?: NonNullable<Connection['batch']>;
  readonly whyApart?: NonNullable<Connection['whyApart']>;
  readonly transact?: NonNullable<Connection['transact']>;

  constructor(routing: Routing, lastWrite: number | null) {
    this.#routing = routing;
    this.#lastWrite = lastWrite;
    const { primary } = routing;
    if (primary.batch !== undefined) {
      this.batch = (statements, options) =>
        this.#noting(options, () => primary.batch?.(statements, options) as MaybePromise<readonly ResultSet[]>);
    }
    if (primary.whyApart !== undefined) this.whyApart = primary.whyApart.bind(primary);
    if (primary.transact !== undefined) {
      this.transact = <R>(work: (tx: Transaction) => MaybePromise<R>, options?: TransactOptions) =>
        this.#noting(
          options?.readOnly === true ? READ : undefined,
          () => primary.transact?.(work, options) as MaybePromise<R>,
        );
    }
  }

  session(): Connection {
    return new RoutedConnection(this.#routing, Number.NEGATIVE_INFINITY);
  }

  execute(statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    const { primary } = this.#routing;
    if (options?.writes?.length === 0 && !this.#isPinned()) return this.#read(statement, options, 0);
    return this.#noting(options, () => primary.execute(statement, options));
  }

  /** The connections to replicas belong to the driver, which closes them. */
  release(): void {
    if (this.#lastWrite === null) this.#routing.primary.release();
  }

  destroy(reason: unknown): void {
    this.#routing.primary.destroy(reason);
  }

  #isPinned(): boolean {
    const { clock, readAfterWrite, lastWrite } = this.#routing;
    return clock.monotonic() - (this.#lastWrite ?? lastWrite) < readAfterWrite;
  }

  #read(statement: Statement, options: ExecuteOptions, tried: number): MaybePromise<ResultSet> {
    const node = tried < this.#routing.replicas.length ? this.#next() : undefined;
    if (node === undefined) return this.#routing.primary.execute(statement, options);
    const { generation } = node;
    const failed = (error: unknown): MaybePromise<ResultSet> => {
      if (isLost(error)) {
        node.lost(error, generation);
        return this.#read(statement, options, tried + 1);
      }
      // A standby ends reads that would hold replication up; the primary knows no such conflict.
      if ((error as PersistenceError | undefined)?.code !== 'serialization-failure') throw error;
      return this.#routing.primary.execute(statement, options);
    };
    try {
      const opened = node.connection();
      const { signal } = options;
      const waited = signal === undefined || !(opened instanceof Promise) ? opened : unlessAborted(opened, signal);
      const result = after(waited, (connection) => connection.execute(statement, options));
      return result instanceof Promise ? result.catch(failed) : result;
    } catch (error) {
      return failed(error);
    }
  }

  #next(): ReplicaNode | undefined {
    const routing = this.#routing;
    const { replicas } = routing;
    for (let step = 0; step < replicas.length; step += 1) {
      const node = replicas[routing.turn % replicas.length];
      routing.turn += 1;
      if (node?.takesReads()) return node;
    }
    return undefined;
  }

  // Counts from the beginning, for a read beside a running write, and from the end. A failed write may have been done.
  #noting<R>(options: ExecuteOptions | undefined, work: () => MaybePromise<R>): MaybePromise<R> {
    if (options?.writes?.length === 0) return work();
    this.#note();
    const result = work();
    if (!(result instanceof Promise)) return result;
    return result.finally(() => this.#note());
  }

  #note(): void {
    const now = this.#routing.clock.monotonic();
    this.#routing.lastWrite = now;
    if (this.#lastWrite !== null) this.#lastWrite = now;
  }
}

const READ: ExecuteOptions = { writes: [] };

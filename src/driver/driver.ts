import type { Dialect } from '../compiler/dialect.ts';
import type { PoolState } from '../errors.ts';
import type { Capabilities, IsolationLevel } from '../wire/capabilities.ts';
import type { Clock } from '../wire/clock.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { Statement } from '../wire/statement.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { LogEvent } from './log-event.ts';
import type { Correction } from './pool/correct-pool-options.ts';

/** How one statement is to be run. */
export interface ExecuteOptions {
  readonly signal?: AbortSignal;
  /**
   * The tables the statement writes, by database name: empty for a pure read, absent where the core cannot know (raw
   * SQL). A driver may route and lock by it and passes it on with {@link ExternalChange}.
   */
  readonly writes?: readonly string[];
}

/** How a batch is to be run. */
export interface BatchExecuteOptions extends ExecuteOptions {
  /** Whether it only reads; its statements then see the database at one moment, where the engine can have that. */
  readonly readOnly?: boolean;
}

/** How a transaction is to be opened. */
export interface TransactOptions {
  readonly signal?: AbortSignal;
  readonly readOnly?: boolean;
  readonly isolation?: IsolationLevel;
  /**
   * `false` has it run with foreign keys off: nothing that refers to a deleted row is deleted or refused. Rows that refer to
   * nothing at its end, and did refer to something before, undo it with `foreign-key-violation`. There where
   * {@link Capabilities.foreignKeysOff} says so.
   */
  readonly foreignKeys?: false;
}

/** What both a connection and an open transaction can run. */
export interface StatementExecutor {
  /**
   * Runs one statement. Rejects with a `PersistenceError` whose code tells the violated constraint, the lost
   * connection, and so on. A driver that answers at once returns the result itself and throws at once.
   */
  execute(statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet>;
  /**
   * Runs all statements or none of them, in order, in one round trip. Present where {@link Capabilities.batch} is not
   * `none`.
   */
  batch?(statements: readonly Statement[], options?: BatchExecuteOptions): MaybePromise<readonly ResultSet[]>;
  /** Yields the rows in chunks. Present where {@link Capabilities.streaming} is true. */
  stream?(statement: Statement, options?: ExecuteOptions): AsyncIterable<readonly WireRow[]>;
}

/** An open transaction. It ends when the callback that received it ends; using it later is `transaction-scope`. */
export interface Transaction extends StatementExecutor {
  readonly kind: 'transaction';
  /**
   * Runs `work` in a transaction inside of this one, which is undone alone where `work` throws. There where the engine has
   * no SAVEPOINT to be sent as a statement, but the like.
   */
  transact?<R>(work: (tx: Transaction) => MaybePromise<R>, options?: { readonly signal?: AbortSignal }): Promise<R>;
  /** Told the texts of the statements that a flush is about to run, in order. For drivers that record; absent elsewhere. */
  announce?(plan: () => readonly string[]): void;
}

/** One connection, or one client over a stateless protocol. */
export interface Connection extends StatementExecutor {
  /**
   * A handle of its own for one unit of work, whose reads see what it wrote before; it needs no release. Absent where
   * this holds for the connection itself, as it does unless reads go elsewhere than writes.
   */
  session?(): Connection;
  /**
   * Tells why {@link StatementExecutor.batch} would run these statements one by one, in a transaction, and not in one round
   * trip; null where it would. Absent where a batch always is one.
   */
  whyApart?(statements: readonly Statement[]): MaybePromise<string | null>;
  /**
   * Opens a transaction, runs `work` in it, commits when it returned and rolls back when it threw; rejects with what
   * `work` threw. Callback-shaped, because Durable Objects have no BEGIN. Absent where
   * {@link Capabilities.interactive} is `none`. On a driver with a single connection, transactions run one after the
   * other in the order they came, and no other statement lands inside one.
   */
  transact?<R>(work: (tx: Transaction) => MaybePromise<R>, options?: TransactOptions): MaybePromise<R>;
  /** Gives the connection back. */
  release(): void;
  /** Throws the connection away, because it is suspect. */
  destroy(reason: unknown): void;
}

/** A commit that did not come through this driver object. */
export interface ExternalChange {
  /** The tables written, or null where they are not known. */
  readonly tables: readonly string[] | null;
  readonly origin: 'other-tab';
}

/** One server of a driver that has several. */
export interface DriverNode {
  /** Distinguishes the nodes of one driver: `primary`, `replica-1`. */
  readonly name: string;
  readonly role: 'primary' | 'replica';
  readonly driver: Driver;
}

/** A database as one adapter offers it. */
export interface Driver {
  /** The adapter's name, for messages and metrics. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  /** Opens the database where needed and hands out a connection; a pool is underneath where the driver has one. */
  connect(options?: { readonly signal?: AbortSignal }): Promise<Connection>;
  /** Calls back for commits from outside (another tab); returns the function that stops it. */
  onExternalChange?(listener: (change: ExternalChange) => void): () => void;
  /** Calls back for what the driver did by itself; returns the function that stops it. */
  onLog?(listener: (event: LogEvent) => void): () => void;
  /** The options that could not stay as they were given; complete once a first connection was handed out. */
  readonly corrections?: readonly Correction[];
  /** The servers behind the driver, where they are several. */
  readonly nodes?: readonly DriverNode[];
  /** The pool of connections, where there is one; it tells its state. */
  readonly pool?: { state(): PoolState } | undefined;
  /** Ends running work, closes every connection, and leaves no timer or socket behind. Calling it again does nothing. */
  close(): Promise<void>;
}

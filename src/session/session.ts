import type { PlainStatementNode } from '../ast/statement-node.ts';
import type { BatchStatement } from '../compiler/batch-dialect.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type { Dialect } from '../compiler/dialect.ts';
import type { Driver, TransactOptions } from '../driver/driver.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { BatchOptions } from './run-batch.ts';

/** What a session of a transaction that is one batch at its end knows of that batch. */
export interface Deferral {
  /** Whether the work of the transaction has ended, so that its batch may be sent. */
  ending: boolean;
  /** Whether the batch is to fail where somebody else changed a versioned row that was read. */
  verifyReads: boolean;
  /** Whether nothing may be written. */
  readonly readOnly: boolean;
}

/** Where every statement goes through: reads, flushes, schema changes, raw SQL. */
export interface Session {
  readonly driver: Driver;
  readonly dialect: Dialect;
  /** Compiles a node, or takes the text from the cache by a key that stands for the node's shape. */
  compile(key: string, node: () => PlainStatementNode): CompiledStatement;
  /** Runs a compiled statement with the values of its slots. */
  run(compiled: CompiledStatement, values?: readonly WireValue[], signal?: AbortSignal): MaybePromise<ResultSet>;
  /** Compiles and runs a node whose text is not worth keeping. */
  execute(node: PlainStatementNode, values?: readonly WireValue[], signal?: AbortSignal): MaybePromise<ResultSet>;
  /** Runs all nodes in one transaction, or as one atomic batch where the driver has no transactions. */
  executeAll(nodes: readonly PlainStatementNode[]): Promise<void>;
  /** Runs all statements or none of them, in one request. Throws `unsupported-by-driver` where there are no batches. */
  batch(statements: readonly BatchStatement[], options?: BatchOptions): Promise<readonly ResultSet[]>;
  /** Why {@link batch} would run these statements one by one and not in one request; null or undefined where it would not. */
  whyApart?(statements: readonly BatchStatement[]): MaybePromise<string | null> | undefined;
  /**
   * Opens a transaction, or a savepoint where one is open, and runs `work` with the session inside it. The `change`
   * event comes after the outermost commit.
   */
  transact<R>(work: (session: Session) => Promise<R>, options?: TransactOptions): Promise<R>;
  readonly inTransaction: boolean;
  /** Of a transaction that is one batch at its end. */
  readonly deferral?: Deferral;
  /** Tells a driver that records what is about to run in the open transaction. */
  announce(plan: () => readonly string[]): void;
  /**
   * A session for one unit of work, whose reads follow its own writes. The session of a persistence object follows those
   * of all its sessions. The same where reads go nowhere else.
   */
  fork(): Session;
}

import type { PlainStatementNode } from '../ast/statement-node.ts';
import type { BatchStatement } from '../compiler/batch-dialect.ts';
import { bindStatement } from '../compiler/bind-statement.ts';
import { compile } from '../compiler/compile.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type { Dialect } from '../compiler/dialect.ts';
import { createStatementCache, type StatementCache } from '../compiler/statement-cache.ts';
import type { Connection, Driver, StatementExecutor, Transaction, TransactOptions } from '../driver/driver.ts';
import { TransactionScopeError, UnsupportedByDriverError } from '../errors.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { Statement } from '../wire/statement.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { BatchOptions } from './run-batch.ts';
import type { Session } from './session.ts';
import type { EventHub } from './session-events.ts';

const NO_VALUES: readonly WireValue[] = [];
const CACHED_STATEMENTS = 500;

/** Makes the session of a persistence object over one connection. `allTables` is what raw SQL may have written. */
export function createSession(
  driver: Driver,
  connection: Connection,
  events: EventHub,
  allTables: readonly string[],
): Session {
  const cache = createStatementCache<CompiledStatement>(CACHED_STATEMENTS);
  const shared: SharedSession = { driver, events, allTables, cache };
  return new PipelineSession(shared, connection, connection, null);
}

interface SharedSession {
  readonly driver: Driver;
  readonly events: EventHub;
  readonly allTables: readonly string[];
  readonly cache: StatementCache<CompiledStatement>;
}

/** What the sessions of one transaction share. */
interface OpenTransaction {
  /** The tables written so far. */
  readonly written: Set<string>;
  /** Why a savepoint could not be rolled back: what it wrote is still there, and must never be committed. */
  broken: { readonly cause: unknown } | null;
}

class PipelineSession implements Session {
  readonly #shared: SharedSession;
  readonly #connection: Connection;
  /** The connection, or its open transaction. */
  readonly #executor: StatementExecutor;
  /** Null outside of a transaction. */
  readonly #open: OpenTransaction | null;
  /** Ends the transaction, and so each of its statements that brings no signal of its own. */
  readonly #signal: AbortSignal | undefined;
  #savepoints = 0;

  constructor(
    shared: SharedSession,
    connection: Connection,
    executor: StatementExecutor,
    open: OpenTransaction | null,
    signal?: AbortSignal,
  ) {
    this.#shared = shared;
    this.#connection = connection;
    this.#executor = executor;
    this.#open = open;
    this.#signal = signal;
  }

  get driver(): Driver {
    return this.#shared.driver;
  }
  get dialect(): Dialect {
    return this.#shared.driver.dialect;
  }
  get inTransaction(): boolean {
    return this.#open !== null;
  }

  announce(plan: () => readonly string[]): void {
    (this.#executor as Partial<Transaction>).announce?.(plan);
  }

  fork(): Session {
    const connection = this.#connection.session?.();
    return connection === undefined ? this : new PipelineSession(this.#shared, connection, connection, null);
  }

  compile(key: string, node: () => PlainStatementNode): CompiledStatement {
    const { cache } = this.#shared;
    let compiled = cache.get(key);
    if (compiled === undefined) {
      compiled = compile(node(), this.dialect);
      cache.set(key, compiled);
    }
    return compiled;
  }

  run(compiled: CompiledStatement, values = NO_VALUES, signal = this.#signal): MaybePromise<ResultSet> {
    if (this.#open !== null) refuseBroken(this.#open);
    const statement = bindStatement(compiled, values);
    const result = this.#shared.events.has('statement')
      ? this.#observed(statement, compiled, signal)
      : this.#send(statement, compiled, signal);
    if (compiled.writes !== null && compiled.writes.length === 0) return result;
    return this.#noted(result, compiled.writes);
  }

  execute(node: PlainStatementNode, values?: readonly WireValue[], signal?: AbortSignal): MaybePromise<ResultSet> {
    return this.run(compile(node, this.dialect), values, signal);
  }

  async executeAll(nodes: readonly PlainStatementNode[]): Promise<void> {
    if (this.#connection.transact === undefined && this.#connection.batch !== undefined) {
      const { allTables } = this.#shared;
      const compiled = nodes.map((node) => compile(node, this.dialect));
      await this.batch(compiled.map((one) => ({ ...bindStatement(one, NO_VALUES), writes: one.writes ?? allTables })));
      return;
    }
    await this.transact(async (session) => {
      for (const node of nodes) await session.execute(node);
    });
  }

  async batch(statements: readonly BatchStatement[], options?: BatchOptions): Promise<readonly ResultSet[]> {
    const { runBatch } = await import('./run-batch.ts');
    const results = await runBatch(this.#shared, this.#connection, statements, options);
    this.#changed(new Set(statements.flatMap(({ writes }) => writes)));
    return results;
  }

  whyApart(statements: readonly BatchStatement[]): MaybePromise<string | null> | undefined {
    return this.#connection.whyApart?.(statements);
  }

  async transact<R>(work: (session: Session) => Promise<R>, options?: TransactOptions): Promise<R> {
    if (this.#open !== null) return this.#nested(work, this.#open, options?.signal ?? this.#signal);
    const connection = this.#connection;
    if (connection.transact === undefined) {
      if (connection.batch === undefined) {
        throw new UnsupportedByDriverError(`${this.driver.name}: the driver has neither transactions nor batches`);
      }
      const { DeferredSession } = await import('./deferred-session.ts');
      return work(new DeferredSession(this, options));
    }
    const open: OpenTransaction = { written: new Set(), broken: null };
    const result = await connection.transact(async (tx) => {
      const value = await work(new PipelineSession(this.#shared, connection, tx, open, options?.signal));
      refuseBroken(open);
      return value;
    }, options);
    this.#changed(open.written);
    return result;
  }

  async #nested<R>(
    work: (session: Session) => Promise<R>,
    open: OpenTransaction,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    if (!this.driver.capabilities.savepoints) {
      throw new UnsupportedByDriverError(`${this.driver.name}: the driver has no savepoints for nested transactions`);
    }
    const executor = this.#executor as Transaction;
    if (executor.transact !== undefined) {
      const inside = (tx: Transaction) => work(new PipelineSession(this.#shared, this.#connection, tx, open, signal));
      return executor.transact(inside, signal && { signal });
    }
    this.#savepoints += 1;
    const name = `meshestra_${this.#savepoints}`;
    try {
      await this.execute({ kind: 'savepoint', action: 'create', name }, undefined, signal);
      return await this.#inSavepoint(name, work, open, signal);
    } finally {
      this.#savepoints -= 1;
    }
  }

  async #inSavepoint<R>(
    name: string,
    work: (session: Session) => Promise<R>,
    open: OpenTransaction,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    try {
      const inner = new PipelineSession(this.#shared, this.#connection, this.#executor, open, signal);
      inner.#savepoints = this.#savepoints;
      const result = await work(inner);
      await this.execute({ kind: 'savepoint', action: 'release', name }, undefined, signal);
      return result;
    } catch (error) {
      await this.#rollbackTo(name, open);
      throw error;
    }
  }

  async #rollbackTo(name: string, open: OpenTransaction): Promise<void> {
    try {
      await this.execute({ kind: 'savepoint', action: 'rollback', name });
      await this.execute({ kind: 'savepoint', action: 'release', name });
    } catch (cause) {
      // The first error says what happened; this one only follows from it, but the transaction must not go on.
      open.broken ??= { cause };
    }
  }

  #send(statement: Statement, compiled: CompiledStatement, signal?: AbortSignal): MaybePromise<ResultSet> {
    const { writes } = compiled;
    if (signal === undefined) return this.#executor.execute(statement, writes === null ? undefined : { writes });
    return this.#executor.execute(statement, writes === null ? { signal } : { signal, writes });
  }

  #observed(statement: Statement, compiled: CompiledStatement, signal?: AbortSignal): MaybePromise<ResultSet> {
    const { clock } = this.driver;
    const start = clock.monotonic();
    const report = (rows: number, error: unknown) => {
      const durationMs = clock.monotonic() - start;
      this.#shared.events.emit('statement', { sql: statement.sql, durationMs, rows, error });
    };
    const done = (result: ResultSet): ResultSet => {
      report(result.rows.length > 0 ? result.rows.length : result.affectedRows, undefined);
      return result;
    };
    const failed = (error: unknown): never => {
      report(0, error);
      throw error;
    };
    try {
      const result = this.#send(statement, compiled, signal);
      return result instanceof Promise ? result.then(done, failed) : done(result);
    } catch (error) {
      return failed(error);
    }
  }

  #noted(result: MaybePromise<ResultSet>, writes: readonly string[] | null): MaybePromise<ResultSet> {
    const note = (value: ResultSet): ResultSet => {
      const tables = writes ?? this.#shared.allTables;
      if (this.#open === null) this.#changed(new Set(tables));
      else for (const table of tables) this.#open.written.add(table);
      return value;
    };
    return result instanceof Promise ? result.then(note) : note(result);
  }

  #changed(tables: ReadonlySet<string>): void {
    const { events } = this.#shared;
    if (tables.size > 0 && events.has('change')) events.emit('change', { tables: [...tables], origin: 'local' });
  }
}

function refuseBroken({ broken }: OpenTransaction): void {
  if (broken === null) return;
  throw new TransactionScopeError(
    'a savepoint of this transaction could not be rolled back, so the whole transaction must be: let it fail',
    { cause: broken.cause },
  );
}

import { loadForeignKeyPause } from '../../../src/dialect/sqlite/index.ts';
import {
  aborted,
  after,
  ClosedError,
  type Connection,
  type ExecuteOptions,
  type MaybePromise,
  type Mutex,
  type PersistenceError,
  type ResultSet,
  type Statement,
  type Transaction,
  TransactionScopeError,
  type TransactOptions,
  UnsupportedByDriverError,
} from '../../../src/port.ts';
import type { NativeDatabase } from '../engine/native-database.ts';
import type { NativeStatement } from '../engine/native-statement.ts';
import type { CommitLog } from './commit-log.ts';
import { controlRefused, OpenTransaction } from './open-transaction.ts';

/** The parts that all connections of one driver share: SQLite has one connection, so they take turns. */
export interface ConnectionParts {
  readonly database: NativeDatabase;
  readonly mutex: Mutex;
  readonly log: CommitLog;
}

/** A connection to the database in this thread. It answers at once where nobody else is at work. */
export class SqliteConnection implements Connection {
  readonly #database: NativeDatabase;
  readonly #mutex: Mutex;
  readonly #log: CommitLog;
  #released = false;
  #changedSettings = false;

  constructor(parts: ConnectionParts) {
    this.#database = parts.database;
    this.#mutex = parts.mutex;
    this.#log = parts.log;
  }

  execute(statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    const signal = options?.signal;
    if (signal?.aborted === true) throw aborted(signal);
    if (this.#released) throw new ClosedError('the connection was released');
    return this.#inTurn(signal, () => this.#execute(statement, options));
  }

  batch(statements: readonly Statement[], options: ExecuteOptions = {}): MaybePromise<readonly ResultSet[]> {
    const work = (tx: Transaction) => statements.map((statement) => tx.execute(statement, options) as ResultSet);
    return this.transact(work, options.signal === undefined ? {} : { signal: options.signal });
  }

  transact<R>(work: (tx: Transaction) => MaybePromise<R>, options: TransactOptions = {}): MaybePromise<R> {
    if (this.#released) throw new ClosedError('the connection was released');
    if (options.isolation !== undefined && options.isolation !== 'serializable') {
      throw new UnsupportedByDriverError(`SQLite has no isolation level "${options.isolation}", only serializable`);
    }
    return this.#inTurn(options.signal, () =>
      this.#leaving(() => (options.readOnly === true ? this.#read(work) : this.#write(work, options))),
    );
  }

  release(): void {
    this.#released = true;
    if (this.#changedSettings) this.#restoreSettings();
  }

  destroy(_reason: unknown): void {
    this.release();
  }

  // Whoever switched foreign keys off, to rebuild a table, does not do so for the others. Inside a transaction SQLite
  // ignores the pragma, so it waits for its turn; a database that was closed meanwhile needs none.
  #restoreSettings(): void {
    this.#changedSettings = false;
    const restore = () => {
      this.#database.configure('PRAGMA foreign_keys=ON');
      this.#mutex.release();
    };
    try {
      const entered = this.#mutex.acquire();
      if (entered === undefined) restore();
      else entered.then(restore, () => {});
    } catch {
      // Closed.
    }
  }

  // Runs `work` inside the mutex. Whether memory is being taken back is asked right before it, without a turn between.
  #inTurn<R>(signal: AbortSignal | undefined, work: () => MaybePromise<R>): MaybePromise<R> {
    const entered = this.#mutex.acquire(signal);
    return entered === undefined ? this.#settled(work) : entered.then(() => this.#settled(work));
  }

  #settled<R>(work: () => MaybePromise<R>): MaybePromise<R> {
    let settled: MaybePromise<void>;
    try {
      settled = this.#log.settled();
    } catch (error) {
      this.#mutex.release();
      throw error;
    }
    if (settled === undefined) return work();
    const again = () => this.#settled(work);
    return settled.then(again, again);
  }

  // Inside the mutex, which is left when the SQLite part is over; durability is waited for outside of it.
  #execute(statement: Statement, options: ExecuteOptions | undefined): MaybePromise<ResultSet> {
    let native: NativeStatement | undefined;
    try {
      native = this.#database.prepare(statement.sql);
      if (native.traits.control !== 'none') throw controlRefused(native);
      if (native.traits.verb === 'PRAGMA') this.#changedSettings = true;
      if (!this.#log.persists || native.traits.effect === 'read') {
        const result = this.#database.run(native, statement.params);
        this.#mutex.release();
        return result;
      }
    } catch (error) {
      if (native === undefined && this.#log.persists) return this.#leaving(() => this.#executeAnew(statement, options));
      this.#mutex.release();
      throw error;
    }
    const prepared = native;
    return this.#leaving(() => this.#executeChange(prepared, statement, options));
  }

  // What cannot be prepared may be about a table that another tab has just made: the log is entered with all it holds.
  #executeAnew(statement: Statement, options: ExecuteOptions | undefined): MaybePromise<Finished<ResultSet>> {
    const run = () => this.#database.run(this.#database.prepare(statement.sql), statement.params);
    return after(this.#log.enter(options?.signal), () => this.#committed(run, options?.writes ?? null));
  }

  #executeChange(
    native: NativeStatement,
    statement: Statement,
    options: ExecuteOptions | undefined,
  ): MaybePromise<Finished<ResultSet>> {
    const run = () => this.#database.run(native, statement.params);
    if (native.traits.effect === 'other' || options?.writes?.length === 0) {
      const outcome = this.#log.probe(run);
      if (!outcome.refused) return { result: outcome.result };
    }
    const tables = options?.writes === undefined || options.writes.length === 0 ? null : options.writes;
    return after(this.#log.enter(options?.signal), () => this.#committed(run, tables));
  }

  #read<R>(work: (tx: Transaction) => MaybePromise<R>): MaybePromise<Finished<R>> {
    const database = this.#database;
    database.runText('BEGIN');
    database.runText('PRAGMA query_only=ON');
    const transaction = new OpenTransaction(database);
    const end = () => {
      transaction.end(ended());
      database.runText('PRAGMA query_only=OFF');
      database.runText('COMMIT');
    };
    return settle(
      () => work(transaction),
      (result) => {
        end();
        return { result };
      },
      end,
    );
  }

  #write<R>(
    work: (tx: Transaction) => MaybePromise<R>,
    { signal, foreignKeys }: TransactOptions,
  ): MaybePromise<Finished<R>> {
    return after(this.#log.enter(signal), () =>
      this.#inLog(() => (foreignKeys === false ? this.#withoutForeignKeys(work) : this.#transact(work))),
    );
  }

  async #withoutForeignKeys<R>(work: (tx: Transaction) => MaybePromise<R>): Promise<Finished<R>> {
    const { pauseForeignKeys } = await loadForeignKeyPause();
    return pauseForeignKeys(
      (sql) => this.#database.runText(sql).rows,
      work,
      (checked) => this.#transact(checked),
    );
  }

  #transact<R>(work: (tx: Transaction) => MaybePromise<R>): MaybePromise<Finished<R>> {
    const transaction = new OpenTransaction(this.#database);
    this.#database.runText('BEGIN IMMEDIATE');
    this.#log.onDiverged = (error) => this.#rollback(transaction, error);
    return settle(
      () => work(transaction),
      (result) => {
        this.#commit(transaction);
        return { result, saved: this.#log.commit(transaction.tables.names) };
      },
      () => this.#rollback(transaction, ended()),
    );
  }

  #committed(run: () => ResultSet, tables: readonly string[] | null): MaybePromise<Finished<ResultSet>> {
    return this.#inLog(() => {
      const result = run();
      return { result, saved: this.#log.commit(tables) };
    });
  }

  // The log is left when the commit is durable, the mutex before: the next transaction runs while this one is stored.
  #inLog<R>(work: () => MaybePromise<Finished<R>>): MaybePromise<Finished<R>> {
    const log = this.#log;
    return settle(
      work,
      (finished) => {
        log.onDiverged = () => {};
        if (finished.saved instanceof Promise)
          finished.saved.then(
            () => log.leave(),
            () => log.leave(),
          );
        else log.leave();
        return finished;
      },
      () => {
        log.onDiverged = () => {};
        log.leave();
      },
    );
  }

  #leaving<R>(work: () => MaybePromise<Finished<R>>): MaybePromise<R> {
    const mutex = this.#mutex;
    const finished = settle(
      work,
      (value) => {
        mutex.release();
        return value;
      },
      () => mutex.release(),
    );
    return after(finished, ({ result, saved }) => (saved instanceof Promise ? saved.then(() => result) : result));
  }

  #commit(transaction: OpenTransaction): void {
    if (transaction.over !== undefined) throw transaction.over;
    // A deferred foreign key fails here and leaves the transaction open; the caller rolls it back.
    this.#database.runText('COMMIT');
    transaction.end(ended());
  }

  #rollback(transaction: OpenTransaction, reason: PersistenceError): void {
    if (transaction.over !== undefined) return;
    transaction.end(reason);
    this.#database.runText('ROLLBACK');
    this.#database.schemaChanged();
  }
}

/** What came out, and the promise of its durability where it is not durable yet. */
interface Finished<R> {
  readonly result: R;
  readonly saved?: MaybePromise<void>;
}

// Runs `work`, then one of two endings, without a promise where there is none.
function settle<R, S>(work: () => MaybePromise<R>, done: (value: R) => S, failed: () => void): MaybePromise<S> {
  let value: MaybePromise<R>;
  try {
    value = work();
    if (!(value instanceof Promise)) return done(value);
  } catch (error) {
    failed();
    throw error;
  }
  return value.then(done).catch((error: unknown) => {
    failed();
    throw error;
  });
}

function ended(): TransactionScopeError {
  return new TransactionScopeError('the transaction is over; its handle lives only as long as its callback');
}

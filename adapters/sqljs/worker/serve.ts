import {
  ClosedError,
  ConfigurationError,
  type Connection,
  type ExecuteOptions,
  type StatementExecutor,
} from '../../../src/port.ts';
import { DatabaseDriver } from '../database-driver.ts';
import type { InitSqlJs } from '../engine/sql-js-module.ts';
import { settle } from '../options.ts';
import type { Storage } from '../storage/block-store.ts';
import { indexedDb } from '../storage/indexeddb/indexed-db.ts';
import { memory } from '../storage/memory/memory.ts';
import type { FromWorker, RequestKind, Requests, SentStatement, ToWorker, WorkerOptions } from './messages.ts';
import { Outbox } from './outbox.ts';
import { describe, sendError } from './sent-error.ts';
import { ServedTransactions } from './served-transactions.ts';

/** What a worker script of your own may add. */
export interface ServeOptions {
  /** `initSqlJs` of sql.js; by default `import('sql.js')`. */
  readonly initSqlJs?: InitSqlJs;
  /** Makes the storages of further kinds: the page names one by `{ kind, name, open }`, of which the first two cross. */
  readonly storages?: Readonly<Record<string, (name: string) => Storage>>;
}

/** The inside of a worker, as far as it is needed here. */
export interface WorkerScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/**
 * Serves one database to the page that made this worker. `meshestra/sqljs/worker` does just this; a script of your own
 * may add storages.
 */
export function serveSqljs(
  options: ServeOptions = {},
  scope: WorkerScope = globalThis as unknown as WorkerScope,
): void {
  const server = new Server(options, scope);
  scope.addEventListener('message', (event) => {
    for (const message of event.data as readonly ToWorker[]) server.receive(message);
  });
}

type Answer<Kind extends RequestKind> = Requests[Kind]['answer'] | Promise<Requests[Kind]['answer']>;
type Handlers = {
  readonly [Kind in RequestKind]: (ask: Requests[Kind]['ask'], signal: AbortSignal) => Answer<Kind>;
};

class Server {
  readonly #options: ServeOptions;
  readonly #outbox: Outbox<FromWorker>;
  readonly #running = new Map<number, AbortController>();
  readonly #transactions = new ServedTransactions();
  #database: OpenedDatabase | undefined;

  constructor(options: ServeOptions, scope: WorkerScope) {
    this.#options = options;
    this.#outbox = new Outbox(scope);
  }

  receive(message: ToWorker): void {
    if (message.kind === 'cancel') this.#running.get(message.id)?.abort();
    else if (message.kind === 'hide') void this.#database?.driver.hide();
    else this.#run(message.kind, message.id, message);
  }

  #run<Kind extends RequestKind>(kind: Kind, id: number, ask: Requests[Kind]['ask']): void {
    const running = new AbortController();
    this.#running.set(id, running);
    const fail = (error: unknown) => {
      this.#running.delete(id);
      this.#outbox.send({ kind: 'failure', id, error: sendError(error) });
    };
    const done = (value: Requests[Kind]['answer']) => {
      this.#running.delete(id);
      // A file goes over instead of being copied.
      const transfer = value instanceof Uint8Array ? [value.buffer] : [];
      this.#outbox.send({ kind: 'answer', id, value }, transfer);
    };
    try {
      // SQLite answers at once, and a promise per statement would cost more than most of them.
      const answer = this.#handlers[kind](ask, running.signal);
      if (answer instanceof Promise) answer.then(done, fail);
      else done(answer);
    } catch (error) {
      fail(error);
    }
  }

  readonly #handlers: Handlers = {
    open: ({ options }) => this.#open(options),
    execute: ({ tx, statement }, signal) => this.#executor(tx).execute(statement, optionsOf(statement, signal)),
    batch: ({ tx, statements }, signal) => this.#batch(tx, statements, signal),
    begin: ({ tx, ...options }, signal) =>
      this.#transactions.begin(this.#opened.connection, tx, { ...options, signal }),
    commit: ({ tx }) => this.#transactions.commit(tx),
    rollback: ({ tx }) => this.#transactions.rollback(tx),
    exportFile: () => this.#opened.driver.exportFile(),
    importFile: ({ file }) => this.#opened.driver.importFile(file).then(nothing),
    storage: () => this.#opened.driver.storage(),
    flush: () => this.#opened.driver.flush().then(nothing),
    close: () => this.#database?.driver.close().then(nothing),
  };

  get #opened(): OpenedDatabase {
    if (this.#database === undefined) throw new ClosedError('the database in this worker is not open');
    return this.#database;
  }

  #executor(tx: number | undefined): StatementExecutor {
    return tx === undefined ? this.#opened.connection : this.#transactions.get(tx);
  }

  #batch(tx: number | undefined, statements: readonly SentStatement[], signal: AbortSignal): Answer<'batch'> {
    const executor = this.#executor(tx);
    if (executor.batch === undefined) throw new ClosedError('this connection has no batches');
    const writes = statements.map((statement) => statement.writes);
    const known = writes.every((tables) => tables !== undefined);
    return executor.batch(statements, known ? { signal, writes: writes.flat() } : { signal });
  }

  async #open(options: WorkerOptions): Promise<undefined> {
    const { initSqlJs } = this.#options;
    const { storage, ...rest } = options;
    const driver = new DatabaseDriver(
      settle({
        ...rest,
        ...(initSqlJs === undefined ? {} : { initSqlJs }),
        storage: this.#storage(storage.kind, storage.name),
        onWarning: ({ kind, message, cause }) => {
          const text = describe(cause);
          const warning = text === undefined ? { kind, message } : { kind, message, cause: text };
          this.#outbox.send({ kind: 'warning', warning });
        },
      }),
    );
    driver.onExternalChange((change) => this.#outbox.send({ kind: 'change', change }));
    this.#database = { driver, connection: await driver.connect() };
    return undefined;
  }

  #storage(kind: string, name: string): Storage {
    if (kind === 'memory') return memory();
    if (kind === 'indexeddb') return indexedDb(name);
    const make = this.#options.storages?.[kind];
    if (make !== undefined) return make(name);
    throw new ConfigurationError(`this worker knows no storage "${kind}"; name it in serveSqljs({ storages })`);
  }
}

interface OpenedDatabase {
  readonly driver: DatabaseDriver;
  readonly connection: Connection;
}

function optionsOf(statement: SentStatement, signal: AbortSignal): ExecuteOptions {
  return statement.writes === undefined ? { signal } : { signal, writes: statement.writes };
}

function nothing(): undefined {
  return undefined;
}

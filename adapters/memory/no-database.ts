import {
  type Capabilities,
  type Clock,
  ConfigurationError,
  type Connection,
  type Dialect,
  type Driver,
  DriverError,
  type MaybePromise,
  Mutex,
  type ResultSet,
  type Statement,
  type Transaction,
} from '../../src/port.ts';
import { Savepoints, savepointControl } from './record/savepoints.ts';

const NOTHING: ResultSet = Object.freeze({ columns: [], rows: [], affectedRows: 0 });

/** What stands behind the driver where no database does: transactions open and end, and no statement has an answer. */
export class NoDatabase implements Driver {
  readonly name = 'memory';
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly #mutex = new Mutex();

  constructor(dialect: Dialect, capabilities: Capabilities, clock: Clock) {
    this.dialect = dialect;
    this.capabilities = capabilities;
    this.clock = clock;
  }

  async connect(): Promise<Connection> {
    return {
      execute: refuseUnscripted,
      batch: refuseUnscriptedBatch,
      stream: refuseUnscriptedStream,
      transact: (work, options) => this.#transact(work, options?.signal),
      release: () => undefined,
      destroy: () => undefined,
    };
  }

  close(): Promise<void> {
    return this.#mutex.close();
  }

  async #transact<R>(work: (tx: Transaction) => MaybePromise<R>, signal: AbortSignal | undefined): Promise<R> {
    if (this.capabilities.concurrentTransactions) return work(openTransaction());
    await this.#mutex.acquire(signal);
    try {
      return await work(openTransaction());
    } finally {
      this.#mutex.release();
    }
  }
}

function openTransaction(): Transaction {
  const savepoints = new Savepoints();
  return {
    kind: 'transaction',
    execute: (statement) => {
      const control = savepointControl(statement.sql);
      if (control === null) return refuseUnscripted(statement);
      if (savepoints.apply(control, 0) === undefined) {
        throw new DriverError(`memory: the transaction has no savepoint ${control.name}`);
      }
      return NOTHING;
    },
    batch: refuseUnscriptedBatch,
    stream: refuseUnscriptedStream,
  };
}

// Values are never shown: the text tells which statement it is.
function refuseUnscripted({ sql }: Statement): never {
  throw new ConfigurationError(
    `memory: no answer is scripted for this statement, and there is no database behind the driver; ` +
      `script one with driver.answer(…), or hand in a database with memory({ backing }): ${sql}`,
  );
}

function refuseUnscriptedBatch([first]: readonly Statement[]): never {
  return refuseUnscripted(first ?? { sql: '(an empty batch)', params: [] });
}

// biome-ignore lint/correctness/useYield: it has nothing to yield
async function* refuseUnscriptedStream(statement: Statement): AsyncGenerator<never, void> {
  refuseUnscripted(statement);
}

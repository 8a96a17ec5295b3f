import type {
  Connection,
  Driver,
  ExecuteOptions,
  MaybePromise,
  PersistenceError,
  ResultSet,
  Statement,
  StatementExecutor,
  Transaction,
  TransactOptions,
} from '../../src/port.ts';

/** A fault to raise instead of running a statement, or after it ran. */
export interface Fault {
  /** The number of the statement that fails, from 1; `commit` for the end of a transaction. */
  readonly at: number | 'commit';
  readonly error: PersistenceError;
}

/** A driver that passes everything on to another one, notes it, and fails when it is told to. */
export interface RecordingDriver extends Driver {
  /** What was run, in order; transactions show as `BEGIN`, `COMMIT` and `ROLLBACK`. */
  readonly log: readonly Statement[];
  /** The texts of {@link log}. */
  readonly texts: readonly string[];
  /** How many statements ran since the last {@link failAt} or {@link reset}, without BEGIN and its like. */
  readonly count: number;
  /** Raises the fault once, counting statements from now. */
  failAt(fault: Fault): void;
  /** Whether the fault was raised. */
  readonly raised: boolean;
  /** Forgets what was noted, and a fault that was not raised. */
  reset(): void;
}

class Recorder {
  readonly log: Statement[] = [];
  count = 0;
  fault: Fault | null = null;
  raised = false;

  note(sql: string): void {
    this.log.push({ sql, params: [] });
  }

  /** Runs one statement, unless it is the one that is to fail. */
  run(executor: StatementExecutor, statement: Statement, options?: ExecuteOptions): MaybePromise<ResultSet> {
    this.count += 1;
    this.log.push(statement);
    this.#raiseAt(this.count);
    return executor.execute(statement, options);
  }

  committing(): void {
    this.#raiseAt('commit');
    this.note('COMMIT');
  }

  #raiseAt(place: number | 'commit'): void {
    if (this.fault?.at !== place) return;
    const { error } = this.fault;
    this.fault = null;
    this.raised = true;
    throw error;
  }
}

/** Wraps a driver of any kind. */
export function recordingDriver(inner: Driver): RecordingDriver {
  const recorder = new Recorder();
  const external = inner.onExternalChange?.bind(inner);
  return {
    name: inner.name,
    dialect: inner.dialect,
    capabilities: inner.capabilities,
    clock: inner.clock,
    get pool() {
      return inner.pool;
    },
    get log() {
      return recorder.log;
    },
    get texts() {
      return recorder.log.map(({ sql }) => sql);
    },
    get count() {
      return recorder.count;
    },
    get raised() {
      return recorder.raised;
    },
    failAt(fault) {
      recorder.fault = fault;
      recorder.raised = false;
      recorder.count = 0;
    },
    reset() {
      recorder.log.length = 0;
      recorder.fault = null;
      recorder.raised = false;
      recorder.count = 0;
    },
    connect: async (options) => recordConnection(recorder, await inner.connect(options)),
    ...(external === undefined ? {} : { onExternalChange: external }),
    close: () => inner.close(),
  };
}

function recordConnection(recorder: Recorder, inner: Connection): Connection {
  return {
    execute: (statement, options) => recorder.run(inner, statement, options),
    ...(inner.transact === undefined ? {} : { transact: (work, options) => transact(recorder, inner, work, options) }),
    release: () => inner.release(),
    destroy: (reason) => inner.destroy(reason),
  };
}

async function transact<R>(
  recorder: Recorder,
  inner: Connection,
  work: (tx: Transaction) => MaybePromise<R>,
  options?: TransactOptions,
): Promise<R> {
  if (inner.transact === undefined) throw new Error('the wrapped driver has no transactions');
  try {
    return await inner.transact(async (tx) => {
      recorder.note('BEGIN');
      const result = await work({
        kind: 'transaction',
        execute: (statement, executeOptions) => recorder.run(tx, statement, executeOptions),
      });
      recorder.committing();
      return result;
    }, options);
  } catch (error) {
    recorder.note('ROLLBACK');
    throw error;
  }
}

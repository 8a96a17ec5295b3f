import { sqlite } from '../../src/dialect/sqlite/index.ts';
import type {
  Capabilities,
  Connection,
  Driver,
  MaybePromise,
  ResultSet,
  Statement,
  Transaction,
} from '../../src/port.ts';

/** What a statement is answered with: rows, or an error to fail with. */
export type Answer = MaybePromise<Partial<ResultSet>> | Error;

/** A driver without a database: each statement is answered by a function, and noted. */
export interface ScriptedDriver extends Driver {
  readonly log: readonly Statement[];
  readonly texts: readonly string[];
  /** The tables that the core said each statement writes. */
  readonly writes: readonly (readonly string[] | undefined)[];
  connection: Connection;
}

/** Answers every statement by `answer`; `capabilities` replace those of a local SQLite. */
export function scriptedDriver(
  answer: (statement: Statement) => Answer = () => ({}),
  capabilities: Partial<Capabilities> = {},
): ScriptedDriver {
  const log: Statement[] = [];
  const writes: (readonly string[] | undefined)[] = [];
  let time = 0;
  const execute: Connection['execute'] = (statement, options) => {
    log.push(statement);
    writes.push(options?.writes);
    const given = answer(statement);
    if (given instanceof Error) throw given;
    const complete = (result: Partial<ResultSet>): ResultSet => ({ columns: [], rows: [], affectedRows: 0, ...result });
    return given instanceof Promise ? given.then(complete) : complete(given);
  };
  const transact = async <R>(work: (tx: Transaction) => MaybePromise<R>): Promise<R> => {
    log.push({ sql: 'BEGIN', params: [] });
    try {
      const result = await work({ kind: 'transaction', execute });
      log.push({ sql: 'COMMIT', params: [] });
      return result;
    } catch (error) {
      log.push({ sql: 'ROLLBACK', params: [] });
      throw error;
    }
  };
  const connection: Connection = { execute, transact, release: () => undefined, destroy: () => undefined };
  return {
    name: 'scripted',
    dialect: sqlite,
    capabilities: { ...localSqlite, ...capabilities },
    clock: {
      now: () => 0,
      monotonic: () => {
        time += 5;
        return time;
      },
      sleep: async () => undefined,
    },
    log,
    get texts() {
      return log.map(({ sql }) => sql);
    },
    writes,
    connection,
    connect: async () => connection,
    close: async () => undefined,
  };
}

const localSqlite: Capabilities = {
  interactive: 'session',
  concurrentTransactions: false,
  failedStatement: 'undone',
  batch: 'none',
  keyReference: 'rowid',
  guard: 'affected-rows',
  roundTrip: 'local',
  returning: true,
  savepoints: true,
  isolationLevels: [],
  maxParams: 32_766,
  maxCompoundTerms: 500,
  numbersBindAsReal: true,
  streaming: false,
  shareAcrossRequests: true,
};

import {
  ConfigurationError,
  type Dialect,
  type MaybePromise,
  type ResultSet,
  type Statement,
  type WireRow,
} from '../../../src/port.ts';

/** What a statement is answered with. Whatever is left out is empty. */
export interface ScriptedAnswer {
  readonly columns?: readonly string[];
  /** Rows as lists of values, in the order of the statement's columns. */
  readonly rows?: readonly WireRow[];
  /** Rows that an INSERT, UPDATE or DELETE matched; the number of `keys` unless given. */
  readonly affectedRows?: number;
  /**
   * The generated keys of the inserted rows, in the order of the rows. They are told in the way of the dialect: as rows,
   * or by the last one and the distance, which then has to be the same between all.
   */
  readonly keys?: readonly (number | bigint)[];
  /** Fails with this instead. */
  readonly error?: Error;
  /** Answers after so many milliseconds; a signal ends the wait with `aborted`. */
  readonly delay?: number;
}

/** An answer, an error to fail with, or a function that makes one of them for the statement. */
export type Answer = ScriptedAnswer | Error | ((statement: Statement) => MaybePromise<ScriptedAnswer | Error>);

/** The result set of an answer. Throws `configuration` where the answer cannot be one. */
export function resultOf({ columns = [], rows, affectedRows, keys }: ScriptedAnswer, dialect: Dialect): ResultSet {
  if (rows !== undefined && !(Array.isArray(rows) && rows.every((row) => Array.isArray(row)))) {
    throw new ConfigurationError(
      'memory: the rows of an answer are lists of values, one for each column: rows: [[1, null]]',
    );
  }
  if (keys === undefined || keys.length === 0) return { columns, rows: rows ?? [], affectedRows: affectedRows ?? 0 };
  if (rows !== undefined) throw new ConfigurationError('memory: an answer has rows or keys, not both');
  const affected = affectedRows ?? keys.length;
  if (dialect.generatedKeys === 'returned') {
    return { columns: ['place', 'key'], rows: keys.map((key, place) => [place + 1, key]), affectedRows: affected };
  }
  const step = Number(keys[1] ?? 1) - Number(keys.length > 1 ? keys[0] : 0);
  if (keys.some((key, place) => Number(key) !== Number(keys[0]) + place * step)) {
    throw new ConfigurationError(
      `memory: ${dialect.name} tells the keys of one INSERT by the last one and their distance, so that the keys of an answer need equal distances`,
    );
  }
  const [lastInsertId = 0] = keys.slice(-1);
  return { columns, rows: [], affectedRows: affected, lastInsertId, generatedKeyStep: step };
}

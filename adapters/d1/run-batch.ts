import {
  type HostedStatement,
  type HostedStatements,
  isOutdated,
  readExact,
  roundedColumns,
  roundedError,
} from '../../src/dialect/sqlite/index.ts';
import { type ResultSet, type Statement, UnsupportedByDriverError, type WireValue } from '../../src/port.ts';
import type { D1Answer, D1Executor } from './d1-database.ts';
import { changesOf, learn, prepared, toWire } from './run-statement.ts';

type Answer = Pick<ResultSet, 'columns' | 'rows'>;

/**
 * Runs all statements or none of them, in one request. Its rows come as objects, in which of two columns with one name only
 * the last is left: so a SELECT of several columns is the sub-query of another one, in which SQLite makes their names
 * different. Where nothing but SELECTs is in it, and one of them is the first to answer with an integer beyond 2^53, the
 * batch is read again.
 */
export async function runBatch(
  executor: D1Executor,
  known: HostedStatements,
  statements: readonly Statement[],
): Promise<readonly ResultSet[]> {
  // D1 refuses an empty batch.
  if (statements.length === 0) return [];
  const all = statements.map(({ sql }) => known.get(sql));
  let answers: readonly D1Answer[];
  try {
    answers = await executor.batch(
      all.map((statement, place) => prepared(executor, textOf(statement), statements[place]?.params ?? [])),
    );
  } catch (cause) {
    if (!isOutdated(cause)) throw cause;
    for (const statement of all) statement.exact = undefined;
    return runBatch(executor, known, statements);
  }
  const rows = all.map((statement, place) => rowsOf(statement, answers[place]));
  const onlyReads = all.every(({ effect }) => effect === 'read');
  const learned = all.filter((statement, place) => needsExact(statement, rows[place], onlyReads));
  if (learned.length > 0) return runBatch(executor, known, statements);
  return all.map((statement, place) => resultOf(statement, rows[place], answers[place]));
}

function textOf({ sql, exact, manyColumns }: HostedStatement): string {
  if (exact !== undefined) return exact.sql;
  return manyColumns ? `SELECT * FROM (\n${sql.replace(/[\s;]+$/, '')}\n)` : sql;
}

function rowsOf({ answers, exact }: HostedStatement, answer: D1Answer | undefined): Answer | undefined {
  if (!answers || answer?.results === undefined) return undefined;
  const columns = Object.keys(answer.results[0] ?? {});
  // An object has such names in the order of their numbers, whatever the order of the columns was.
  if (columns.length > 1 && columns.some((name) => /^\d+$/.test(name))) {
    throw new UnsupportedByDriverError('d1: in a batch, columns cannot have a number as their name; name them with AS');
  }
  const rows = answer.results.map((row) => columns.map((name): WireValue => toWire(row[name])));
  return exact === undefined ? { columns, rows } : { columns: exact.columns, rows: readExact(exact, rows) };
}

function needsExact(statement: HostedStatement, answer: Answer | undefined, onlyReads: boolean): boolean {
  if (answer === undefined) return false;
  if (onlyReads) return learn(statement, answer);
  const place = roundedColumns(answer.rows).find((column) => statement.exact?.places.includes(column) !== true);
  if (place === undefined) return false;
  throw roundedError(answer.columns[place], 'unknown');
}

function resultOf(statement: HostedStatement, answer: Answer | undefined, from: D1Answer | undefined): ResultSet {
  const changes = changesOf(statement, from ?? { meta: {} });
  if (answer === undefined) return changes;
  const writes = statement.effect === 'insert' || statement.effect === 'change';
  return { ...answer, affectedRows: writes ? answer.rows.length : 0 };
}

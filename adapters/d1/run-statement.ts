import {
  exactForm,
  type HostedStatement,
  hostedParams,
  isOutdated,
  readExact,
  roundedColumns,
  roundedError,
} from '../../src/dialect/sqlite/index.ts';
import type { ResultSet, WireValue } from '../../src/port.ts';
import type { D1Answer, D1Executor, D1Statement } from './d1-database.ts';

/** The columns and rows of an answer. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: WireValue[][];
}

/** A statement of D1 with its values. */
export function prepared<S extends D1Statement>(executor: D1Executor<S>, sql: string, params: readonly WireValue[]): S {
  const statement = executor.prepare(sql);
  return (params.length === 0 ? statement : statement.bind(...hostedParams(params))) as S;
}

/** Runs one statement, in one request; in two where a SELECT is the first to answer with an integer beyond 2^53. */
export async function runStatement(
  executor: D1Executor,
  statement: HostedStatement,
  params: readonly WireValue[],
): Promise<ResultSet> {
  if (statement.effect === 'read') return { ...(await read(executor, statement, params)), affectedRows: 0 };
  if (!statement.answers) return changesOf(statement, await prepared(executor, statement.sql, params).run());
  const { columns, rows } = await query(executor, statement.sql, params);
  const [place] = roundedColumns(rows);
  if (place !== undefined) throw roundedError(columns[place], 'unknown');
  // What answers with rows does not tell how many it changed: RETURNING gives a row for each.
  return { columns, rows, affectedRows: statement.effect === 'other' ? 0 : rows.length };
}

async function read(
  executor: D1Executor,
  statement: HostedStatement,
  params: readonly WireValue[],
): Promise<Pick<ResultSet, 'columns' | 'rows'>> {
  const { exact } = statement;
  if (exact === undefined) {
    const answer = await query(executor, statement.sql, params);
    return learn(statement, answer) ? read(executor, statement, params) : answer;
  }
  try {
    const rows = readExact(exact, (await query(executor, exact.sql, params)).rows);
    return learn(statement, { columns: exact.columns, rows })
      ? read(executor, statement, params)
      : { columns: exact.columns, rows };
  } catch (cause) {
    if (!isOutdated(cause)) throw cause;
    statement.exact = undefined;
    return read(executor, statement, params);
  }
}

/** Whether the answer may hold rounded integers in columns that are not read exactly; from now on they are. */
export function learn(statement: HostedStatement, { columns, rows }: Pick<ResultSet, 'columns' | 'rows'>): boolean {
  const known = statement.exact?.places ?? [];
  const places = roundedColumns(rows).filter((place) => !known.includes(place));
  if (places.length > 0) statement.exact = exactForm(statement.sql, columns, [...known, ...places]);
  return places.length > 0;
}

async function query(executor: D1Executor, sql: string, params: readonly WireValue[]): Promise<Rows> {
  const [columns = [], ...rows] = (await prepared(executor, sql, params).raw({ columnNames: true })) as [
    string[],
    ...unknown[][],
  ];
  return { columns, rows: rows.map((row) => row.map(toWire)) };
}

/** A value of D1's JSON: bytes are a list of numbers. */
export function toWire(value: unknown): WireValue {
  return Array.isArray(value) ? Uint8Array.from(value) : (value as WireValue);
}

/** What a statement without rows tells. */
export function changesOf({ effect }: HostedStatement, { meta }: D1Answer): ResultSet {
  const none = { columns: [], rows: [] };
  if (effect === 'read' || effect === 'other') return { ...none, affectedRows: 0 };
  const { changes = 0, last_row_id: key } = meta;
  // A key beyond 2^53 was rounded on its way.
  const told = effect === 'insert' && changes > 0 && Number.isSafeInteger(key);
  return told ? { ...none, affectedRows: changes, lastInsertId: Number(key) } : { ...none, affectedRows: changes };
}

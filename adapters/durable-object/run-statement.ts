import {
  exactForm,
  type HostedStatement,
  hostedError,
  hostedParams,
  readExact,
  roundedColumns,
  roundedError,
} from '../../src/dialect/sqlite/index.ts';
import { DriverError, PersistenceError, type ResultSet, type WireValue } from '../../src/port.ts';
import type { DurableStorage } from './durable-storage.ts';

type Answer = Pick<ResultSet, 'columns' | 'rows'>;

const LAST_CHANGE = 'SELECT changes(), last_insert_rowid(), CAST(last_insert_rowid() AS TEXT)';

/** Runs one statement to its end. */
export function runStatement(
  storage: DurableStorage,
  statement: HostedStatement,
  params: readonly WireValue[],
): ResultSet {
  const values = hostedParams(params);
  try {
    const { effect } = statement;
    if (effect === 'read') return { ...read(storage, statement, values), affectedRows: 0 };
    // Where its answer cannot be told exactly, what the statement wrote is taken back.
    const answer = statement.answers
      ? storage.transactionSync(() => refuseRounded(query(storage, statement.sql, values)))
      : query(storage, statement.sql, values);
    return effect === 'other' ? { ...answer, affectedRows: 0 } : withChanges(storage, effect, answer);
  } catch (cause) {
    throw durableError(cause);
  }
}

function query(
  { sql }: DurableStorage,
  text: string,
  values: readonly unknown[],
): { columns: readonly string[]; rows: WireValue[][] } {
  const cursor = sql.exec(text, ...values);
  const rows = Array.from(cursor.raw(), (row) => row.map(toWire));
  return { columns: cursor.columnNames, rows };
}

function toWire(value: unknown): WireValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as WireValue);
}

/** A SELECT is read again where one of its integers may have been rounded; nobody writes in between. */
function read(storage: DurableStorage, statement: HostedStatement, values: readonly unknown[]): Answer {
  const { columns, rows } = query(storage, statement.sql, values);
  const places = roundedColumns(rows);
  if (places.length === 0) return { columns, rows };
  const exact = exactForm(statement.sql, columns, places);
  return { columns, rows: readExact(exact, query(storage, exact.sql, values).rows) };
}

function refuseRounded(answer: Answer): Answer {
  const [place] = roundedColumns(answer.rows);
  if (place !== undefined) throw roundedError(answer.columns[place], 'rolled-back');
  return answer;
}

function withChanges(storage: DurableStorage, effect: HostedStatement['effect'], answer: Answer): ResultSet {
  const [changes, key, keyText] = query(storage, LAST_CHANGE, []).rows[0] as [number, number, string];
  if (effect === 'change' || changes === 0) return { ...answer, affectedRows: changes };
  return { ...answer, affectedRows: changes, lastInsertId: Number.isSafeInteger(key) ? key : BigInt(keyText) };
}

/** What a failure of the storage means. */
export function durableError(cause: unknown): PersistenceError {
  if (cause instanceof PersistenceError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return hostedError(text, cause) ?? new DriverError(`durable-object: ${text}`, { cause });
}

import initSqlJs, { type Database } from 'sql.js';
import type { Statement } from '../../src/wire/statement.ts';
import type { WireValue } from '../../src/wire/wire-value.ts';

/** An empty database of plain sql.js, without any of our adapter's corrections. */
export async function openRawSqljs(): Promise<RawSqljs> {
  const { Database } = await initSqlJs();
  const db = new Database();
  db.run('PRAGMA foreign_keys = ON');
  return { db, all: (statement) => all(db, statement) };
}

/** A database of plain sql.js. `all` runs one statement and returns its rows; integers beyond 2^53 come as bigint. */
export interface RawSqljs {
  readonly db: Database;
  all(statement: Statement | string): WireValue[][];
}

// The type declarations of sql.js know neither that it binds a bigint (as text) nor the options of `get`.
interface Prepared {
  bind(params: readonly WireValue[]): boolean;
  step(): boolean;
  get(params: null, options: { readonly useBigInt: boolean }): WireValue[];
  free(): boolean;
}

function all(db: Database, statement: Statement | string): WireValue[][] {
  const { sql, params } = typeof statement === 'string' ? { sql: statement, params: [] } : statement;
  const prepared = db.prepare(sql) as unknown as Prepared;
  try {
    prepared.bind(params);
    const rows: WireValue[][] = [];
    while (prepared.step()) {
      const plain = prepared.get(null, { useBigInt: false });
      const exact = prepared.get(null, { useBigInt: true });
      rows.push(plain.map((value, index) => (isRounded(value) ? (exact[index] ?? null) : value)));
    }
    return rows;
  } finally {
    prepared.free();
  }
}

function isRounded(value: WireValue): boolean {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
}

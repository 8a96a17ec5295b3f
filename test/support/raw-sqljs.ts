import initSqlJs, { type BindParams, type Database } from 'sql.js';
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

function all(db: Database, statement: Statement | string): WireValue[][] {
  const { sql, params } = typeof statement === 'string' ? { sql: statement, params: [] } : statement;
  const prepared = db.prepare(sql);
  try {
    // sql.js binds a bigint as text, which its type declarations do not know.
    prepared.bind(params as BindParams);
    const rows: WireValue[][] = [];
    while (prepared.step()) {
      const exact: WireValue[] = prepared.get(null, { useBigInt: true } as never);
      const plain: WireValue[] = prepared.get();
      rows.push(
        exact.map((value, i) =>
          typeof value === 'bigint' && BigInt.asIntN(54, value) === value ? (plain[i] ?? null) : value,
        ),
      );
    }
    return rows;
  } finally {
    prepared.free();
  }
}

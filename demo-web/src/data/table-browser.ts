import { identifier, sql } from 'meshestra';
import { formatBytes } from '../ui/format.ts';
import type { OpenFile } from './file-inspection.ts';

/** A table or view of a file. */
export interface BrowsableTable {
  readonly name: string;
  readonly kind: 'table' | 'view';
}

/** Some rows of a table, as texts to show. */
export interface TablePage {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables and views of a file by name. The file is set to refuse writes first. */
export async function listTables(file: OpenFile): Promise<readonly BrowsableTable[]> {
  const em = file.em();
  await em.execute(sql`PRAGMA query_only = ON`);
  const { rows } = await em.execute(sql`
    SELECT name, type FROM sqlite_schema
    WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name`);
  return rows.map(([name, kind]) => ({ name: String(name), kind: kind === 'view' ? 'view' : 'table' }));
}

/** Reads some rows of a table, from `offset`. */
export async function readTable(file: OpenFile, table: string, limit: number, offset: number): Promise<TablePage> {
  const page = sql`SELECT * FROM ${identifier(table)} LIMIT ${Math.trunc(limit)} OFFSET ${Math.trunc(offset)}`;
  const { columns, rows } = await file.em().execute(page);
  return { columns, rows: rows.map((row) => row.map(showValue)) };
}

const SHOWN = 300;

function showValue(value: unknown): string {
  if (value === null) return 'NULL';
  if (value instanceof Uint8Array) return `${formatBytes(value.length)} of bytes`;
  const text = String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)} …` : text;
}

import type { DatabaseColumn } from '../../../schema/database-model.ts';
import { quote } from '../quote.ts';

/** How SQLite keeps the values of a declared type (https://www.sqlite.org/datatype3.html, 3.1). */
type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC' | 'ANY';

/** The affinity of a declared type; `ANY` is one of STRICT tables only. */
function affinityOf(type: string): Affinity {
  const upper = type.toUpperCase();
  if (upper === 'ANY') return 'ANY';
  if (upper.includes('INT')) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/.test(upper)) return 'TEXT';
  if (upper === '' || upper.includes('BLOB')) return 'BLOB';
  return /REAL|FLOA|DOUB/.test(upper) ? 'REAL' : 'NUMERIC';
}

/** The value of a column, over its name in quotes, as a column of another type keeps it. */
export function convertedText(column: string, from: string, to: string): string {
  const [before, after] = [affinityOf(from), affinityOf(to)];
  if (before === after || after === 'ANY') return column;
  // '1e3' is a number, of which an integer is made; cast to INTEGER directly it would be 1.
  if (after === 'INTEGER') return `CAST(CAST(${column} AS NUMERIC) AS INTEGER)`;
  return `CAST(${column} AS ${after})`;
}

/** The condition of values that a column cannot keep as what it becomes; null where it keeps all. */
export function misfit(before: DatabaseColumn, after: DatabaseColumn): string | null {
  const column = quote(before.name);
  const [from, to] = [affinityOf(before.type), affinityOf(after.type)];
  if (from === to || to === 'ANY' || to === 'BLOB') return null;
  if (to === 'TEXT') return from === 'REAL' ? `CAST(CAST(${column} AS TEXT) AS REAL) <> ${column}` : null;
  if (from === 'INTEGER') return to === 'NUMERIC' ? null : `CAST(CAST(${column} AS REAL) AS INTEGER) <> ${column}`;
  if (from === 'REAL') return to === 'NUMERIC' ? null : `CAST(${column} AS INTEGER) <> ${column}`;
  // A text that is no number is 0 as a number, which is another value than the text.
  const number = `CAST(${column} AS NUMERIC)`;
  const whole = to === 'INTEGER' ? ` AND typeof(${number}) = 'integer'` : '';
  return `${column} IS NOT NULL AND NOT (${number} = ${column}${whole})`;
}

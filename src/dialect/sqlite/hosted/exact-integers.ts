import type { Outcome } from '../../../errors.ts';
import { DeserializationError } from '../../../errors.ts';
import type { WireRow, WireValue } from '../../../wire/wire-value.ts';
import { narrowInteger } from '../native/narrow-integers.ts';

/**
 * A text that reads the same rows with every integer exact: behind the columns stand, as text, the integers of those
 * columns that were rounded once.
 */
export interface ExactForm {
  readonly sql: string;
  readonly columns: readonly string[];
  /** The columns that are there twice. */
  readonly places: readonly number[];
}

const LARGEST = 2 ** 63;

/**
 * The columns in which a number stands that may be a rounded integer. A platform that reads an integer as a floating
 * point number rounds it beyond ±(2^53 - 1); a REAL value looks the same.
 */
export function roundedColumns(rows: readonly WireRow[]): readonly number[] {
  const places = new Set<number>();
  for (const row of rows) {
    row.forEach((value, place) => {
      if (typeof value === 'number' && Number.isInteger(value) && isRounded(value)) places.add(place);
    });
  }
  return [...places];
}

function isRounded(value: number): boolean {
  return !Number.isSafeInteger(value) && Math.abs(value) <= LARGEST;
}

/** The exact form of a SELECT that answered with these columns. */
export function exactForm(sql: string, columns: readonly string[], places: readonly number[]): ExactForm {
  const names = columns.map((_, place) => `"c${place}"`);
  const texts = places.map(
    (place) =>
      `CASE typeof("m rows"."c${place}") WHEN 'integer' THEN CAST("m rows"."c${place}" AS TEXT) END AS "x${place}"`,
  );
  const inner = sql.replace(/[\s;]+$/, '');
  return {
    sql: `WITH "m rows"(${names.join(', ')}) AS (\n${inner}\n) SELECT *, ${texts.join(', ')} FROM "m rows"`,
    columns,
    places,
  };
}

/** The rows that the exact form answered with, as the statement itself would have. */
export function readExact({ columns, places }: ExactForm, rows: readonly WireValue[][]): readonly WireRow[] {
  for (const row of rows) {
    places.forEach((place, index) => {
      const text = row[columns.length + index];
      if (typeof text === 'string') row[place] = narrowInteger(BigInt(text));
    });
    row.length = columns.length;
  }
  return rows;
}

/** The error for an integer that cannot be read again, because the statement that answered with it also wrote. */
export function roundedError(column: string | undefined, outcome: Outcome): DeserializationError {
  return new DeserializationError(
    `the column '${column}' has a number beyond 2^53, which may have been rounded; let RETURNING answer with CAST(… AS TEXT)`,
    { outcome },
  );
}

/** Whether an exact form failed because the table has other columns by now, which only `SELECT *` meets. */
export function isOutdated(cause: unknown): boolean {
  return cause instanceof Error && cause.message.includes('table m rows has');
}

import { lastKey } from '../../src/dialect/mysql/index.ts';
import { type ResultSet, UnsupportedByDriverError, type WireRow, type WireValue } from '../../src/port.ts';
import type { NativeField, NativeHeader } from './native.ts';

// https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html
const LONGLONG = 8;
const VECTOR = 242;
const GEOMETRY = 255;
const BINARY = 63;
const NO_ROWS: readonly WireRow[] = Object.freeze([]);
const NO_COLUMNS: readonly string[] = Object.freeze([]);

/** What a statement without rows answered. `step` is the distance of generated keys on this connection. */
export function headerResult(header: NativeHeader, step: number): ResultSet {
  const affectedRows = Number(header.affectedRows);
  const base = { columns: NO_COLUMNS, rows: NO_ROWS, affectedRows };
  const first = wholeNumber(header.insertId);
  if (first === 0) return base;
  return { ...base, lastInsertId: lastKey(first, (affectedRows - 1) * step), generatedKeyStep: step };
}

/** Rows and their columns. Throws `unsupported-by-driver` for geometries and vectors, which are no wire values. */
export function rowsResult(rows: readonly (readonly unknown[])[], fields: readonly NativeField[]): ResultSet {
  const conversions = fields.flatMap((field, index) => {
    const convert = conversionOf(field);
    return convert === null ? [] : [{ index, convert }];
  });
  for (const row of conversions.length === 0 ? [] : rows) {
    for (const { index, convert } of conversions) (row as unknown[])[index] = convert(row[index]);
  }
  return { columns: fields.map(({ name }) => name), rows: rows as readonly WireRow[], affectedRows: 0 };
}

function conversionOf({ name, columnType, characterSet }: NativeField): ((value: unknown) => WireValue) | null {
  if (columnType === LONGLONG) return wholeNumber as (value: unknown) => WireValue;
  if (columnType === GEOMETRY || columnType === VECTOR) {
    throw new UnsupportedByDriverError(
      `the column '${name}' is a geometry or a vector; select it as text or bytes, with ST_AsText() or ST_AsBinary()`,
    );
  }
  return characterSet === BINARY ? bytesOf : null;
}

// mysql2 gives integers beyond 2^53 as text, others as numbers.
function wholeNumber<T>(value: T): Exclude<T, string> | bigint {
  return typeof value === 'string' ? BigInt(value) : (value as Exclude<T, string>);
}

// Of a column of bytes, or a number, an instant and so on, which have the same character set.
function bytesOf(value: unknown): WireValue {
  return value instanceof Uint8Array
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : (value as WireValue);
}

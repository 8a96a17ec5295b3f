import { UnsupportedByDriverError, type WireValue } from '../../src/port.ts';
import type { NativeField } from './planetscale-module.ts';

/** The character set of bytes. A text whose collation is one of bytes is a VARBINARY to Vitess, but not of this set. */
const BYTES = 63;
const ASCII = /^[\0-\x7f]*$/;
// A byte order mark is a part of the text.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const TEXTS: ReadonlySet<string> = new Set(['DECIMAL', 'DATE', 'TIME', 'DATETIME', 'TIMESTAMP', 'JSON', 'ENUM', 'SET']);

/**
 * Reads a value by the type of its column. `value` has one character for each byte.
 *
 * The package's own `cast` rounds no integer, but parses JSON, and drops a byte order mark.
 *
 * Throws `unsupported-by-driver` for geometries and vectors.
 */
export function readValue({ name, type, charset }: NativeField, value: string | null): WireValue {
  if (value === null) return null;
  if (type.includes('INT') || type === 'YEAR') return integerOf(value);
  if (type === 'FLOAT64' || type === 'FLOAT32') return Number(value);
  if (type === 'GEOMETRY' || type === 'VECTOR') {
    throw new UnsupportedByDriverError(
      `the column '${name}' is a geometry or a vector; select it as text or bytes, with ST_AsText() or ST_AsBinary()`,
    );
  }
  if (TEXTS.has(type) || (charset !== BYTES && type !== 'BIT')) return textOf(value);
  return bytesOf(value);
}

/** Of the text of an integer: exact, as a bigint beyond 2^53. */
export function integerOf(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function textOf(value: string): string {
  return ASCII.test(value) ? value : decoder.decode(bytesOf(value));
}

function bytesOf(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length);
  for (let index = 0; index < value.length; index += 1) bytes[index] = value.charCodeAt(index);
  return bytes;
}

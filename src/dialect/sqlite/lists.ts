import type { ColumnType } from '../../codec/column-type.ts';
import { toHex } from '../../codec/hex.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/** Keys as one JSON text: `[1,2]`, or for tuples `[[1,"a"],[2,"b"]]`. Bytes are hexadecimal, integers exact. */
export function encodeList(tuples: readonly (readonly WireValue[])[]): string {
  let json = '';
  for (const tuple of tuples) {
    const [first = null] = tuple;
    json += json === '' ? '[' : ',';
    json += tuple.length === 1 ? encodeKey(first) : `[${tuple.map(encodeKey).join()}]`;
  }
  return json === '' ? '[]' : `${json}]`;
}

/** The values of a JSON text that `collect` made. */
export function decodeList(value: WireValue, { name }: ColumnType): readonly WireValue[] {
  const values: readonly WireValue[] = JSON.parse(String(value));
  if (name === 'bigint') return values.map((text) => (text === null ? null : BigInt(String(text))));
  if (name === 'bytes') return values.map((text) => fromLiteral(String(text)));
  return values;
}

function encodeKey(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? '1' : '0';
    case 'object':
      return value === null ? 'null' : `"${toHex(value)}"`;
    case 'number':
      // Such a number is no integer column's, and SQLite would read its digits as an integer that is not quite equal.
      return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value);
    default:
      return String(value);
  }
}

// The literal that SQLite's `quote()` makes of bytes: `X'00FF'`, or `NULL`.
function fromLiteral(literal: string): Uint8Array | null {
  if (literal === 'NULL') return null;
  return Uint8Array.from({ length: (literal.length - 3) / 2 }, (_, index) =>
    Number.parseInt(literal.slice(2 * index + 2, 2 * index + 4), 16),
  );
}

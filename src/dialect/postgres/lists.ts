import type { ColumnType } from '../../codec/column-type.ts';
import { fromHex, toHex } from '../../codec/hex.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/**
 * A list of single values as the literal of an array, `{1,2,NULL}`, and tuples as a JSON text, `[[1,"a"],[2,"b"]]`: one
 * parameter for any number of values.
 */
export function encodeList(tuples: readonly (readonly WireValue[])[], types: readonly ColumnType[]): string {
  if (types.length !== 1) return `[${tuples.map((tuple) => `[${tuple.map(jsonItem).join()}]`).join()}]`;
  let literal = '';
  for (const tuple of tuples) literal += `${literal === '' ? '{' : ','}${arrayItem(tuple[0] ?? null)}`;
  return literal === '' ? '{}' : `${literal}}`;
}

/** The values that `collect` gathered; NULL stands for none at all. */
export function decodeList(value: WireValue, { name }: ColumnType): readonly WireValue[] {
  if (value === null) return [];
  const text = String(value);
  switch (name) {
    case 'bigint':
      return text.split(',').map(BigInt);
    case 'decimal':
      return text.split(',');
    case 'bytes':
      return parsed(text).map((hex) => fromHex(String(hex)));
    default:
      return parsed(name === 'integer' ? `[${text}]` : text);
  }
}

function parsed(json: string): readonly WireValue[] {
  return JSON.parse(json) as readonly WireValue[];
}

// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
function arrayItem(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return `"${value.replace(/["\\]/g, '\\$&')}"`;
    case 'object':
      return value === null ? 'NULL' : `"\\\\x${toHex(value)}"`;
    default:
      return String(value);
  }
}

function jsonItem(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'object':
      return value === null ? 'null' : `"${toHex(value)}"`;
    default:
      return String(value);
  }
}

import { fromHex } from '../../codec/hex.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/** Reads a value from the text in which the server sent it. */
export type WireParser = (text: string) => WireValue;

const asText: WireParser = (text) => text;

/** By the OID of the type, which for built-in types never changes (pg_type.dat of the server's source). */
const PARSERS: ReadonlyMap<number, WireParser> = new Map<number, WireParser>([
  [16, (text) => text === 't'],
  [17, parseBytes],
  [20, parseInt8],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
]);

/**
 * How values of a type, given by its OID, become wire values: booleans, numbers, and bytes as such, an integer of 64 bits
 * as a `bigint` where a number would round it, and everything else as the text that the server sent.
 */
export function wireParserOf(oid: number): WireParser {
  return PARSERS.get(oid) ?? asText;
}

const WRITES: ReadonlySet<string> = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** The rows that a command wrote, from the parts of its completion tag; a SELECT also counts rows there. */
export function affectedRowsOf(command: string, count: number | null | undefined): number {
  return WRITES.has(command) ? (count ?? 0) : 0;
}

function parseInt8(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Reads both styles of `bytea_output` (https://www.postgresql.org/docs/current/datatype-binary.html). */
function parseBytes(text: string): Uint8Array {
  if (text.startsWith('\\x')) return fromHex(text, 2);
  const bytes: number[] = [];
  for (let place = 0; place < text.length; place += 1) {
    if (text[place] !== '\\') bytes.push(text.charCodeAt(place));
    else if (text[place + 1] === '\\') {
      bytes.push(92);
      place += 1;
    } else {
      bytes.push(Number.parseInt(text.slice(place + 1, place + 4), 8));
      place += 3;
    }
  }
  return Uint8Array.from(bytes);
}

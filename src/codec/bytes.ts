import type { Codec } from './codec.ts';
import { refuse, tagOf } from './refuse.ts';

const expected = 'a Uint8Array';

/**
 * Byte strings. Both directions copy, so that the snapshot of a row keeps the bytes as they were and a change in place
 * shows as a change.
 */
export const bytesCodec: Codec = {
  identity: false,
  wireType: 'object',
  encode: (value) => (isBytes(value) ? new Uint8Array(value) : refuse(expected, value)),
  decode: (wire) => (isBytes(wire) ? new Uint8Array(wire) : refuse(expected, wire)),
  equals: (value, wire) => isBytes(value) && isBytes(wire) && sameBytes(value, wire),
};

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array || tagOf(value) === 'Uint8Array';
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  let index = left.length === right.length ? left.length : -1;
  while (index > 0 && left[index - 1] === right[index - 1]) index--;
  return index === 0;
}

import type { Codec } from './codec.ts';
import { refuse } from './refuse.ts';

const expected = 'a safe integer';

/** Whole numbers within ±(2^53 - 1). Integers have no negative zero, so `-0` is sent as the `0` it is equal to. */
export const integerCodec: Codec = {
  identity: true,
  wireType: 'number',
  encode: (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value + 0 : refuse(expected, value)),
  decode: (wire) => (typeof wire === 'number' && Number.isSafeInteger(wire) ? wire : refuse(expected, wire)),
  equals: (value, wire) => value === wire,
};

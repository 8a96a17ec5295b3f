import type { Codec } from './codec.ts';
import { refuse } from './refuse.ts';

const expected = 'a finite number';

/**
 * Floating point numbers of 64 bits. NaN, the infinities and negative zero are refused: SQLite stores NaN as NULL and
 * `-0.0` as `0.0` (https://www.sqlite.org/floatingpoint.html), so none of them would come back.
 */
export const finiteFloatCodec: Codec = {
  identity: true,
  wireType: 'number',
  encode: (value) =>
    typeof value === 'number' && Number.isFinite(value) && !Object.is(value, -0) ? value : refuse(expected, value),
  decode: (wire) => (typeof wire === 'number' ? wire : refuse(expected, wire)),
  equals: (value, wire) => value === wire && !Object.is(value, -0),
};

import type { Codec } from './codec.ts';
import { refuse } from './refuse.ts';

/** Booleans, for engines that have them. */
export const booleanCodec: Codec = {
  identity: true,
  wireType: 'boolean',
  encode: (value) => (typeof value === 'boolean' ? value : refuse('a boolean', value)),
  decode: (wire) => (typeof wire === 'boolean' ? wire : refuse('a boolean', wire)),
  equals: (value, wire) => value === wire,
};

/** Booleans as the integers 0 and 1, for engines without a boolean type. */
export const booleanAsInteger: Codec = {
  identity: false,
  wireType: 'boolean',
  encode: (value) => (typeof value === 'boolean' ? Number(value) : refuse('a boolean', value)),
  decode: (wire) => (wire === 1 ? true : wire === 0 ? false : refuse('0 or 1', wire)),
  equals: (value, wire) => (value === true ? wire === 1 : value === false && wire === 0),
};

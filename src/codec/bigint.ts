import type { Codec } from './codec.ts';
import { InvalidValue } from './codec.ts';
import { refuse } from './refuse.ts';

/** Integers of 64 bits with sign. They always leave as `bigint`; a driver may return the small ones as numbers. */
export const bigintCodec: Codec = {
  identity: true,
  wireType: 'bigint',
  encode: (value) => {
    if (typeof value !== 'bigint') return refuse('a bigint', value);
    if (BigInt.asIntN(64, value) === value) return value;
    throw new InvalidValue('expected a bigint of 64 bits, got a larger one');
  },
  decode: (wire) => {
    if (typeof wire === 'bigint') return wire;
    return typeof wire === 'number' && Number.isSafeInteger(wire) ? BigInt(wire) : refuse('an integer', wire);
  },
  equals: (value, wire) =>
    value === wire || (typeof wire === 'number' && typeof value === 'bigint' && Number(value) === wire),
};

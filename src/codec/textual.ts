import type { Codec } from './codec.ts';
import { refuse } from './refuse.ts';

/**
 * A codec for a type whose values are strings on both sides.
 *
 * @param expected - what a value has to be, for the message of a refusal
 * @param canonical - the string to store, or undefined where the text is no value of the type
 */
export function textualCodec(expected: string, canonical: (text: string) => string | undefined): Codec {
  return {
    identity: true,
    wireType: 'string',
    encode: (value) => (typeof value === 'string' ? canonical(value) : undefined) ?? refuse(expected, value),
    decode: (wire) => (typeof wire === 'string' ? wire : refuse('a string', wire)),
    equals: (value, wire) => value === wire || (typeof value === 'string' && canonical(value) === wire),
  };
}

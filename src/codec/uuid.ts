import type { Codec } from './codec.ts';
import { textualCodec } from './textual.ts';

/**
 * UUIDs in their canonical form: 32 lower-case digits in five groups (RFC 9562, section 4). Other spellings of the same
 * UUID are refused, because a key has to be equal to itself after a reload.
 */
export const uuidCodec: Codec = /* @__PURE__ */ textualCodec('a UUID in lower case', (text) =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) ? text : undefined,
);

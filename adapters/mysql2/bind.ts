import type { WireValue } from '../../src/port.ts';
import type { IntegerParameter } from './native.ts';

declare const Buffer: { from(buffer: ArrayBufferLike, offset: number, length: number): Uint8Array };

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

/**
 * The parameters as mysql2 is to send them. By itself it sends every number as floating point, which is not exact beyond
 * 2^53 and not accepted in every place, and every bigint as text.
 */
export function bindParameters(params: readonly WireValue[], integer: IntegerParameter): readonly unknown[] {
  return params.map((value) => {
    switch (typeof value) {
      case 'number':
        return Number.isSafeInteger(value) ? integer(value) : value;
      case 'bigint':
        return bindBigint(value, integer);
      case 'object':
        return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      default:
        return value;
    }
  });
}

function bindBigint(value: bigint, integer: IntegerParameter): unknown {
  if (value >= INT64_MIN && value <= INT64_MAX) return integer(value);
  return value > 0 && value <= UINT64_MAX ? integer.unsigned(value) : String(value);
}

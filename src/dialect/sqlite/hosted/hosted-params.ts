import { ValidationError } from '../../../errors.ts';
import type { WireValue } from '../../../wire/wire-value.ts';
import { bindable } from '../native/bindable.ts';

/** What every platform binds. */
export type HostedValue = null | string | number | Uint8Array;

/**
 * The values as a platform binds them: booleans as 0 and 1, a `bigint` as text, of which the dialect's
 * `CAST(? AS INTEGER)` and every INTEGER column make the exact integer. Throws `validation` for what would arrive as
 * something else.
 */
export function hostedParams(params: readonly WireValue[]): HostedValue[] {
  return bindable(params).map((value, index) => {
    if (typeof value === 'bigint') return String(value);
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw new ValidationError(`parameter ${index + 1} is infinite, which is no value of a database`);
    }
    return value;
  });
}

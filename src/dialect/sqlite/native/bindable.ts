import { isWellFormed } from '../../../codec/well-formed.ts';
import { ValidationError } from '../../../errors.ts';
import type { WireValue } from '../../../wire/wire-value.ts';

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/**
 * The values as SQLite takes them, booleans as 1 and 0; the very same array where nothing changes. Refuses with
 * `validation` what a native driver would store as something else, or take for named parameters; the value itself is
 * never part of the message.
 */
export function bindable(params: readonly WireValue[]): readonly Exclude<WireValue, boolean>[] {
  let copy: WireValue[] | undefined;
  for (let index = 0; index < params.length; index++) {
    const value = params[index];
    if (value === true || value === false) {
      copy ??= params.slice();
      copy[index] = value ? 1 : 0;
    } else if (!isBindable(value)) {
      throw new ValidationError(`parameter ${index + 1} is ${describe(value)}`);
    }
  }
  return (copy ?? params) as readonly Exclude<WireValue, boolean>[];
}

function isBindable(value: unknown): boolean {
  switch (typeof value) {
    case 'number':
      // SQLite stores NULL for NaN without a word.
      return !Number.isNaN(value);
    case 'string':
      return isWellFormed(value);
    case 'bigint':
      return value <= MAX_INT64 && value >= MIN_INT64;
    default:
      return value === null || isBytes(value);
  }
}

// A test environment, or a vm context, has its own Uint8Array.
function isBytes(value: unknown): value is Uint8Array {
  if (value instanceof Uint8Array) return true;
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return 'NaN, which SQLite cannot store';
    case 'string':
      return 'a string with a lone surrogate, which has no UTF-8 form';
    case 'bigint':
      return 'a bigint beyond 64 bits';
    case 'object':
      return `an object (${Object.prototype.toString.call(value).slice(8, -1)}), which is no value of a database`;
    default:
      return `${typeof value}, which is no value of a database`;
  }
}

import { toHex } from '../../codec/hex.ts';
import { isWellFormed } from '../../codec/well-formed.ts';
import { ValidationError } from '../../errors.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/**
 * A parameter as text, for protocols that carry text only; the server reads it by the type that it inferred. Throws
 * `validation` for a lone surrogate, which no such protocol can carry.
 */
export function parameterText(value: WireValue): string | null {
  switch (typeof value) {
    case 'string':
      if (!isWellFormed(value)) {
        throw new ValidationError('a parameter has a lone surrogate in it, which PostgreSQL cannot store');
      }
      return value;
    case 'object':
      return value === null ? null : `\\x${toHex(value)}`;
    default:
      return String(value);
  }
}

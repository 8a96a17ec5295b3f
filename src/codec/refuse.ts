import { InvalidValue } from './codec.ts';

/**
 * Throws {@link InvalidValue} with a message such as `expected a safe integer, got a string`. The message tells the kind
 * of the value and never the value, because it may be a secret.
 */
export function refuse(expected: string, value: unknown): never {
  throw new InvalidValue(`expected ${expected}, got ${describeKind(value)}`);
}

/** The kind of a value in words: `a string`, `null`, `an array`, `a Date`. */
export function describeKind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  const kind = typeof value;
  if (kind === 'number') return describeNumber(Number(value));
  const name = kind === 'object' ? tagOf(value) : kind;
  return `${/^[AEIO]/i.test(name) ? 'an' : 'a'} ${name === 'Object' || name === 'Array' ? name.toLowerCase() : name}`;
}

function describeNumber(value: number): string {
  if (Object.is(value, -0)) return 'negative zero';
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : 'an infinite number';
  if (!Number.isInteger(value)) return 'a number with a fraction';
  return Number.isSafeInteger(value) ? 'a number' : 'an integer beyond 2^53 - 1';
}

/** `Date`, `Uint8Array`, `Object` and so on; unlike `instanceof` it also knows objects of another frame or realm. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

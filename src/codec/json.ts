import type { WireValue } from '../wire/wire-value.ts';
import { type Codec, InvalidValue } from './codec.ts';
import { describeKind, refuse } from './refuse.ts';

// SQLite's own limit for JSON (https://www.sqlite.org/json1.html, section 3.1); a recursion this deep is harmless.
const maxDepth = 1000;

/**
 * JSON as text. Only what would come back the same is taken: null, booleans, finite numbers other than -0, strings,
 * arrays without holes, and plain objects. Everything that `JSON.stringify` would drop or convert (undefined, functions,
 * dates, maps, instances of classes) is refused, as are cycles and values nested more than 1,000 deep.
 */
export const jsonCodec: Codec = {
  identity: false,
  wireType: 'string',
  encode: (value) => {
    const flaw = findFlaw(value, 0);
    if (flaw !== null) throw new InvalidValue(`expected JSON, got ${flaw}`);
    return JSON.stringify(value);
  },
  decode,
  equals: (value, wire) => {
    if (findFlaw(value, 0) !== null || typeof wire !== 'string') return false;
    // The text is the same unless something changed, or the keys are in another order.
    return JSON.stringify(value) === wire || isEqual(value, decode(wire));
  },
};

function decode(wire: WireValue): unknown {
  if (typeof wire !== 'string') return refuse('JSON text', wire);
  try {
    return JSON.parse(wire);
  } catch {
    // The parser's own message quotes the text, which may be a secret.
    throw new InvalidValue('expected JSON text, got text that is not JSON');
  }
}

function findFlaw(value: unknown, depth: number): string | null {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return null;
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? null : describeKind(value);
  if (!Array.isArray(value) && !isPlain(value)) return describeKind(value);
  if (depth === maxDepth) return `a cycle, or values nested more than ${maxDepth} deep`;
  // Index by index, because forEach and Object.values skip the holes of an array.
  const items = Array.isArray(value) ? value : Object.values(value);
  for (let index = 0; index < items.length; index++) {
    const flaw = findFlaw(items[index], depth + 1);
    if (flaw !== null) return flaw;
  }
  return null;
}

// The prototype of a plain object has no prototype itself; this holds for objects of other realms, too.
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isEqual(Reflect.get(left, key), Reflect.get(right, key)))
  );
}

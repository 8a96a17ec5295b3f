// Deeper than criteria may be; what goes in circles is refused where it is encoded.
const MAX_DEPTH = 100;

/**
 * A value as it is now: a query is planned when it runs, and what becomes of a date, of bytes, a list, or plain data after the
 * query was built is not a part of it. Objects of classes are taken as they are.
 */
export function takenNow(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value;
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (Array.isArray(value)) return value.map((item) => takenNow(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, takenNow(item, depth + 1)]));
}

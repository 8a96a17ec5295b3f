import { ValidationError } from '../errors.ts';
import { isExpression, lowerOf } from './expression.ts';
import { SortKey } from './sort-key.ts';

/** The keys of an order; an expression alone is ascending. Throws `validation` for what is none. */
export function sortKeys(method: string, given: unknown): SortKey[] {
  const keys: readonly unknown[] = Array.isArray(given) ? given : [given];
  return keys.map((key) => {
    if (key instanceof SortKey) return key;
    if (isExpression(key)) return new SortKey(lowerOf(key), 'asc');
    throw new ValidationError(`${method} takes expressions, and what their asc() and desc() give`);
  });
}

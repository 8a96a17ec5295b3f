import { ValidationError } from '../errors.ts';
import { Expression, type Predicate } from './expression.ts';
import { comparison } from './lower-condition.ts';
import { logical } from './lower-logical.ts';
import type { Lower } from './lowered.ts';
import type { SortKey } from './sort-key.ts';
import { takenNow } from './taken-now.ts';

/**
 * The condition that a row comes behind one with these values of the order's keys: greater in the first key, or equal in it and
 * greater in the second, and so on.
 */
export function afterKeys(orderBy: readonly SortKey[], values: readonly unknown[]): Predicate {
  if (orderBy.length === 0) throw new ValidationError('after() needs the keys of an order: call orderBy() before it');
  if (!Array.isArray(values) || values.length !== orderBy.length) {
    throw new ValidationError(`after() takes one value for each of the ${orderBy.length} keys of the order`);
  }
  const alternatives = orderBy.map((key, index): Lower => {
    const equal = orderBy
      .slice(0, index)
      .map((earlier, place) => comparison('=', present(earlier), { value: takenNow(values[place]) }));
    const behind = comparison(key.direction === 'asc' ? '>' : '<', present(key), { value: takenNow(values[index]) });
    return logical('and', [...equal, behind]);
  });
  return new Expression<boolean>(logical('or', alternatives));
}

// Where NULL stands in an order is the engine's, and nothing is greater than it.
function present({ lower }: SortKey): Lower {
  return (level) => {
    const lowered = lower(level);
    if (!lowered.nullable) return lowered;
    throw new ValidationError('after() needs keys of an order that are never NULL');
  };
}

import type { Collection, Where } from '../criteria/entity-types.ts';
import { type Condition, type Op, operator } from '../criteria/operator.ts';
import { lowerAll, lowerEq, lowerIsNotNull, lowerIsNull, lowerNe, lowerOrder } from './lower-comparison.ts';
import { lowerAllRows, lowerLogical } from './lower-condition.ts';
import { lowerLike, lowerPart } from './lower-like.ts';
import { lowerList } from './lower-list.ts';
import { lowerQuantifier } from './lower-quantifier.ts';

// `const T` keeps `eq('admin')` an operator over 'admin': a column of declared values takes no operator over any text.

/** Equal to the value: `column = ?`. The only operator for JSON columns, which it compares as stored text. */
export function eq<const T>(value: T): Op<T> {
  return operator('eq', { column: lowerEq }, value);
}

/** Different from the value; a NULL is different too: `(column <> ? OR column IS NULL)`. */
export function ne<const T>(value: T): Op<T> {
  return operator('ne', { column: lowerNe }, value);
}

/** Less than the value. */
export function lt<const T>(value: T): Op<T> {
  return operator('lt', { column: lowerOrder }, value);
}

/** Less than or equal to the value. */
export function lte<const T>(value: T): Op<T> {
  return operator('lte', { column: lowerOrder }, value);
}

/** Greater than the value. */
export function gt<const T>(value: T): Op<T> {
  return operator('gt', { column: lowerOrder }, value);
}

/** Greater than or equal to the value. */
export function gte<const T>(value: T): Op<T> {
  return operator('gte', { column: lowerOrder }, value);
}

/** From `low` to `high`, both included. */
export function between<const T>(low: T, high: T): Op<T> {
  return operator('and', { column: lowerAll }, gte(low), lte(high));
}

/**
 * Matches a pattern in which `%` stands for any text and `_` for any character; `\` before one of them takes it
 * literally. Whether case counts is the engine's: on SQLite ASCII letters match in either case.
 */
export function like(pattern: string): Op<string> {
  return operator('like', { column: lowerLike }, pattern);
}

/** Contains the text literally, wildcards included. */
export function contains(part: string): Op<string> {
  return operator('like', { column: lowerPart }, part, '%', '%');
}

/** Begins with the text literally, wildcards included. */
export function startsWith(part: string): Op<string> {
  return operator('like', { column: lowerPart }, part, '', '%');
}

/** Ends with the text literally, wildcards included. */
export function endsWith(part: string): Op<string> {
  return operator('like', { column: lowerPart }, part, '%', '');
}

/** One of the values. An empty list matches nothing; a list of any length is one parameter. */
export function isIn<const T>(values: readonly T[]): Op<T> {
  return operator('in', { column: lowerList }, values);
}

/** None of the values; an empty list matches everything, and NULL is matched too. */
export function notIn<const T>(values: readonly T[]): Op<T> {
  return operator('not-in', { column: lowerList }, values);
}

/** NULL. */
export function isNull(): Op<never> {
  return operator('is-null', { column: lowerIsNull });
}

/** Not NULL. */
export function isNotNull(): Op<never> {
  return operator('is-not-null', { column: lowerIsNotNull });
}

/** All of the conditions. */
export function and<T>(...conditions: NoInfer<Where<T>>[]): Condition<T> {
  return operator('and', { column: lowerAll, entity: lowerLogical }, ...conditions);
}

/** At least one of the conditions; none at all matches nothing. */
export function or<T>(...alternatives: NoInfer<Where<T>>[]): Condition<T> {
  return operator('or', { entity: lowerLogical }, ...alternatives);
}

/** Not the condition: rows for which it is false or, because of a NULL, unknown. */
export function not<T>(where: NoInfer<Where<T>>): Condition<T> {
  return operator('not', { entity: lowerLogical }, where);
}

/** Every row, said by name: an empty filter is refused where it would write. */
export function all<T>(): Condition<T> {
  return operator('all', { entity: lowerAllRows });
}

/** At least one related row meets the condition; without one, that there is a related row: `EXISTS (…)`. */
export function some<T extends object>(): Op<Collection<T>>;
export function some<T extends object>(where: NoInfer<Where<T>>): Op<Collection<T>>;
export function some(...where: readonly object[]): Op<never> {
  return quantifier('some', where);
}

/** Every related row meets the condition; true where there is none: `NOT EXISTS (… IS NOT TRUE)`. */
export function every<T extends object>(where: NoInfer<Where<T>>): Op<Collection<T>> {
  return quantifier('every', [where]);
}

/** No related row meets the condition; without one, that there is no related row: `NOT EXISTS (…)`. */
export function none<T extends object>(): Op<Collection<T>>;
export function none<T extends object>(where: NoInfer<Where<T>>): Op<Collection<T>>;
export function none(...where: readonly object[]): Op<never> {
  return quantifier('none', where);
}

// A condition that is undefined is a mistake, and not the same as none.
function quantifier(kind: 'some' | 'every' | 'none', where: readonly unknown[]): Op<never> {
  return operator(kind, { relation: lowerQuantifier }, ...(where.length === 0 ? [{}] : where));
}

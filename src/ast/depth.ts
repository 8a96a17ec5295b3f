import { ValidationError } from '../errors.ts';

// SQLite refuses expressions deeper than 1,000 (https://www.sqlite.org/limits.html), and a condition made from
// somebody's data must not overflow the stack either.
const maxDepth = 500;

/** Throws `validation` where a tree of conditions is nested more than 500 levels deep. */
export function checkDepth(depth: number): void {
  if (depth > maxDepth) {
    throw new ValidationError(`The condition is nested more than ${maxDepth} levels deep; flatten it.`);
  }
}

import type { Statement } from '../../src/port.ts';

/**
 * Which statements are meant: those whose text holds the string, those whose text the expression finds, or those that the
 * function says yes to. `BEGIN`, `COMMIT` and `ROLLBACK` are statements with these texts here, whatever the driver sends.
 */
export type Match = string | RegExp | ((statement: Statement) => boolean);

/** Whether a statement is meant. */
export function matches(match: Match, statement: Statement): boolean {
  if (typeof match === 'function') return match(statement);
  if (typeof match === 'string') return statement.sql.includes(match);
  // Unlike test(), search() leaves lastIndex alone, so that /…/g means the same every time.
  return statement.sql.search(match) >= 0;
}

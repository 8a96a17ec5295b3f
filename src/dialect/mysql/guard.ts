import type { MysqlFailure } from './failure.ts';

/** The largest BIGINT, of which a multiple is out of range. */
const LARGEST = '9223372036854775807';

/** What the server prints of {@link failUnlessText}: MariaDB in one way, MySQL with more parentheses. */
const PRINTED = new RegExp(
  `^BIGINT(?: UNSIGNED)? value is out of range in '\\(*${LARGEST} \\* \\(+2 \\+ \\w+\\((?:_\\w+)?'(meshestra guard \\d+;)'`,
);

/**
 * A SELECT with two parameters, the expected count and the guard, that fails with an error which holds the guard where the
 * count is another one. An overflow, because the server prints the expression that overflows; a cast, a division and a path
 * of JSON would only warn, and `DO` swallows errors.
 */
export function failUnlessText(count: string): string {
  return `SELECT IF(${count} = ?, 0, ${LARGEST} * (2 + LENGTH(?) + ${count}))`;
}

/** The guard that a failure holds, which is never a value of the application's; null where there is none. */
export function guardOf({ errno, message }: MysqlFailure): string | null {
  return errno === 1690 ? (PRINTED.exec(message)?.[1] ?? null) : null;
}

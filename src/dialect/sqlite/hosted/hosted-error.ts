import { type PersistenceError, TransactionScopeError, ValidationError } from '../../../errors.ts';
import { sqliteError } from '../error-map.ts';
import { RESULT_CODES } from '../result-codes.ts';

// `UNIQUE constraint failed: t.x: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_UNIQUE)`, `… at offset 7: SQLITE_ERROR`
const SQLITE_TEXT = /^(.*?)(?: at offset \d+)?: SQLITE_([A-Z]+)(?: \(extended: \w+\))?$/s;

/** What a platform finds out before SQLite has run anything, and limits that it sets to SQLite. */
const REFUSED: readonly (readonly [sign: RegExp, message: string])[] = [
  [/Wrong number of parameter bindings/, 'the statement has more or fewer parameters than values were given'],
  [/did not contain a statement|No SQL statements? detected/, 'there is no statement in the text'],
  [/too many SQL variables/, 'the statement has more parameters than the database takes'],
  [/pattern too complex/, 'a LIKE pattern is longer than the 50 bytes that the database takes'],
  [/string or blob too big/, 'a text or a byte string is larger than the database takes'],
  [/statement too long/, 'the text of the statement is longer than the database takes'],
];

/**
 * What the text of a failure of SQLite means, where a platform runs SQLite and tells its result code at the end of the
 * text. Null for a text that is not about a statement, such as a connection that was lost.
 */
export function hostedError(text: string, cause: unknown): PersistenceError | null {
  const refused = REFUSED.find(([sign]) => sign.test(text));
  if (refused !== undefined) return new ValidationError(refused[1], { cause });
  if (text.startsWith('To execute a transaction,')) return controlRefused('BEGIN or SAVEPOINT');
  const [, message = '', code = ''] = SQLITE_TEXT.exec(text) ?? [];
  return code === '' ? null : sqliteError(message, RESULT_CODES.get(code), cause);
}

/** The error for BEGIN, COMMIT, SAVEPOINT and their like, which the platform does not let through. */
export function controlRefused(verb: string): TransactionScopeError {
  return new TransactionScopeError(`${verb} cannot be sent as a statement here; use a transaction of Meshestra's`);
}

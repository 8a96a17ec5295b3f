import { isWellFormed } from '../../codec/well-formed.ts';
import { ValidationError } from '../../errors.ts';

/**
 * An identifier in double quotes. Throws `validation` for what SQLite cannot keep as a name: the empty name, NUL, and
 * lone surrogates.
 *
 * SQLite takes a quoted name that it does not know for a string (https://www.sqlite.org/quirks.html, section 8), so a
 * column in an expression is always written with its table in front, where that cannot happen.
 */
export function quote(identifier: string): string {
  if (identifier === '' || identifier.includes('\0') || !isWellFormed(identifier)) {
    throw new ValidationError('A name in the database is empty or has a NUL or a lone surrogate in it; rename it.');
  }
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The quoted name of a list in WITH; it must not hide the table, and names of SQLite know no case. */
export function besides(table: string, name: string): string {
  return table.toLowerCase() === name ? `"${name}2"` : `"${name}"`;
}

/** Text as a literal, for DDL, which takes no parameters. Throws `validation` for NUL and lone surrogates. */
export function textLiteral(text: string): string {
  if (text.includes('\0') || !isWellFormed(text)) {
    throw new ValidationError('A text in the schema has a NUL or a lone surrogate in it, which SQL text cannot hold.');
  }
  return `'${text.replaceAll("'", "''")}'`;
}

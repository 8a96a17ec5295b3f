import { isWellFormed } from '../../codec/well-formed.ts';
import { ValidationError } from '../../errors.ts';

const LONGEST = 64;

/**
 * An identifier in backticks. Throws `validation` for what the server cannot keep as a name
 * (https://dev.mysql.com/doc/refman/8.4/en/identifiers.html): the empty name, more than 64 characters, a blank at the end,
 * NUL, lone surrogates, and characters beyond the basic multilingual plane, such as emoji.
 */
export function quote(identifier: string): string {
  if (identifier === '' || identifier.includes('\0') || !isWellFormed(identifier)) {
    throw new ValidationError('A name in the database is empty or has a NUL or a lone surrogate in it; rename it.');
  }
  if (identifier.length > LONGEST) {
    throw new ValidationError(
      `A name in the database has ${identifier.length} characters, but MySQL takes ${LONGEST}: '${identifier.slice(0, LONGEST)}…'; shorten it.`,
    );
  }
  if (identifier.endsWith(' ') || /[^\0-\uFFFF]/u.test(identifier)) {
    throw new ValidationError(
      `The name '${identifier}' ends with a blank or has a character beyond U+FFFF in it, which MySQL refuses; rename it.`,
    );
  }
  return `\`${identifier.replaceAll('`', '``')}\``;
}

/** The quoted alias of a list beside a table; some servers know no case in names. */
export function besides(table: string, name: string): string {
  return table.toLowerCase() === name ? `\`${name}2\`` : `\`${name}\``;
}

/** Text as a literal, for DDL, which takes no parameters. Throws `validation` for NUL and lone surrogates. */
export function textLiteral(text: string): string {
  if (text.includes('\0') || !isWellFormed(text)) {
    throw new ValidationError('A text in the schema has a NUL or a lone surrogate in it, which SQL text cannot hold.');
  }
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

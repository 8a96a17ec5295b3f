import { isWellFormed } from '../../codec/well-formed.ts';
import { ValidationError } from '../../errors.ts';

const MAX_BYTES = 63;

/**
 * An identifier in double quotes. Throws `validation` for what PostgreSQL cannot keep as a name: the empty name, NUL, lone
 * surrogates, and more than 63 bytes of UTF-8, which the server would cut off without a word
 * (https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS).
 */
export function quote(identifier: string): string {
  if (identifier === '' || identifier.includes('\0') || !isWellFormed(identifier)) {
    throw new ValidationError('A name in the database is empty or has a NUL or a lone surrogate in it; rename it.');
  }
  // A UTF-16 unit has 3 bytes at most, so that short names need no counting.
  if (identifier.length > MAX_BYTES / 3 && new TextEncoder().encode(identifier).length > MAX_BYTES) {
    throw new ValidationError(
      `The name '${identifier.slice(0, 100)}' has more than the ${MAX_BYTES} bytes that PostgreSQL keeps of a name; give a shorter one.`,
    );
  }
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** The quoted name of a list in WITH or FROM, which must not be the name of the table that is written. */
export function besides(table: string, name: string): string {
  return table === name ? `"${name}2"` : `"${name}"`;
}

/** Text as a literal, for places that take no parameters. Throws `validation` for NUL and lone surrogates. */
export function textLiteral(text: string): string {
  if (text.includes('\0') || !isWellFormed(text)) {
    throw new ValidationError(
      'A text in the schema has a NUL or a lone surrogate in it, which PostgreSQL cannot hold.',
    );
  }
  const quoted = `'${text.replaceAll("'", "''")}'`;
  // This form means the same whether standard_conforming_strings is on or off.
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}

/** The sequence behind a generated key. Its first argument is read as an identifier, its second one as it is. */
export function sequenceOf(table: string, column: string): string {
  // In a sub-query of its own it is looked up once, and not for each row.
  return `(SELECT pg_get_serial_sequence(${textLiteral(quote(table))}, ${textLiteral(column)})::regclass)`;
}

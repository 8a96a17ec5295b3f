import { toHex } from '../../codec/hex.ts';
import { isWellFormed } from '../../codec/well-formed.ts';
import { ValidationError } from '../../errors.ts';
import type { Statement } from '../../wire/statement.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/**
 * What a statement's text is made of where a question mark may stand for a value, or may not: texts, names and comments,
 * each up to the end where nothing ends it. Behind `--` a control character makes a comment as a blank does, and no blank
 * beyond ASCII does.
 */
const TOKEN =
  /'(?:[^'\\]+|\\.|'')*(?:'|$)|"(?:[^"\\]+|\\.|"")*(?:"|$)|`[^`]*(?:`|$)|--(?=[\0-\x20\x7f]|$)[^\n]*|#[^\n]*|\/\*.*?(?:\*\/|$)|\?/gs;

/** A comment that the server reads, with a question mark in it. */
const HINT = /^\/\*(?:M?!|\+).*\?/s;

/** Behind a text, another one would be the rest of it. */
const TEXT_FOLLOWS = /^(?:\s|--\s[^\n]*\n|#[^\n]*\n|\/\*.*?\*\/)*['"]/s;

/**
 * The statement with its values in its text, for where there are no prepared statements: over HTTP, and where several are
 * one text. Written for MySQL's and Vitess's lexers in the modes without ANSI_QUOTES and NO_BACKSLASH_ESCAPES.
 *
 * The `format` of the packages writes fractions as decimals and not as floating point, changes lone surrogates, makes lists
 * of arrays, and leaves a statement alone that has more or fewer places than there are values.
 *
 * Throws `validation` where the places and values are not as many, and for what no text can hold.
 */
export function formatStatement({ sql, params }: Statement): string {
  if (params.length === 0) return sql;
  let text = '';
  let end = 0;
  let count = 0;
  for (const { 0: token, index } of sql.matchAll(TOKEN)) {
    if (HINT.test(token)) throw inComment();
    if (token !== '?') continue;
    text += sql.slice(end, index) + valueBetween(sql, index, params[count] ?? null);
    end = index + 1;
    count += 1;
  }
  if (count !== params.length) {
    throw new ValidationError(`a statement has ${count} places for values, and ${params.length} values`);
  }
  return text + sql.slice(end);
}

/** The value for the place at an index, apart from the words beside it. */
function valueBetween(sql: string, index: number, value: WireValue): string {
  const text = literal(value);
  if (text.startsWith("'") && TEXT_FOLLOWS.test(sql.slice(index + 1, index + 200))) throw beforeText();
  return `${isApart(sql[index - 1]) ? '' : ' '}${text}${isApart(sql[index + 1]) ? '' : ' '}`;
}

/** Whether a value may stand right beside a character without becoming a part of another word. */
function isApart(beside: string | undefined): boolean {
  return beside === undefined || /[\s(),;=<>+*/%]/.test(beside);
}

/** A value as SQL text. */
function literal(value: WireValue): string {
  switch (typeof value) {
    case 'string':
      return quoteText(value);
    case 'number':
      return numberText(value);
    case 'bigint':
      return String(value);
    case 'boolean':
      return value ? '1' : '0';
    default:
      return value === null ? 'NULL' : `x'${toHex(value)}'`;
  }
}

// Without an exponent a fraction is a decimal, with which the server calculates otherwise.
function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new ValidationError('SQL has no NaN and no infinity');
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : floatText(value);
}

function floatText(value: number): string {
  return Object.is(value, -0) ? '-0e0' : value.toExponential();
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\n': '\\n',
  '\r': '\\r',
  '\x1a': '\\Z',
  "'": "''",
  '\\': '\\\\',
};

function quoteText(text: string): string {
  if (!isWellFormed(text)) throw new ValidationError('a value has a lone surrogate in it, which UTF-8 cannot hold');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the characters that the server's lexer or tools stumble over
  return `'${text.replace(/[\0\n\r\x1a'\\]/g, (character) => ESCAPES[character] ?? character)}'`;
}

function inComment(): ValidationError {
  return new ValidationError('a statement has a place for a value in a comment that the server executes; move it out');
}

function beforeText(): ValidationError {
  return new ValidationError('a statement has a quoted text right behind a place for a value; write AS between them');
}

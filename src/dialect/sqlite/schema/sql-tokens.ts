/** A piece of SQL text as SQLite reads it (https://www.sqlite.org/c3ref/keyword_check.html, tokenize.c). */
export interface SqlToken {
  /** `word` is a bare name, keyword or number; `name` a name in quotes; `text` a literal in quotes. */
  readonly kind: 'word' | 'name' | 'text' | 'sign';
  /** As it stands in the text. */
  readonly text: string;
}

const TOKEN =
  /(?<blank>\s+|--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?)|(?<name>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<text>[xX]?'(?:[^']|'')*')|(?<word>[\p{L}\p{N}_$\u0080-\u{10FFFF}.]+(?:(?<=\d[eE])[+-]\d+)?)|(?<sign>\|\||->>|->|<<|>>|<=|>=|<>|!=|==|.)/gsuy;

/** The tokens of a text, without blanks and comments. */
export function sqlTokens(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const { 0: text, groups } of sql.matchAll(TOKEN)) {
    if (groups?.blank !== undefined) continue;
    const kind = (['name', 'text', 'word'] as const).find((one) => groups?.[one] !== undefined) ?? 'sign';
    if (kind === 'word' && text.includes('.') && !/^[\d.]/.test(text)) tokens.push(...dotted(text));
    else tokens.push({ kind, text });
  }
  return tokens;
}

// `main.t` is three tokens, `1.5` is one.
function dotted(text: string): SqlToken[] {
  return text
    .split(/(\.)/)
    .filter((part) => part !== '')
    .map((part) => ({ kind: part === '.' ? 'sign' : 'word', text: part }));
}

/** The name that a token stands for; undefined where it is none. */
export function nameOf({ kind, text }: SqlToken): string | undefined {
  if (kind === 'word') return text;
  // A literal is taken for a name where one is expected (https://www.sqlite.org/lang_keywords.html).
  if (kind === 'sign' || /^x/i.test(text)) return undefined;
  const inside = text.slice(1, -1);
  return text.startsWith('[') ? inside : inside.replaceAll(text.slice(0, 1).repeat(2), text.slice(0, 1));
}

const SPACED_BEFORE_PARENTHESIS =
  /^(?:IN|AND|OR|NOT|AS|WHEN|THEN|ELSE|BETWEEN|LIKE|GLOB|IS|CASE|EXISTS|SELECT|FROM|WHERE)$/i;

/**
 * One expression in one form, whatever blanks, line ends and comments it was written with: what a program declares is equal
 * to what `sqlite_schema` holds of it.
 */
export function joinTokens(tokens: readonly SqlToken[]): string {
  let text = '';
  let before: SqlToken | undefined;
  for (const token of tokens) {
    text += before === undefined || isTight(before, token) ? token.text : ` ${token.text}`;
    before = token;
  }
  return text;
}

function isTight(left: SqlToken, right: SqlToken): boolean {
  if (left.text === '(' || left.text === '.' || right.text === '.' || right.text === ')' || right.text === ',')
    return true;
  if (right.text !== '(') return false;
  return left.kind === 'word' && !SPACED_BEFORE_PARENTHESIS.test(left.text);
}

/** The expression without parentheses around all of it, in the form of {@link joinTokens}. */
export function canonicalExpression(sql: string): string {
  let tokens = sqlTokens(sql);
  while (isEnclosed(tokens)) tokens = tokens.slice(1, -1);
  return joinTokens(tokens);
}

function isEnclosed(tokens: readonly SqlToken[]): boolean {
  if (tokens.length < 3 || tokens[0]?.text !== '(') return false;
  let depth = 0;
  return tokens.every(({ kind, text }, place) => {
    if (kind === 'sign' && text === '(') depth += 1;
    if (kind === 'sign' && text === ')') depth -= 1;
    return depth > 0 || place === tokens.length - 1;
  });
}

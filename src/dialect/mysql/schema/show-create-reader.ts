/** Reads the text of SHOW CREATE TABLE from left to right. */
export interface ShowCreateReader {
  /** What is left to read. */
  rest(): string;
  atEnd(): boolean;
  /** Reads the words, whatever their case is, where they come next; gives whether they did. */
  take(words: string): boolean;
  /** Reads what the pattern finds next, and gives its first group. */
  match(pattern: RegExp): string | null;
  /** Reads a name in backticks. */
  name(): string;
  /** Reads parentheses, and gives what is between them. */
  group(): string;
  /** Reads up to a blank, or to the end, that is neither in quotes nor in parentheses. */
  piece(): string;
  /** Reads a literal, and gives its text. */
  text(): string;
}

/** A quoted name or text: the reader never looks into one. */
const QUOTED = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`/sy;

/** Begins to read a text. Comments that the server itself reads are no comments here. */
export function readShowCreate(sql: string): ShowCreateReader {
  const text = sql.replace(/('(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`)|\/\*!\d* ?| ?\*\//gs, '$1');
  let place = 0;
  const skipBlanks = (): void => {
    while (/\s/.test(text[place] ?? '')) place += 1;
  };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    skipBlanks();
    const sticky = new RegExp(pattern, 'isy');
    sticky.lastIndex = place;
    const found = sticky.exec(text);
    if (found !== null) place = sticky.lastIndex;
    return found;
  };
  return {
    rest: () => text.slice(place).trim(),
    atEnd: () => text.slice(place).trim() === '',
    take: (words) => match(new RegExp(`${words}(?![\\w$])`)) !== null,
    match: (pattern) => match(pattern)?.[1] ?? null,
    name: () => unquoted(match(QUOTED)?.[0] ?? ''),
    group() {
      skipBlanks();
      const end = endOf(text, place + 1, ')');
      const inside = text.slice(place + 1, end);
      place = end + 1;
      return inside;
    },
    piece() {
      skipBlanks();
      const end = endOf(text, place, ' ');
      const piece = text.slice(place, end);
      place = end;
      return piece;
    },
    text: () => unescaped(match(QUOTED)?.[0] ?? ''),
  };
}

/** Splits what stands between the parentheses of a list at its commas. */
export function splitList(list: string): readonly string[] {
  const items: string[] = [];
  for (let start = 0; start < list.length; ) {
    const end = endOf(list, start, ',');
    items.push(list.slice(start, end).trim());
    start = end + 1;
  }
  return items;
}

/** A quoted thing, a parenthesis, or any other character. */
const PIECE = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`|./sy;

/** Where a character comes first outside of quotes and parentheses; the end where it does not. */
function endOf(text: string, start: number, sought: string): number {
  let depth = 0;
  for (let place = start; place < text.length; place = PIECE.lastIndex) {
    PIECE.lastIndex = place;
    const [piece = ''] = PIECE.exec(text) ?? [];
    if (depth === 0 && (piece === sought || (sought === ' ' && piece === '\n'))) return place;
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
  }
  return text.length;
}

function unquoted(name: string): string {
  return name.slice(1, -1).replaceAll('``', '`');
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['b', '\b'],
  ['0', '\0'],
  ['Z', '\x1A'],
]);

function unescaped(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/''|\\(.)/gs, (_, escaped: string | undefined) =>
      escaped === undefined ? "'" : (ESCAPES.get(escaped) ?? escaped),
    );
}

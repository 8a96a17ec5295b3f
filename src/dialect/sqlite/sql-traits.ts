/** What the text of one SQL statement tells before SQLite has seen it. */
export interface SqlTraits {
  /** The first word, in upper case: `SELECT`, `PRAGMA`, … */
  readonly verb: string;
  /** `insert` may generate a key; `change` alters rows; `read` neither; `other` is DDL, a pragma, and the rest. */
  readonly effect: 'read' | 'insert' | 'change' | 'other';
  /** BEGIN, COMMIT, SAVEPOINT and their like; `savepoint` for those that stay inside the open transaction. */
  readonly control: 'none' | 'transaction' | 'savepoint';
}

// Quoted text is cut at each quote sign, so 'it''s' is two tokens: enough here, and linear for any input.
const TOKEN =
  /\s+|--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|'[^']*'?|"[^"]*"?|`[^`]*`?|\[[^\]]*\]?|[A-Za-z_]\w*|./gsy;
const BLANK = /^(?:\s|--|\/\*)/;

/** Answers the next word of a text at every call, and undefined after the last. */
export type SqlWords = () => string | undefined;

/** The words, quoted texts and signs of a text, without blanks and comments. */
export function sqlWords(sql: string): SqlWords {
  const tokens = sql.matchAll(TOKEN);
  return () => {
    for (let next = tokens.next(); next.done !== true; next = tokens.next()) {
      if (!BLANK.test(next.value[0])) return next.value[0];
    }
    return undefined;
  };
}

/** Whether there is no statement in the text: only blanks, comments and semicolons. */
export function isBlank(sql: string): boolean {
  return firstWord(sqlWords(sql)) === '';
}

/** Reads the traits of the first statement of `sql`. */
export function sqlTraits(sql: string): SqlTraits {
  const next = sqlWords(sql);
  const verb = firstWord(next).toUpperCase();
  if (verb === 'EXPLAIN') return { verb, effect: 'read', control: 'none' };
  if (verb === 'WITH') return { verb, effect: effectAfterWith(next), control: 'none' };
  const effect = MAIN_VERBS.get(verb);
  if (effect === undefined) return { verb, effect: 'other', control: controlOf(verb, next) };
  return { verb, effect: effect === 'insert' ? insertEffect(next) : effect, control: 'none' };
}

// An upsert that updates leaves last_insert_rowid() as it was, so its key is not told.
function insertEffect(next: SqlWords): 'insert' | 'change' {
  let before = '';
  for (let word = next(); word !== undefined; word = next()) {
    const upper = word.length <= 8 ? word.toUpperCase() : '';
    if (before === 'DO' && upper === 'UPDATE') return 'change';
    before = upper;
  }
  return 'insert';
}

// The main statement begins at the first verb outside of parentheses.
function effectAfterWith(next: SqlWords): SqlTraits['effect'] {
  let depth = 0;
  for (let word = next(); word !== undefined; word = next()) {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    const effect = depth === 0 ? MAIN_VERBS.get(word.toUpperCase()) : undefined;
    if (effect !== undefined) return effect === 'insert' ? insertEffect(next) : effect;
  }
  return 'read';
}

const MAIN_VERBS: ReadonlyMap<string, SqlTraits['effect']> = new Map([
  ['SELECT', 'read'],
  ['VALUES', 'read'],
  ['INSERT', 'insert'],
  ['REPLACE', 'insert'],
  ['UPDATE', 'change'],
  ['DELETE', 'change'],
]);

function controlOf(verb: string, next: SqlWords): SqlTraits['control'] {
  switch (verb) {
    case 'BEGIN':
    case 'COMMIT':
    case 'END':
      return 'transaction';
    case 'SAVEPOINT':
    case 'RELEASE':
      return 'savepoint';
    case 'ROLLBACK':
      for (let word = next(); word !== undefined; word = next()) if (word.toUpperCase() === 'TO') return 'savepoint';
      return 'transaction';
    default:
      return 'none';
  }
}

function firstWord(next: SqlWords): string {
  let word = next();
  while (word === ';') word = next();
  return word ?? '';
}

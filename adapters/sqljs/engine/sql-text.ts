/** What the text of one SQL statement tells before SQLite has seen it. */
export interface SqlTraits {
  /** The first word, in upper case: `SELECT`, `PRAGMA`, … */
  readonly verb: string;
  /** `insert` may generate a key; `change` alters rows; `read` neither; `other` is DDL, a pragma, and the rest. */
  readonly effect: 'read' | 'insert' | 'change' | 'other';
  /** BEGIN, COMMIT, SAVEPOINT and their like; `savepoint` for those that stay inside the open transaction. */
  readonly control: 'none' | 'transaction' | 'savepoint';
  /** Why the statement is refused, where it would break persistence. */
  readonly refused?: string;
}

// Quoted text is cut at each quote sign, so 'it''s' is two tokens: enough here, and linear for any input.
const TOKEN =
  /\s+|--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|'[^']*'?|"[^"]*"?|`[^`]*`?|\[[^\]]*\]?|[A-Za-z_]\w*|./gsy;
const BLANK = /^(?:\s|--|\/\*)/;

/** Answers the next word of the text at every call, and undefined after the last. */
type Words = () => string | undefined;

function wordsOf(sql: string): Words {
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
  return firstWord(wordsOf(sql)) === '';
}

/** Reads the traits of the first statement of `sql`. */
export function sqlTraits(sql: string): SqlTraits {
  const next = wordsOf(sql);
  const verb = firstWord(next).toUpperCase();
  if (verb === 'EXPLAIN') return { verb, effect: 'read', control: 'none' };
  if (verb === 'WITH') return { verb, effect: effectAfterWith(next), control: 'none' };
  const effect = MAIN_VERBS.get(verb);
  if (effect === undefined) return otherTraits(verb, next);
  return { verb, effect: effect === 'insert' ? insertEffect(next) : effect, control: 'none' };
}

// An upsert that updates leaves last_insert_rowid() as it was, so its key is not told.
function insertEffect(next: Words): 'insert' | 'change' {
  let before = '';
  for (let word = next(); word !== undefined; word = next()) {
    const upper = word.length <= 8 ? word.toUpperCase() : '';
    if (before === 'DO' && upper === 'UPDATE') return 'change';
    before = upper;
  }
  return 'insert';
}

// The main statement begins at the first verb outside of parentheses.
function effectAfterWith(next: Words): SqlTraits['effect'] {
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

function otherTraits(verb: string, next: Words): SqlTraits {
  const after = take(next, 6);
  const plain = { verb, effect: 'other', control: 'none' } as const;
  switch (verb) {
    case 'BEGIN':
    case 'COMMIT':
    case 'END':
      return { ...plain, control: 'transaction' };
    case 'SAVEPOINT':
    case 'RELEASE':
      return { ...plain, control: 'savepoint' };
    case 'ROLLBACK':
      return { ...plain, control: after.includes('TO') ? 'savepoint' : 'transaction' };
    case 'ATTACH':
      return withReason(plain, attachReason(after));
    case 'VACUUM':
      return withReason(plain, after.includes('INTO') ? 'VACUUM INTO writes a file that nobody persists' : undefined);
    case 'PRAGMA':
      return withReason(plain, pragmaReason(after));
    default:
      return plain;
  }
}

function withReason(traits: SqlTraits, refused: string | undefined): SqlTraits {
  return refused === undefined ? traits : { ...traits, refused };
}

function attachReason(after: readonly string[]): string | undefined {
  const file = after[0] === 'DATABASE' ? after[1] : after[0];
  if (file === "':MEMORY:'" || file === "''") return undefined;
  return "ATTACH of a file by name is not persisted; only ATTACH ':memory:' is possible";
}

// Each of these pragmas is part of how commits reach the storage whole.
const FIXED = new Map([
  ['JOURNAL_MODE', ['MEMORY']],
  ['LOCKING_MODE', []],
  ['CACHE_SPILL', []],
  ['TRUSTED_SCHEMA', ['OFF', '0', 'FALSE', 'NO']],
]);

function pragmaReason(after: readonly string[]): string | undefined {
  const parts = after[1] === '.' ? after.slice(2) : after;
  const [name = '', operator, value = ''] = parts;
  const allowed = FIXED.get(unquoted(name));
  if (allowed === undefined || (operator !== '=' && operator !== '(')) return undefined;
  if (allowed.includes(unquoted(value))) return undefined;
  return `PRAGMA ${unquoted(name).toLowerCase()} is set by the driver and cannot be changed`;
}

function unquoted(word: string): string {
  return word.replace(/^['"`[](.*)['"`\]]$/s, '$1');
}

function firstWord(next: Words): string {
  let word = next();
  while (word === ';') word = next();
  return word ?? '';
}

function take(next: Words, count: number): readonly string[] {
  const taken: string[] = [];
  for (let word = next(); word !== undefined && taken.length < count; word = next()) taken.push(word.toUpperCase());
  return taken;
}

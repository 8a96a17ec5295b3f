import { type SqlWords, sqlWords } from '../../../src/dialect/sqlite/index.ts';

/** Why a statement that begins with `verb` is refused, where it would break persistence. */
export function refusedSql(verb: string, sql: string): string | undefined {
  const refuse = REFUSALS.get(verb);
  if (refuse === undefined) return undefined;
  const words = take(sqlWords(sql), 10);
  return refuse(words.slice(words.indexOf(verb) + 1));
}

const REFUSALS: ReadonlyMap<string, (after: readonly string[]) => string | undefined> = new Map([
  ['ATTACH', attachReason],
  ['VACUUM', (after) => (after.includes('INTO') ? 'VACUUM INTO writes a file that nobody persists' : undefined)],
  ['PRAGMA', pragmaReason],
]);

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

function take(next: SqlWords, count: number): readonly string[] {
  const taken: string[] = [];
  for (let word = next(); word !== undefined && taken.length < count; word = next()) taken.push(word.toUpperCase());
  return taken;
}

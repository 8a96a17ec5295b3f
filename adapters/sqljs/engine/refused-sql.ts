import { sqlWords } from '../../../src/dialect/sqlite/index.ts';

/** Why a statement that begins with `verb` is refused, where it would break persistence. */
export function refusedSql(verb: string, sql: string): string | undefined {
  if (!/^(?:ATTACH|VACUUM|PRAGMA)$/.test(verb)) return undefined;
  const next = sqlWords(sql);
  const words = Array.from({ length: 10 }, () => next()?.replace(QUOTED, '$1') ?? '')
    .join(' ')
    .toUpperCase();
  for (const [pattern, reason] of REFUSED) {
    const match = pattern.exec(words.slice(words.indexOf(verb)));
    if (match !== null) return reason.replace('$1', match[1] ?? '');
  }
  return undefined;
}

const QUOTED = /^['"`[](.*)['"`\]]$/s;

// What is refused of a text whose words have one blank between them. Each of these pragmas is part of how commits reach the
// storage whole, and has one value only.
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/^ATTACH (?:DATABASE )?(?!(?::MEMORY:)? )/, "ATTACH takes ':memory:' only; no file would be persisted"],
  [/^VACUUM .*\bINTO\b/, 'VACUUM INTO writes a file that nobody persists'],
  [
    /^PRAGMA (?:.* \. )?(JOURNAL_MODE(?= [=(] (?!MEMORY\b))|(?:LOCKING_MODE|CACHE_SPILL)(?= [=(])|TRUSTED_SCHEMA(?= [=(] (?!(?:OFF|0|FALSE|NO)\b)))/,
    'PRAGMA $1 is set by the driver and cannot be changed',
  ],
];

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { escapeLike } from '../../../src/query/escape-like.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

// Letters of one case only: LIKE of SQLite does not tell ASCII cases apart.
const piece = fc.string({ unit: fc.constantFrom('a', 'b', '%', '_', '\\', '!', '[', 'ä', '😀', ' '), maxLength: 6 });

describe('escapeLike', () => {
  let raw: RawSqljs;
  beforeAll(async () => {
    raw = await openRawSqljs();
  });
  const matches = (text: string, pattern: string): boolean =>
    raw.all({ sql: `SELECT ? LIKE ? ESCAPE '\\'`, params: [text, pattern] })[0]?.[0] === 1;

  it('puts the escape before each character that LIKE takes for more than itself', () => {
    expect(escapeLike('50%_of\\x')).toBe('50\\%\\_of\\\\x');
    expect(escapeLike('')).toBe('');
    expect(escapeLike('plain [a-z] !')).toBe('plain [a-z] !');
  });

  it('makes a pattern that matches its text and nothing else', () => {
    fc.assert(
      fc.property(piece, piece, (text, other) => {
        expect(matches(text, escapeLike(text))).toBe(true);
        expect(matches(other, escapeLike(text))).toBe(other === text);
        expect(matches(other, `%${escapeLike(text)}%`)).toBe(other.includes(text));
        expect(matches(other, `${escapeLike(text)}%`)).toBe(other.startsWith(text));
        expect(matches(other, `%${escapeLike(text)}`)).toBe(other.endsWith(text));
      }),
      { seed: 20_261_121, numRuns: 400 },
    );
  });
});

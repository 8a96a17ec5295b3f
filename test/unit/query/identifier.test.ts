import { describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { identifier, RawQuery, sql } from '../../../src/query/raw-query.ts';

const textsOf = (query: RawQuery): readonly string[] => RawQuery.toNode(query, sqlite, null).texts;

describe('identifier() in raw SQL', () => {
  it('is quoted by the dialect, whatever it holds', () => {
    expect(textsOf(sql`SELECT * FROM ${identifier('a"b; DROP TABLE x')} WHERE id = ${1}`)).toEqual([
      'SELECT * FROM "a""b; DROP TABLE x" WHERE id = ',
      '',
    ]);
  });

  it('takes texts only', () => {
    for (const name of [7, null, { toString: () => 'x' }, 'a\ud800']) {
      expect(() => identifier(name as string)).toThrow(expect.objectContaining({ code: 'validation' }));
    }
  });
});

describe('sql', () => {
  it('is no function for strings, arrays of data, or their clones', () => {
    const forged = [['x'], 'x', Object.assign(['x'], { raw: ['x'] }), JSON.parse('{"0":"x","raw":["x"],"length":1}')];
    for (const texts of forged) {
      expect(() => sql(texts as unknown as TemplateStringsArray)).toThrow(
        expect.objectContaining({ code: 'validation' }),
      );
    }
  });
});

import { describe, expect, it } from 'vitest';
import { besides, quote, textLiteral } from '../../../src/dialect/mysql/quote.ts';
import { openOnServer } from './on-server.ts';

const { server, run } = await openOnServer();

const names = [
  'a"b',
  'a`b',
  '``',
  'x`; drop table sentinel; --',
  'a.b',
  'a`.`b',
  'count(*) as x',
  'line\nbreak',
  '/* comment */',
  'select',
  'constructor',
  '0',
  '?',
  'é',
  'a'.repeat(64),
  'ü'.repeat(64),
];

describe.skipIf(server.missing !== undefined)(
  server.title('A name of MySQL is one identifier, whatever is in it'),
  () => {
    it.each(names)('%j', async (name) => {
      const table = quote(name);
      await run(`CREATE TABLE ${table} (${table} INT)`);
      await run(`INSERT INTO ${table} (${table}) VALUES (7)`);
      const found = await run(`SELECT ${table}.${table} FROM ${table}`);
      expect([found.columns, found.rows]).toEqual([[name], [[7]]]);
      await run(`DROP TABLE ${table}`);
    });
  },
);

describe('A name that MySQL cannot keep', () => {
  it.each(['', 'a\0b', '\uD800', 'a'.repeat(65), 'ü'.repeat(65), 'trail ', ' ', 'emoji😀'])(
    '%j is a validation error, never cut or changed',
    (name) => {
      expect(() => quote(name)).toThrow(expect.objectContaining({ code: 'validation' }));
    },
  );

  it.skipIf(server.missing !== undefined).each(['a'.repeat(65), 'trail ', 'emoji😀'])(
    '%j is refused by the server, too',
    async (name) => {
      await expect(run(`CREATE TABLE \`${name}\` (a INT)`)).rejects.toThrow();
    },
  );
});

describe('An alias beside a table', () => {
  it('is another one than its name, in any case', () => {
    expect([besides('things', 'v'), besides('V', 'v')]).toEqual(['`v`', '`v2`']);
  });
});

describe.skipIf(server.missing !== undefined)(server.title('A text as a literal'), () => {
  it.each(["it's", 'back\\slash', "\\'; DROP TABLE x; --", 'tä😀', 'line\nbreak', '%_?', '\\\\'])(
    '%j',
    async (text) => {
      expect((await run(`SELECT ${textLiteral(text)}`)).rows).toEqual([[text]]);
    },
  );

  it('without NUL and lone surrogates, which are validation errors', () => {
    for (const text of ['a\0b', '\uDC00']) {
      expect(() => textLiteral(text)).toThrow(expect.objectContaining({ code: 'validation' }));
    }
  });
});

import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import type { AnyColumn } from '../../../src/codec/column.ts';
import { createPersistence, customType, Entity, integer, like, sql } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { refusalOf, registryOf } from '../../support/registry-of.ts';

/** Texts that are stored backwards, and that are no numbers. */
const backwards = () =>
  customType<string>({
    name: 'a word',
    sqlType: 'TEXT',
    encode(word) {
      if (/\d/.test(word)) throw new Error(`secret: ${word}`);
      return word;
    },
    decode(wire) {
      if (wire.startsWith('!')) throw new Error(`secret: ${wire}`);
      return wire;
    },
    sql: { write: (wire) => `('<' || ${wire})`, read: (stored) => `substr(${stored}, 2)` },
  });

class Word extends Entity('words', {
  id: integer().primaryKey(),
  word: backwards(),
  first: backwards().default('a'),
}) {}

async function open() {
  const db = await createPersistence({ driver: sqljs(), entities: [Word] });
  const texts: string[] = [];
  db.on('statement', ({ sql: text }) => texts.push(text));
  await createSchema(db);
  return { db, em: db.em(), texts };
}

describe('The SQL of a custom type', () => {
  it('has its conversions wherever it writes, compares or reads, and in the schema', async () => {
    const { em, texts } = await open();
    expect(texts).toEqual([
      `CREATE TABLE IF NOT EXISTS "words" (
  "id" INTEGER PRIMARY KEY,
  "word" TEXT NOT NULL,
  "first" TEXT NOT NULL DEFAULT (('<' || 'a'))
) STRICT`,
    ]);
    texts.length = 0;
    const words = [1, 2].map((id) => em.create(Word, { id, word: 'x' }));
    await em.flush();
    for (const word of words) word.word = 'y';
    await em.flush();
    await em.find(Word, { word: 'y' });
    const { rows } = await em.execute(sql`SELECT word FROM words`);
    expect(rows).toEqual([['<y'], ['<y']]);
    expect(texts.filter((text) => !/^(BEGIN|COMMIT)/.test(text))).toEqual([
      `INSERT INTO "words" ("id", "word", "first") VALUES (?, ('<' || ?), ('<' || ?)), (?, ('<' || ?), ('<' || ?))`,
      `WITH "v"("0", "1") AS (VALUES (?, ('<' || ?)), (?, ('<' || ?))) UPDATE "words" SET "word" = "v"."1" FROM "v" WHERE "words"."id" = "v"."0"`,
      `SELECT "t0"."id", substr("t0"."word", 2) AS "word", substr("t0"."first", 2) AS "first" FROM "words" AS "t0" WHERE "t0"."word" = ('<' || ?)`,
      'SELECT word FROM words',
    ]);
  });
});

describe('A custom type', () => {
  it('never shows a value that its functions refuse', async () => {
    const { em } = await open();
    em.create(Word, { id: 1, word: 'a1' });
    await expect(em.flush()).rejects.toMatchObject({
      code: 'validation',
      entity: 'words',
      property: 'word',
      message: 'words.word: expected a word, got a string',
    });
    em.revert();
    await em.execute(sql`INSERT INTO words (id, word) VALUES (1, '<!')`, { writes: ['words'] });
    await expect(em.find(Word)).rejects.toMatchObject({
      code: 'deserialization',
      property: 'word',
      message: 'words.word: the stored value cannot be read: expected a word as it is stored, got a string',
    });
  });

  it('has no patterns, because what is stored may be something else', async () => {
    const { em } = await open();
    await expect(em.find(Word, { word: like('a%') })).rejects.toMatchObject({ code: 'validation' });
  });

  const problems: Record<string, [() => Record<string, AnyColumn>, string]> = {
    'a key that was not declared as one': [
      () => ({ id: backwards().primaryKey() }),
      'things.id: a custom type needs `key: true` to be part of a primary key',
    ],
    'no type for the dialect': [
      () => ({
        id: integer().primaryKey(),
        at: customType<string>({
          name: 'a point',
          sqlType: { postgres: 'point' },
          encode: (at) => at,
          decode: (at) => at,
        }),
      }),
      "things.at: the type has no sqlType for the dialect 'sqlite'; add it by that name",
    ],
  };
  it.each(Object.entries(problems))('refuses %s', (_, [columns, message]) => {
    const refusal = refusalOf(() => registryOf(class extends Entity('things', columns()) {}));
    expect(refusal).toMatchObject({ code: 'configuration', message });
  });

  it.each([
    ['twice', (wire: string) => `${wire} || ${wire}`],
    ['never', () => "'x'"],
  ])('refuses a conversion that has its argument %s', (_, write) => {
    const declare = () =>
      customType<string>({ name: 'a word', sqlType: 'TEXT', encode: (a) => a, decode: (a) => a, sql: { write } });
    expect(refusalOf(declare)).toMatchObject({
      code: 'configuration',
      message: 'a word: the SQL that write() makes has to hold its argument exactly once',
    });
  });
});

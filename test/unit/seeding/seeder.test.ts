import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer, manyToMany, manyToOne, text } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { createSeeder, defineFactory } from '../../../src/seeding/index.ts';

class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text(),
  bio: text().nullable(),
}) {}
class Tag extends Entity('tags', { name: text().primaryKey() }) {}
class Book extends Entity('books', {
  id: integer().primaryKey().generated(),
  title: text(),
  year: integer(),
}) {
  author = manyToOne(() => Author);
  tags = manyToMany(() => Tag, { through: 'book_tags' });
}

const authors = defineFactory(Author, ({ sequence }) => ({ name: `Author ${sequence}` }));
const tags = defineFactory(Tag, ({ sequence }) => ({ name: `tag ${sequence}` }));
const books = defineFactory(Book, ({ sequence, random, seeder }) => ({
  title: `Book ${sequence}`,
  year: random.integer(1900, 2000),
  author: () => seeder.create(authors),
  tags: () => seeder.createMany(tags, 2),
}));

async function seeded(seed: number): Promise<readonly unknown[]> {
  await using db = await createPersistence({ driver: sqljs(), entities: [Author, Tag, Book] });
  await createSchema(db);
  const em = db.em();
  const seeder = createSeeder(em, { seed });
  const ada = seeder.create(authors, { name: 'Ada', bio: 'counts' });
  seeder.createMany(books, 4, (index) => (index % 2 === 0 ? { author: ada } : { title: `Own ${index}` }));
  await em.flush();
  const rows = await db.em().find(Book, {}, { orderBy: { id: 'asc' }, populate: ['author', 'tags'] });
  return rows.map(({ title, year, author, tags: own }) => [
    title,
    year,
    author.get().name,
    own.toArray().map(({ name }) => name),
  ]);
}

describe('A seeder', () => {
  it('makes entities of factories with what they refer to, and nothing to no purpose', async () => {
    const rows = await seeded(7);
    expect(rows.map((row) => (row as unknown[]).filter((_, place) => place !== 1))).toEqual([
      ['Book 1', 'Ada', ['tag 1', 'tag 2']],
      ['Own 1', 'Author 2', ['tag 3', 'tag 4']],
      ['Book 3', 'Ada', ['tag 5', 'tag 6']],
      ['Own 3', 'Author 3', ['tag 7', 'tag 8']],
    ]);
  });

  it('makes the same data for the same seed', async () => {
    expect(await seeded(7)).toEqual(await seeded(7));
    expect(await seeded(7)).not.toEqual(await seeded(8));
  });

  it('refuses a count that is none', async () => {
    await using db = await createPersistence({ driver: sqljs(), entities: [Author] });
    const seeder = createSeeder(db.em());
    for (const count of [-1, 1.5, Number.NaN]) {
      expect(() => seeder.createMany(authors, count)).toThrow(expect.objectContaining({ code: 'validation' }));
    }
    expect(seeder.createMany(authors, 0)).toEqual([]);
  });
});

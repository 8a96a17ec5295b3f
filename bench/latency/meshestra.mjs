// Meshestra over neonFetch: a flush is one request.
import { createPersistence, Entity, integer, manyToMany, manyToOne, text } from 'meshestra';
import { neonFetch } from 'meshestra/neon/fetch';
import { createSchema } from 'meshestra/schema';
import { AUTHORS, BOOKS, CATEGORIES, TAGS } from './graph.mjs';

class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text(),
  version: integer().version(),
}) {}
class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text().unique() }) {}
class Category extends Entity('categories', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Category, { nullable: true });
}
class Book extends Entity('books', { id: integer().primaryKey().generated(), title: text() }) {
  author = manyToOne(() => Author);
  tags = manyToMany(() => Tag, { through: 'book_tags', columns: ['book_id'], targetColumns: ['tag_id'] });
}

export async function open({ url, endpoint }) {
  const db = await createPersistence({
    driver: neonFetch({ url, endpoint }),
    entities: [Author, Tag, Category, Book],
  });
  await createSchema(db);
  return {
    /** Everything up to the flush; the flush itself is timed. */
    async prepare() {
      const em = db.em();
      const [first, second, third] = await em.find(Author, {}, { orderBy: { id: 'asc' } });
      first.name += '!';
      second.name += '!';
      em.remove(third);
      const authors = new Map(AUTHORS.map((name) => [name, em.create(Author, { name })]));
      const tags = new Map(TAGS.map((name) => [name, em.create(Tag, { name })]));
      const categories = new Map();
      for (const [name, parent] of CATEGORIES.flat()) {
        categories.set(name, em.create(Category, { name, parent: categories.get(parent) ?? null }));
      }
      for (const { title, author, tags: names } of BOOKS) {
        em.create(Book, { title, author: authors.get(author), tags: names.map((name) => tags.get(name)) });
      }
      return () => em.flush();
    },
    close: () => db.close(),
  };
}

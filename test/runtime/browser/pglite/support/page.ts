/**
 * A page over meshestra/pglite: the entities of a small application, kept in IndexedDB by PGlite.
 *
 * @module
 */
import { pglite } from '../../../../../adapters/pglite/index.ts';
import {
  createPersistence,
  datetime,
  Entity,
  integer,
  manyToOne,
  oneToMany,
  type Persistence,
  text,
} from '../../../../../src/index.ts';
import { createSchema } from '../../../../../src/schema/index.ts';

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text().unique() }) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
    { cascade: ['persist'] },
  );
}
class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  at: datetime(),
  version: integer().version(),
}) {
  author = manyToOne(() => Author);
}

async function open(): Promise<Persistence> {
  const db = await createPersistence({ driver: pglite('idb://library'), entities: [Author, Post] });
  await createSchema(db);
  return db;
}

const pglitePage = {
  /** Writes an author with posts, changes one of them, and closes the database. */
  async write(): Promise<readonly number[]> {
    const db = await open();
    const em = db.em();
    const author = em.create(Author, { name: 'Ada 😀' });
    const titles = ['one', 'two', 'three'];
    const posts = titles.map((title, n) => em.create(Post, { title, at: new Date(n), author }));
    await em.flush();
    for (const post of posts.slice(0, 1)) post.title = 'changed';
    await em.flush();
    const versions = posts.map(({ version }) => version);
    await db.close();
    return versions;
  },

  /** What is there, read by a fresh unit of work. */
  async read(): Promise<readonly unknown[]> {
    const db = await open();
    const authors = await db.em().find(Author, {}, { populate: ['posts'] });
    const found = authors.map(({ name, posts }) => [
      name,
      ...[...posts].map((post) => [post.title, post.at.getTime()]),
    ]);
    await db.close();
    return found;
  },

  /** The code of the error that a second author of the same name is. */
  async violate(): Promise<unknown> {
    const db = await open();
    const em = db.em();
    em.create(Author, { name: 'Ada 😀' });
    const error: unknown = await em.flush().catch((caught: unknown) => caught);
    await db.close();
    return error instanceof Error && 'code' in error ? error.code : error;
  },
};

export type PglitePage = typeof pglitePage;
Object.assign(globalThis, { testPage: pglitePage });

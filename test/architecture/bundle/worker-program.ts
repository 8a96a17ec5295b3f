/**
 * What a small worker imports: entities, an EntityManager, populate, flush, and the driver of D1. Only its size is measured;
 * it is type-checked like every program.
 *
 * @module
 */
import { createPersistence, Entity, integer, like, manyToOne, oneToMany, text } from 'meshestra';
import { type D1Database, d1 } from 'meshestra/d1';

declare const binding: D1Database;

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
  );
}

class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  version: integer().version(),
}) {
  author = manyToOne(() => Author);
}

const db = await createPersistence({ driver: d1({ binding }), entities: [Author, Post] });
const em = db.em();
const ada = em.create(Author, { name: 'Ada' });
em.create(Post, { title: 'Notes', author: ada });
await em.flush();

const posts = await em.find(Post, { title: like('N%') }, { populate: ['author'] });
for (const post of posts) post.title = post.author.get().name;
await em.flush();

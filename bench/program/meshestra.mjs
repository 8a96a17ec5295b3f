import { createPersistence, datetime, Entity, integer, manyToMany, manyToOne, oneToMany, text } from 'meshestra';
import { createSchema } from 'meshestra/schema';
import { sqljs } from 'meshestra/sqljs';
import { DATES, describe } from './result.mjs';

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
  );
}
class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text() }) {}
class Post extends Entity('posts', { id: integer().primaryKey().generated(), title: text(), createdAt: datetime() }) {
  author = manyToOne(() => Author);
  tags = manyToMany(() => Tag, { through: 'post_tags' });
}

export async function run(initSqlJs) {
  const db = await createPersistence({ driver: sqljs({ initSqlJs }), entities: [Author, Post, Tag] });
  await createSchema(db);
  const em = db.em();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
  const author = em.create(Author, { name: 'Ada' });
  em.create(Post, { author, title: 'Notes', createdAt: DATES[0], tags: [a, b] });
  em.create(Post, { author, title: 'Sketch', createdAt: DATES[1], tags: [c] });
  await em.flush();
  return describe(
    await db.em().find(Author, undefined, { populate: ['posts.tags'] }),
    (x) => x.posts,
    (x) => x.tags,
  );
}

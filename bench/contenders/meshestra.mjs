// Meshestra by its public exports, over its driver of the engine, in memory.

import {
  and,
  boolean,
  createPersistence,
  datetime,
  Entity,
  gt,
  gte,
  integer,
  lt,
  lte,
  manyToMany,
  manyToOne,
  oneToMany,
  sql,
  text,
} from 'meshestra';
import { from, statementOf } from 'meshestra/query';

class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text(),
  email: text().unique(),
  createdAt: datetime(),
}) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
  );
}
class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text().unique() }) {}
class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  body: text(),
  views: integer(),
  published: boolean(),
  createdAt: datetime(),
}) {
  author = manyToOne(() => Author);
  tags = manyToMany(() => Tag, { through: 'post_tags', columns: ['post_id'], targetColumns: ['tag_id'] });
}

/** SQL of the measuring code's own checks. An application writes sql`…`. */
const written = (text) => sql(Object.freeze(Object.assign([text], { raw: [text] })));

export async function open({ engine, bytes }) {
  const { driver, native } = await engine.meshestraDriver({ bytes });
  const db = await createPersistence({ driver, entities: [Author, Post, Tag] });
  let held;
  const context = () => {
    held = db.em();
    return held;
  };
  return {
    native,
    view: {
      authorId: (post) => post.author.id,
      author: (post) => post.author.get(),
      posts: (author) => author.posts,
      tags: (post) => post.tags,
    },
    ...(engine.separateChecks === true
      ? await engine.handle()
      : {
          exec: (script) => db.em().execute(written(script)),
          all: async (query) => (await db.em().execute(written(query))).rows,
        }),
    dispose() {
      held = undefined;
    },
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(await db.em().findById(Post, id));
      return out;
    },
    async W2() {
      return context().find(Post);
    },
    async W3() {
      return context().find(Author, undefined, { populate: ['posts'], orderBy: { id: 'asc' } });
    },
    async W4() {
      return context().find(Author, undefined, { populate: ['posts.tags'], orderBy: { id: 'asc' } });
    },
    async W5(data) {
      const em = context();
      const out = [];
      // A relation takes the key as well as the entity.
      for (const { authorId, title, body, views, published, createdAt } of data) {
        out.push(em.create(Post, { title, body, views, published, createdAt, author: authorId }));
      }
      await em.flush();
      return out;
    },
    async W6() {
      const em = context();
      const list = await em.find(Post, { id: lte(1_000) });
      for (const one of list) one.views++;
      await em.flush();
      return list;
    },
    async W8load() {
      const em = context();
      return { em, list: await em.find(Post, undefined, { orderBy: { id: 'asc' } }) };
    },
    async W8({ em, list }, i) {
      list[i].views++;
      await em.flush();
    },
    W7(i) {
      const query = from(Post)
        .join(Author, (post, author) => post.author.id.eq(author.id))
        .join((post) => post.tags)
        .where((post, _, tag) => post.published.eq(true).and(post.views.gt(i), tag.name.eq('tag 1')))
        .orderBy((post) => post.views.desc())
        .limit(50);
      return { query, sql: statementOf(query, db).sql };
    },
    async W9(filters) {
      const out = [];
      for (const f of filters)
        out.push(
          await db
            .em()
            .find(
              Post,
              { published: true, views: gt(f.minViews), author: and({ email: gte(f.lo) }, { email: lt(f.hi) }) },
              { populate: ['author'], orderBy: { views: 'desc', id: 'asc' }, limit: 50 },
            ),
        );
      return out;
    },
  };
}

// Drizzle 1.0 rc: relations v2 with `through`; prepared queries wherever one is run many times.
import { and, asc, defineRelations, desc, eq, gt, gte, lt, lte, sql } from 'drizzle-orm-rc';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm-rc/sqlite-core';
import { plainView } from '../../lib/read.mjs';

const authors = sqliteTable('authors', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
});
const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id')
    .notNull()
    .references(() => authors.id),
  title: text('title').notNull(),
  body: text('body').notNull(),
  views: integer('views').notNull(),
  published: integer('published', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
});
const tags = sqliteTable('tags', { id: integer('id').primaryKey(), name: text('name').notNull().unique() });
const postTags = sqliteTable(
  'post_tags',
  { postId: integer('post_id').notNull(), tagId: integer('tag_id').notNull() },
  (t) => [primaryKey({ columns: [t.postId, t.tagId] })],
);
const relations = defineRelations({ authors, posts, tags, postTags }, (r) => ({
  authors: { posts: r.many.posts({ from: r.authors.id, to: r.posts.authorId }) },
  posts: {
    author: r.one.authors({ from: r.posts.authorId, to: r.authors.id }),
    tags: r.many.tags({ from: r.posts.id.through(r.postTags.postId), to: r.tags.id.through(r.postTags.tagId) }),
  },
}));

export async function open({ engine, native, ...options }) {
  const { drizzle } = await engine.drizzle('drizzle-orm-rc');
  const raw = engine.openDatabase(native, options);
  const db = drizzle(...engine.drizzleArguments(raw, { relations }));
  const hole = (name) => sql.placeholder(name);
  const byKey = db
    .select()
    .from(posts)
    .where(eq(posts.id, hole('id')))
    .prepare();
  const update = db
    .update(posts)
    .set({ views: hole('views') })
    .where(eq(posts.id, hole('id')))
    .prepare();
  const page = db
    .select({ post: posts, author: authors })
    .from(posts)
    .innerJoin(authors, eq(authors.id, posts.authorId))
    .where(
      and(
        eq(posts.published, true),
        gt(posts.views, hole('minViews')),
        gte(authors.email, hole('lo')),
        lt(authors.email, hole('hi')),
      ),
    )
    .orderBy(desc(posts.views), asc(posts.id))
    .limit(50)
    .prepare();
  return {
    view: plainView,
    ...engine.handle(raw),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(byKey.all({ id })[0]);
      return out;
    },
    async W2() {
      return db.select().from(posts).all();
    },
    async W3() {
      return db.query.authors.findMany({ with: { posts: true } }).sync();
    },
    async W4() {
      return db.query.authors.findMany({ with: { posts: { with: { tags: true } } } }).sync();
    },
    async W5(data) {
      const out = [];
      db.transaction((tx) => {
        for (let at = 0; at < data.length; at += 1_000) {
          const part = data.slice(at, at + 1_000);
          const ids = tx.insert(posts).values(part).returning({ id: posts.id }).all();
          for (let i = 0; i < part.length; i++) out.push({ ...part[i], id: ids[i].id });
        }
      });
      return out;
    },
    async W6() {
      const list = db.select().from(posts).where(lte(posts.id, 1_000)).all();
      db.transaction(() => {
        for (const one of list) update.run({ views: ++one.views, id: one.id });
      });
      return list;
    },
    W7(i) {
      const query = db
        .select()
        .from(posts)
        .innerJoin(authors, eq(authors.id, posts.authorId))
        .innerJoin(postTags, eq(postTags.postId, posts.id))
        .innerJoin(tags, eq(tags.id, postTags.tagId))
        .where(and(eq(posts.published, true), gt(posts.views, i), eq(tags.name, 'tag 1')))
        .orderBy(desc(posts.views))
        .limit(50);
      return { query, sql: query.toSQL().sql };
    },
    async W9(filters) {
      return filters.map((f) =>
        page.all(f).map((row) => {
          row.post.author = row.author;
          return row.post;
        }),
      );
    },
  };
}

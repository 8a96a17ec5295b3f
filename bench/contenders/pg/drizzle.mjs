// Drizzle 0.45: prepared (named) queries, its documented advice, wherever one is run many times; relational queries with
// their nested JSON are slower than flat queries here, so graphs are stitched by hand.
import { and, asc, desc, eq, gt, gte, lt, lte, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { boolean, integer, pgTable, primaryKey, serial, text, timestamp } from 'drizzle-orm/pg-core';
import { groupBy, plainView } from '../../lib/read.mjs';

const instant = (name) => timestamp(name, { withTimezone: true, precision: 3 }).notNull();
const authors = pgTable('authors', {
  id: serial('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  createdAt: instant('created_at'),
});
const posts = pgTable('posts', {
  id: serial('id').primaryKey(),
  authorId: integer('author_id')
    .notNull()
    .references(() => authors.id),
  title: text('title').notNull(),
  body: text('body').notNull(),
  views: integer('views').notNull(),
  published: boolean('published').notNull(),
  createdAt: instant('created_at'),
});
const tags = pgTable('tags', { id: serial('id').primaryKey(), name: text('name').notNull().unique() });
const postTags = pgTable(
  'post_tags',
  { postId: integer('post_id').notNull(), tagId: integer('tag_id').notNull() },
  (t) => [primaryKey({ columns: [t.postId, t.tagId] })],
);

export async function open({ engine }) {
  const db = drizzle(engine.createPool());
  const hole = (name) => sql.placeholder(name);
  const byKey = db
    .select()
    .from(posts)
    .where(eq(posts.id, hole('id')))
    .prepare('by_key');
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
    .prepare('page');
  const authorsWithPosts = async () => {
    const list = await db.select().from(authors).orderBy(asc(authors.id));
    const children = await db.select().from(posts).orderBy(asc(posts.authorId), asc(posts.id));
    const byAuthor = groupBy(children, 'authorId');
    for (const author of list) author.posts = byAuthor.get(author.id) ?? [];
    return { list, children };
  };
  return {
    view: plainView,
    ...(await engine.handle()),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push((await byKey.execute({ id }))[0]);
      return out;
    },
    async W2() {
      return db.select().from(posts);
    },
    async W3() {
      return (await authorsWithPosts()).list;
    },
    async W4() {
      const { list, children } = await authorsWithPosts();
      const links = await db
        .select({ postId: postTags.postId, tag: tags })
        .from(postTags)
        .innerJoin(tags, eq(tags.id, postTags.tagId));
      const byPost = groupBy(links, 'postId');
      for (const post of children) post.tags = (byPost.get(post.id) ?? []).map((link) => link.tag);
      return list;
    },
    async W5(data) {
      const out = [];
      await db.transaction(async (tx) => {
        for (let at = 0; at < data.length; at += 1_000) {
          const part = data.slice(at, at + 1_000);
          const ids = await tx.insert(posts).values(part).returning({ id: posts.id });
          for (let i = 0; i < part.length; i++) out.push({ ...part[i], id: ids[i].id });
        }
      });
      return out;
    },
    async W6() {
      const list = await db.select().from(posts).where(lte(posts.id, 1_000));
      await db.transaction(async (tx) => {
        const update = tx
          .update(posts)
          .set({ views: hole('views') })
          .where(eq(posts.id, hole('id')))
          .prepare('update');
        for (const one of list) await update.execute({ views: ++one.views, id: one.id });
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
      const out = [];
      for (const f of filters)
        out.push(
          (await page.execute(f)).map((row) => {
            row.post.author = row.author;
            return row.post;
          }),
        );
      return out;
    },
  };
}

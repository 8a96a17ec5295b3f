import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/sql-js';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { DATES, DDL, describe } from './result.mjs';

const authors = sqliteTable('authors', { id: integer('id').primaryKey(), name: text('name').notNull() });
const posts = sqliteTable('posts', {
  id: integer('id').primaryKey(),
  authorId: integer('author_id')
    .notNull()
    .references(() => authors.id),
  title: text('title').notNull(),
  createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
});
const tags = sqliteTable('tags', { id: integer('id').primaryKey(), name: text('name').notNull() });
const postTags = sqliteTable('post_tags', { postId: integer('post_id').notNull(), tagId: integer('tag_id').notNull() });

export async function run(initSqlJs) {
  const SQL = await initSqlJs();
  const raw = new SQL.Database();
  raw.exec(DDL);
  const db = drizzle(raw);
  db.transaction((tx) => {
    const author = tx.insert(authors).values({ name: 'Ada' }).returning().get();
    const made = tx
      .insert(posts)
      .values([
        { authorId: author.id, title: 'Notes', createdAt: DATES[0] },
        { authorId: author.id, title: 'Sketch', createdAt: DATES[1] },
      ])
      .returning()
      .all();
    const named = tx
      .insert(tags)
      .values([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
      .returning()
      .all();
    tx.insert(postTags)
      .values(
        [
          [0, 0],
          [0, 1],
          [1, 2],
        ].map(([p, t]) => ({ postId: made[p].id, tagId: named[t].id })),
      )
      .run();
  });
  const links = db
    .select({ postId: postTags.postId, tag: tags })
    .from(postTags)
    .innerJoin(tags, eq(tags.id, postTags.tagId))
    .all();
  const children = db.select().from(posts).all();
  return describe(
    db.select().from(authors).all(),
    (a) => children.filter((p) => p.authorId === a.id),
    (p) => links.filter((l) => l.postId === p.id).map((l) => l.tag),
  );
}

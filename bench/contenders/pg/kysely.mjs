// Kysely: its documented way for relations is jsonArrayFrom. Dates inside of JSON arrive as text and are put right here, in
// place. It has no prepared statements.
import { Kysely, PostgresDialect } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { plainView } from '../../lib/read.mjs';

const POST = [
  'posts.id',
  'posts.author_id as authorId',
  'posts.title',
  'posts.body',
  'posts.views',
  'posts.published',
  'posts.created_at as createdAt',
];
const AUTHOR = ['authors.id', 'authors.name', 'authors.email', 'authors.created_at as createdAt'];
const graph = (rows) => {
  for (const row of rows) for (const post of row.posts) post.createdAt = new Date(post.createdAt);
  return rows;
};

export async function open({ engine }) {
  const db = new Kysely({ dialect: new PostgresDialect({ pool: engine.createPool() }) });
  const authorsWith = (select) =>
    db
      .selectFrom('authors')
      .select(AUTHOR)
      .select((eb) =>
        jsonArrayFrom(
          select(eb.selectFrom('posts').select(POST))
            .whereRef('posts.author_id', '=', 'authors.id')
            .orderBy('posts.id'),
        ).as('posts'),
      )
      .orderBy('authors.id')
      .execute();
  const values = (p) => ({
    author_id: p.authorId,
    title: p.title,
    body: p.body,
    views: p.views,
    published: p.published,
    created_at: p.createdAt,
  });
  return {
    view: plainView,
    ...(await engine.handle()),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(await db.selectFrom('posts').select(POST).where('id', '=', id).executeTakeFirst());
      return out;
    },
    async W2() {
      return db.selectFrom('posts').select(POST).execute();
    },
    async W3() {
      return graph(await authorsWith((q) => q));
    },
    async W4() {
      return graph(
        await authorsWith((q) =>
          q.select((eb) =>
            jsonArrayFrom(
              eb
                .selectFrom('tags')
                .innerJoin('post_tags', 'post_tags.tag_id', 'tags.id')
                .select(['tags.id', 'tags.name'])
                .whereRef('post_tags.post_id', '=', 'posts.id'),
            ).as('tags'),
          ),
        ),
      );
    },
    async W5(data) {
      const out = [];
      await db.transaction().execute(async (tx) => {
        for (let at = 0; at < data.length; at += 1_000) {
          const part = data.slice(at, at + 1_000);
          const ids = await tx.insertInto('posts').values(part.map(values)).returning('id').execute();
          for (let i = 0; i < part.length; i++) out.push({ ...part[i], id: ids[i].id });
        }
      });
      return out;
    },
    async W6() {
      const list = await db.selectFrom('posts').select(POST).where('id', '<=', 1_000).execute();
      await db.transaction().execute(async (tx) => {
        for (const one of list)
          await tx
            .updateTable('posts')
            .set({ views: ++one.views })
            .where('id', '=', one.id)
            .execute();
      });
      return list;
    },
    W7(i) {
      const query = db
        .selectFrom('posts')
        .innerJoin('authors', 'authors.id', 'posts.author_id')
        .innerJoin('post_tags', 'post_tags.post_id', 'posts.id')
        .innerJoin('tags', 'tags.id', 'post_tags.tag_id')
        .select(POST)
        .where('posts.published', '=', true)
        .where('posts.views', '>', i)
        .where('tags.name', '=', 'tag 1')
        .orderBy('posts.views', 'desc')
        .limit(50);
      return { query, sql: query.compile().sql };
    },
    async W9(filters) {
      const out = [];
      for (const f of filters) {
        const rows = await db
          .selectFrom('posts')
          .innerJoin('authors', 'authors.id', 'posts.author_id')
          .select(POST)
          .select([
            'authors.id as aId',
            'authors.name as aName',
            'authors.email as aEmail',
            'authors.created_at as aCreatedAt',
          ])
          .where('posts.published', '=', true)
          .where('posts.views', '>', f.minViews)
          .where('authors.email', '>=', f.lo)
          .where('authors.email', '<', f.hi)
          .orderBy('posts.views', 'desc')
          .orderBy('posts.id')
          .limit(50)
          .execute();
        for (const row of rows)
          row.author = { id: row.aId, name: row.aName, email: row.aEmail, createdAt: row.aCreatedAt };
        out.push(rows);
      }
      return out;
    },
  };
}

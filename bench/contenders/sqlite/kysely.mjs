// Kysely: its documented way for relations is jsonArrayFrom with ParseJSONResultsPlugin. It maps no values: dates and
// booleans are put right here, in place. It has no prepared statements.
import { Kysely, ParseJSONResultsPlugin } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/sqlite';
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
const post = (row) => {
  row.published = row.published === 1;
  row.createdAt = new Date(row.createdAt);
  return row;
};
const posts = (rows) => {
  for (const row of rows) post(row);
  return rows;
};
const graph = (rows) => {
  for (const row of rows) {
    row.createdAt = new Date(row.createdAt);
    posts(row.posts);
  }
  return rows;
};

export async function open({ engine, native, ...options }) {
  const raw = engine.openDatabase(native, options);
  const db = new Kysely({ dialect: engine.kyselyDialect(raw) });
  const json = db.withPlugin(new ParseJSONResultsPlugin());
  const authorsWith = (select) =>
    json
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
    published: p.published ? 1 : 0,
    created_at: p.createdAt.getTime(),
  });

  return {
    view: plainView,
    ...engine.handle(raw),
    async W1(ids) {
      const out = [];
      for (const id of ids)
        out.push(post(await db.selectFrom('posts').select(POST).where('id', '=', id).executeTakeFirst()));
      return out;
    },
    async W2() {
      return posts(await db.selectFrom('posts').select(POST).execute());
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
      const list = posts(await db.selectFrom('posts').select(POST).where('id', '<=', 1_000).execute());
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
        .where('posts.published', '=', 1)
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
          .where('posts.published', '=', 1)
          .where('posts.views', '>', f.minViews)
          .where('authors.email', '>=', f.lo)
          .where('authors.email', '<', f.hi)
          .orderBy('posts.views', 'desc')
          .orderBy('posts.id')
          .limit(50)
          .execute();
        for (const row of rows) {
          post(row);
          row.author = { id: row.aId, name: row.aName, email: row.aEmail, createdAt: new Date(row.aCreatedAt) };
        }
        out.push(rows);
      }
      return out;
    },
  };
}

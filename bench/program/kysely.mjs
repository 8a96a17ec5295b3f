import { Kysely, ParseJSONResultsPlugin } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/sqlite';
import { sqljsDialect } from '../lib/kysely-sqljs.mjs';
import { DATES, DDL, describe } from './result.mjs';

export async function run(initSqlJs) {
  const SQL = await initSqlJs();
  const raw = new SQL.Database();
  raw.exec(DDL);
  const db = new Kysely({ dialect: sqljsDialect(raw), plugins: [new ParseJSONResultsPlugin()] });
  await db.transaction().execute(async (tx) => {
    const { id: author } = await tx.insertInto('authors').values({ name: 'Ada' }).returning('id').executeTakeFirst();
    const posts = await tx
      .insertInto('posts')
      .values([
        { author_id: author, title: 'Notes', created_at: DATES[0].getTime() },
        { author_id: author, title: 'Sketch', created_at: DATES[1].getTime() },
      ])
      .returning('id')
      .execute();
    const tags = await tx
      .insertInto('tags')
      .values([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
      .returning('id')
      .execute();
    await tx
      .insertInto('post_tags')
      .values(
        [
          [0, 0],
          [0, 1],
          [1, 2],
        ].map(([p, t]) => ({ post_id: posts[p].id, tag_id: tags[t].id })),
      )
      .execute();
  });
  const authors = await db
    .selectFrom('authors')
    .select(['authors.id', 'authors.name'])
    .select((eb) =>
      jsonArrayFrom(
        eb
          .selectFrom('posts')
          .select(['posts.id', 'posts.title', 'posts.created_at as createdAt'])
          .select((inner) =>
            jsonArrayFrom(
              inner
                .selectFrom('tags')
                .innerJoin('post_tags', 'post_tags.tag_id', 'tags.id')
                .select(['tags.id', 'tags.name'])
                .whereRef('post_tags.post_id', '=', 'posts.id'),
            ).as('tags'),
          )
          .whereRef('posts.author_id', '=', 'authors.id'),
      ).as('posts'),
    )
    .execute();
  for (const author of authors) for (const post of author.posts) post.createdAt = new Date(post.createdAt);
  return describe(
    authors,
    (a) => a.posts,
    (p) => p.tags,
  );
}

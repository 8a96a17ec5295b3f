// The best hand-written code we found: array rows with an own parser of timestamps, array parameters, links aggregated by
// the server, one UPDATE for all rows, keys taken from the sequence in the INSERT itself.
import pg from 'pg';
import { plainView } from '../../lib/read.mjs';

const POST = 'p.id, p.author_id, p.title, p.body, p.views, p.published, p.created_at';
const digits = (text, from, to) => {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
};
// "2024-05-06 07:08:09.123+00", of a session whose time zone is UTC.
const instant = (text) => {
  const fraction = text.charCodeAt(19) === 46 ? text.slice(20, text.indexOf('+', 20)) : '';
  return new Date(
    Date.UTC(
      digits(text, 0, 4),
      digits(text, 5, 7) - 1,
      digits(text, 8, 10),
      digits(text, 11, 13),
      digits(text, 14, 16),
      digits(text, 17, 19),
      Number(fraction.padEnd(3, '0')),
    ),
  );
};
const types = {
  getTypeParser(oid) {
    if (oid === 23 || oid === 20) return Number;
    if (oid === 16) return (text) => text === 't';
    return oid === 1184 ? instant : String;
  },
};

export async function open({ engine }) {
  const client = new pg.Client({ ...engine.connection, options: `${engine.connection.options} -c TimeZone=UTC` });
  await client.connect();
  const rows = async (name, text, values = []) =>
    (await client.query({ name, text, values, rowMode: 'array', types })).rows;
  const toPost = (r) => ({
    id: r[0],
    authorId: r[1],
    title: r[2],
    body: r[3],
    views: r[4],
    published: r[5],
    createdAt: r[6],
    tags: null,
  });
  const authorsWithPosts = async () => {
    const byId = [];
    const list = (await rows('authors', 'select id, name, email, created_at from authors order by id')).map((r) => {
      const author = { id: r[0], name: r[1], email: r[2], createdAt: r[3], posts: [] };
      byId[author.id] = author;
      return author;
    });
    const children = (await rows('posts', `select ${POST} from posts p order by p.author_id, p.id`)).map(toPost);
    for (const post of children) byId[post.authorId].posts.push(post);
    return { list, children };
  };
  return {
    view: plainView,
    ...(await engine.handle()),
    async W1(ids) {
      const out = [];
      for (const id of ids)
        out.push(toPost((await rows('one', `select ${POST} from posts p where p.id = $1`, [id]))[0]));
      return out;
    },
    async W2() {
      return (await rows('all', `select ${POST} from posts p`)).map(toPost);
    },
    async W3() {
      return (await authorsWithPosts()).list;
    },
    async W4() {
      const { list, children } = await authorsWithPosts();
      const tagById = [];
      for (const [id, name] of await rows('tags', 'select id, name from tags')) tagById[id] = { id, name };
      const postById = [];
      for (const post of children) {
        post.tags = [];
        postById[post.id] = post;
      }
      const [[posts, tags]] = await rows(
        'links',
        `select string_agg(post_id::text, ','), string_agg(tag_id::text, ',') from post_tags`,
      );
      const tagIds = JSON.parse(`[${tags}]`);
      for (const [i, id] of JSON.parse(`[${posts}]`).entries()) postById[id].tags.push(tagById[tagIds[i]]);
      return list;
    },
    async W5(data) {
      const column = (key) => data.map((p) => p[key]);
      const keys = await rows(
        'insert',
        `with v as materialized (select nextval(pg_get_serial_sequence('posts', 'id')) as k, u.*
           from unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::bool[], $6::timestamptz[])
           with ordinality u (author_id, title, body, views, published, created_at, n)),
         i as (insert into posts (id, author_id, title, body, views, published, created_at)
           select k, author_id, title, body, views, published, created_at from v)
         select n, k from v`,
        ['authorId', 'title', 'body', 'views', 'published', 'createdAt'].map(column),
      );
      const out = data.map((p) => ({ ...p, id: 0 }));
      for (const [n, k] of keys) out[n - 1].id = k;
      return out;
    },
    async W6() {
      const list = (await rows('some', `select ${POST} from posts p where p.id <= 1000`)).map(toPost);
      for (const post of list) post.views++;
      await rows(
        'updates',
        'update posts p set views = v.views from unnest($1::int[], $2::int[]) v (id, views) where p.id = v.id',
        [list.map((p) => p.id), list.map((p) => p.views)],
      );
      return list;
    },
    async W8load() {
      return (await rows('ordered', `select ${POST} from posts p order by p.id`)).map(toPost);
    },
    async W8(list, i) {
      await rows('update', 'update posts set views = $1 where id = $2', [++list[i].views, list[i].id]);
    },
    async W9(filters) {
      const out = [];
      for (const f of filters) {
        const page = await rows(
          'page',
          `select ${POST}, a.id, a.name, a.email, a.created_at from posts p join authors a on a.id = p.author_id
           where p.published = true and p.views > $1 and a.email >= $2 and a.email < $3
           order by p.views desc, p.id limit 50`,
          [f.minViews, f.lo, f.hi],
        );
        out.push(
          page.map((r) => {
            const post = toPost(r);
            post.author = { id: r[7], name: r[8], email: r[9], createdAt: r[10] };
            return post;
          }),
        );
      }
      return out;
    },
  };
}

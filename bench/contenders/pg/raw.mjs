// The yardstick: prepared (named) statements written by hand, plain objects, `pg` as it comes.
import pg from 'pg';
import { plainView } from '../../lib/read.mjs';

const POST = 'p.id, p.author_id as "authorId", p.title, p.body, p.views, p.published, p.created_at as "createdAt"';
const AUTHOR = 'a.id, a.name, a.email, a.created_at as "createdAt"';
const BATCH = 1_000;

export async function open({ engine }) {
  const client = new pg.Client(engine.connection);
  await client.connect();
  const rows = async (name, text, values = []) => (await client.query({ name, text, values })).rows;
  const placeholders = Array.from(
    { length: BATCH },
    (_, i) => `(${[1, 2, 3, 4, 5, 6].map((n) => `$${i * 6 + n}`).join(',')})`,
  ).join(',');
  const insert = `insert into posts (author_id, title, body, views, published, created_at) values ${placeholders} returning id`;
  const all = () => rows('all', `select ${POST} from posts p`);
  const update = ({ id, views }) => rows('update', 'update posts set views = $1 where id = $2', [views, id]);
  const authorsWithPosts = async () => {
    const list = await rows('authors', `select ${AUTHOR} from authors a order by a.id`);
    const byId = new Map();
    for (const author of list) {
      author.posts = [];
      byId.set(author.id, author);
    }
    const children = await rows('posts', `select ${POST} from posts p order by p.author_id, p.id`);
    for (const post of children) byId.get(post.authorId).posts.push(post);
    return { list, children };
  };
  return {
    view: plainView,
    ...(await engine.handle()),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push((await rows('one', `select ${POST} from posts p where p.id = $1`, [id]))[0]);
      return out;
    },
    W2: all,
    async W3() {
      return (await authorsWithPosts()).list;
    },
    async W4() {
      const { list, children } = await authorsWithPosts();
      const tagById = new Map();
      for (const tag of await rows('tags', 'select id, name from tags')) tagById.set(tag.id, tag);
      const postById = new Map();
      for (const post of children) {
        post.tags = [];
        postById.set(post.id, post);
      }
      for (const link of await rows('links', 'select post_id, tag_id from post_tags'))
        postById.get(link.post_id).tags.push(tagById.get(link.tag_id));
      return list;
    },
    async W5(data) {
      const out = [];
      await client.query('begin');
      for (let at = 0; at < data.length; at += BATCH) {
        const part = data.slice(at, at + BATCH);
        const values = part.flatMap((p) => [p.authorId, p.title, p.body, p.views, p.published, p.createdAt]);
        const ids = await rows('insert', insert, values);
        for (let i = 0; i < part.length; i++) out.push({ ...part[i], id: ids[i].id });
      }
      await client.query('commit');
      return out;
    },
    async W6() {
      const list = await rows('some', `select ${POST} from posts p where p.id <= 1000`);
      await client.query('begin');
      for (const post of list) {
        post.views++;
        await update(post);
      }
      await client.query('commit');
      return list;
    },
    W8load: () => rows('ordered', `select ${POST} from posts p order by p.id`),
    async W8(list, i) {
      list[i].views++;
      await update(list[i]);
    },
    async W9(filters) {
      const out = [];
      for (const f of filters) {
        const page = await rows(
          'page',
          `select ${POST}, a.id as "aId", a.name as "aName", a.email as "aEmail", a.created_at as "aCreatedAt"
           from posts p join authors a on a.id = p.author_id
           where p.published = true and p.views > $1 and a.email >= $2 and a.email < $3
           order by p.views desc, p.id limit 50`,
          [f.minViews, f.lo, f.hi],
        );
        for (const post of page)
          post.author = { id: post.aId, name: post.aName, email: post.aEmail, createdAt: post.aCreatedAt };
        out.push(page);
      }
      return out;
    },
  };
}

// The yardstick: prepared statements written by hand, plain objects, the engine as it opens (no pragma but foreign_keys).
import { plainView } from '../../lib/read.mjs';

const POST = 'p.id, p.author_id, p.title, p.body, p.views, p.published, p.created_at';
const toPost = (r) => ({
  id: r[0],
  authorId: r[1],
  title: r[2],
  body: r[3],
  views: r[4],
  published: r[5] === 1,
  createdAt: new Date(r[6]),
});
const toAuthor = (r, at = 0) => ({ id: r[at], name: r[at + 1], email: r[at + 2], createdAt: new Date(r[at + 3]) });

export async function open({ engine, native, ...options }) {
  const db = engine.openDatabase(native, options);
  const prepare = (sql) => engine.prepare(db, sql);
  const one = prepare(`select ${POST} from posts p where p.id = ?`);
  const all = prepare(`select ${POST} from posts p`);
  const some = prepare(`select ${POST} from posts p where p.id <= 1000`);
  const authors = prepare('select id, name, email, created_at from authors order by id');
  const posts = prepare(`select ${POST} from posts p order by p.author_id, p.id`);
  const tags = prepare('select id, name from tags');
  const links = prepare('select post_id, tag_id from post_tags');
  const insert = prepare(
    'insert into posts (author_id, title, body, views, published, created_at) values (?, ?, ?, ?, ?, ?) returning id',
  );
  const update = prepare('update posts set views = ? where id = ?');
  const page =
    prepare(`select ${POST}, a.id, a.name, a.email, a.created_at from posts p join authors a on a.id = p.author_id
    where p.published = 1 and p.views > ? and a.email >= ? and a.email < ? order by p.views desc, p.id limit 50`);
  const authorsWithPosts = () => {
    const byId = new Map();
    const list = authors.rows([], (r) => {
      const author = toAuthor(r);
      author.posts = [];
      byId.set(author.id, author);
      return author;
    });
    const children = posts.rows([], (r) => {
      const post = toPost(r);
      byId.get(post.authorId).posts.push(post);
      return post;
    });
    return { list, children };
  };

  return {
    view: plainView,
    ...engine.handle(db),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(toPost(one.first([id])));
      return out;
    },
    async W2() {
      return all.rows([], toPost);
    },
    async W3() {
      return authorsWithPosts().list;
    },
    async W4() {
      const { list, children } = authorsWithPosts();
      const tagById = new Map();
      for (const tag of tags.rows([], (r) => ({ id: r[0], name: r[1] }))) tagById.set(tag.id, tag);
      const postById = new Map();
      for (const post of children) {
        post.tags = [];
        postById.set(post.id, post);
      }
      links.rows([], (r) => postById.get(r[0]).tags.push(tagById.get(r[1])));
      return list;
    },
    async W5(data) {
      const out = [];
      db.exec('begin');
      for (const p of data) {
        const values = [p.authorId, p.title, p.body, p.views, p.published ? 1 : 0, p.createdAt.getTime()];
        out.push({ ...p, id: insert.first(values)[0] });
      }
      db.exec('commit');
      return out;
    },
    async W6() {
      const list = some.rows([], toPost);
      db.exec('begin');
      for (const post of list) {
        post.views++;
        update.run([post.views, post.id]);
      }
      db.exec('commit');
      return list;
    },
    async W8load() {
      return all.rows([], toPost);
    },
    async W8(list, i) {
      list[i].views++;
      update.run([list[i].views, list[i].id]);
    },
    async W9(filters) {
      return filters.map((f) =>
        page.rows([f.minViews, f.lo, f.hi], (r) => {
          const post = toPost(r);
          post.author = toAuthor(r, 7);
          return post;
        }),
      );
    },
  };
}

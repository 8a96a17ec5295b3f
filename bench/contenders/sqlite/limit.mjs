// The best hand-written code we found: the two pragmas, many rows a statement, links aggregated by SQLite.
import { plainView } from '../../lib/read.mjs';

const POST = 'p.id, p.author_id, p.title, p.body, p.views, p.published, p.created_at';
const BATCH = 100;

export async function open({ engine, native, bytes }) {
  const db = engine.openDatabase(native, { bytes, pragmas: true });
  const prepare = (sql) => engine.prepare(db, sql);
  const one = prepare(`select ${POST} from posts p where p.id = ?`);
  const all = prepare(`select ${POST} from posts p`);
  const some = prepare(`select ${POST} from posts p where p.id <= 1000`);
  const authors = prepare('select id, name, email, created_at from authors order by id');
  const posts = prepare(`select ${POST} from posts p order by p.author_id, p.id`);
  const tags = prepare('select id, name from tags');
  const links = prepare('select json_group_array(post_id), json_group_array(tag_id) from post_tags');
  const insert = prepare(
    `insert into posts (author_id, title, body, views, published, created_at) values ${Array(BATCH).fill('(?,?,?,?,?,?)').join(',')} returning id`,
  );
  const update = prepare('update posts set views = ? where id = ?');
  const updates = prepare(
    `with v (id, views) as (values ${Array(500).fill('(?,?)').join(',')}) update posts set views = v.views from v where posts.id = v.id`,
  );
  const page =
    prepare(`select ${POST}, a.id, a.name, a.email, a.created_at from posts p join authors a on a.id = p.author_id
    where p.published = 1 and p.views > ? and a.email >= ? and a.email < ? order by p.views desc, p.id limit 50`);
  const toPost = (r) => ({
    id: r[0],
    authorId: r[1],
    title: r[2],
    body: r[3],
    views: r[4],
    published: r[5] === 1,
    createdAt: new Date(r[6]),
    tags: null,
  });
  const readPosts = (statement, params) => statement.rows(params, toPost);
  const authorsWithPosts = () => {
    const byId = [];
    const list = authors.rows([], (r) => {
      const author = { id: r[0], name: r[1], email: r[2], createdAt: new Date(r[3]), posts: [] };
      byId[author.id] = author;
      return author;
    });
    const children = readPosts(posts, []);
    for (const post of children) byId[post.authorId].posts.push(post);
    return { list, children };
  };

  return {
    view: plainView,
    ...engine.handle(db),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(readPosts(one, [id])[0]);
      return out;
    },
    async W2() {
      return readPosts(all, []);
    },
    async W3() {
      return authorsWithPosts().list;
    },
    async W4() {
      const { list, children } = authorsWithPosts();
      const tagById = [];
      tags.rows([], (r) => {
        tagById[r[0]] = { id: r[0], name: r[1] };
      });
      const postById = [];
      for (const post of children) {
        post.tags = [];
        postById[post.id] = post;
      }
      const [postIds, tagIds] = links.first([]).map(JSON.parse);
      for (let i = 0; i < postIds.length; i++) postById[postIds[i]].tags.push(tagById[tagIds[i]]);
      return list;
    },
    async W5(data) {
      const out = [];
      db.exec('begin');
      for (let at = 0; at < data.length; at += BATCH) {
        const params = [];
        for (let i = at; i < at + BATCH; i++) {
          const p = data[i];
          params.push(p.authorId, p.title, p.body, p.views, p.published ? 1 : 0, p.createdAt.getTime());
        }
        let next = at;
        insert.rows(params, (r) => {
          const p = data[next++];
          out.push({
            id: r[0],
            authorId: p.authorId,
            title: p.title,
            body: p.body,
            views: p.views,
            published: p.published,
            createdAt: p.createdAt,
          });
        });
      }
      db.exec('commit');
      return out;
    },
    async W6() {
      const list = readPosts(some, []);
      db.exec('begin');
      for (let at = 0; at < list.length; at += 500) {
        const params = [];
        for (let i = at; i < at + 500; i++) params.push(list[i].id, ++list[i].views);
        updates.run(params);
      }
      db.exec('commit');
      return list;
    },
    async W8load() {
      return readPosts(all, []);
    },
    async W8(list, i) {
      update.run([++list[i].views, list[i].id]);
    },
    async W9(filters) {
      return filters.map((f) =>
        page.rows([f.minViews, f.lo, f.hi], (r) => ({
          id: r[0],
          authorId: r[1],
          title: r[2],
          body: r[3],
          views: r[4],
          published: r[5] === 1,
          createdAt: new Date(r[6]),
          author: { id: r[7], name: r[8], email: r[9], createdAt: new Date(r[10]) },
        })),
      );
    },
  };
}

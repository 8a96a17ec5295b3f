// The data every contender reads: the same rows, the same file, on every machine (a seeded generator, no clock, no Math.random).
export const AUTHORS = 1_000;
export const POSTS = 10_000;
export const TAGS = 200;
export const LINKS_PER_POST = 3;

export const SCHEMA = `
create table authors (id integer primary key, name text not null, email text not null unique, created_at integer not null) strict;
create table tags (id integer primary key, name text not null unique) strict;
create table posts (id integer primary key, author_id integer not null references authors (id), title text not null,
  body text not null, views integer not null, published integer not null, created_at integer not null) strict;
create table post_tags (post_id integer not null references posts (id), tag_id integer not null references tags (id),
  primary key (post_id, tag_id)) strict, without rowid;
create index posts_author_id on posts (author_id);
create index post_tags_tag_id on post_tags (tag_id);
`;

/** Mulberry32: small, seeded, good enough to spread values. */
function generator(seed) {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const WORDS =
  'amber basin cedar delta ember fjord grove haven inlet jetty knoll ledge marsh north ocean prairie quarry ridge shore thicket'.split(
    ' ',
  );
const text = (random, words) => Array.from({ length: words }, () => WORDS[random(WORDS.length)]).join(' ');
const EPOCH = Date.UTC(2024, 0, 1);

function post(random, id) {
  return {
    id,
    authorId: 1 + random(AUTHORS),
    title: `${text(random, 4)} ${id}`,
    body: text(random, 16),
    views: random(10_000),
    published: random(4) !== 0,
    createdAt: new Date(EPOCH + random(86_400 * 600) * 1000),
  };
}

/** All rows as plain objects, with `posts` on authors and `tags` on posts: what a full load has to give back. */
export function createFixture() {
  const random = generator(20_261_120);
  const authors = Array.from({ length: AUTHORS }, (_, i) => ({
    id: i + 1,
    name: `${text(random, 2)} ${i + 1}`,
    email: `author${String(i + 1).padStart(4, '0')}@example.org`,
    createdAt: new Date(EPOCH + random(86_400 * 300) * 1000),
    posts: [],
  }));
  const tags = Array.from({ length: TAGS }, (_, i) => ({ id: i + 1, name: `tag ${i + 1}` }));
  const posts = Array.from({ length: POSTS }, (_, i) => post(random, i + 1));
  for (const one of posts) {
    const chosen = new Set();
    while (chosen.size < LINKS_PER_POST) chosen.add(1 + random(TAGS));
    one.tags = [...chosen].sort((a, b) => a - b).map((id) => tags[id - 1]);
    authors[one.authorId - 1].posts.push(one);
  }
  const inserts = Array.from({ length: POSTS }, (_, i) => {
    const { id, ...row } = post(random, POSTS + i + 1);
    return row;
  });
  const ids = Array.from({ length: 1_000 }, () => 1 + random(POSTS));
  const email = (n) => `author${String(n).padStart(4, '0')}@example.org`;
  const filters = Array.from({ length: 200 }, () => {
    const low = 1 + random(AUTHORS - 60);
    return { minViews: 1_000 + random(4_000), lo: email(low), hi: email(low + 15 + random(10)) };
  });
  return { authors, tags, posts, inserts, ids, filters };
}

/** Creates the tables and rows in an open sql.js database. */
export function fill(db, { authors, tags, posts }) {
  db.exec(SCHEMA);
  db.exec('begin');
  const insert = (table, count) => db.prepare(`insert into ${table} values (${Array(count).fill('?').join(',')})`);
  let statement = insert('authors', 4);
  for (const a of authors) statement.run([a.id, a.name, a.email, a.createdAt.getTime()]);
  statement.free();
  statement = insert('tags', 2);
  for (const t of tags) statement.run([t.id, t.name]);
  statement.free();
  statement = insert('posts', 7);
  for (const p of posts)
    statement.run([p.id, p.authorId, p.title, p.body, p.views, p.published ? 1 : 0, p.createdAt.getTime()]);
  statement.free();
  statement = insert('post_tags', 2);
  for (const p of posts) for (const t of p.tags) statement.run([p.id, t.id]);
  statement.free();
  db.exec('commit; analyze');
}

/** What W9 has to answer: a filter over the parent, ordered, cut at 50. */
export function expectedPage({ posts, authors }, { minViews, lo, hi }) {
  return posts
    .filter((p) => {
      const { email } = authors[p.authorId - 1];
      return p.published && p.views > minViews && email >= lo && email < hi;
    })
    .sort((a, b) => b.views - a.views || a.id - b.id)
    .slice(0, 50);
}

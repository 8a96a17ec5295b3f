import { DATES, DDL, describe } from './result.mjs';

export async function run(initSqlJs) {
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  db.exec(DDL);
  const rows = (sql, map) => (db.exec(sql)[0]?.values ?? []).map(map);
  db.run("insert into authors (name) values ('Ada')");
  db.run(
    "insert into posts (author_id, title, created_at) values (1, 'Notes', ?), (1, 'Sketch', ?)",
    DATES.map(Number),
  );
  db.run("insert into tags (name) values ('a'), ('b'), ('c')");
  db.run('insert into post_tags values (1, 1), (1, 2), (2, 3)');
  const tags = rows('select id, name from tags', ([id, name]) => ({ id, name }));
  const links = rows('select post_id, tag_id from post_tags', (row) => row);
  const posts = rows('select id, author_id, title, created_at from posts', ([id, author, title, at]) => ({
    id,
    author,
    title,
    createdAt: new Date(at),
    tags: links.filter((l) => l[0] === id).map((l) => tags.find((t) => t.id === l[1])),
  }));
  const authors = rows('select id, name from authors', ([id, name]) => ({
    id,
    name,
    posts: posts.filter((p) => p.author === id),
  }));
  return describe(
    authors,
    (a) => a.posts,
    (p) => p.tags,
  );
}

import 'reflect-metadata';
import { DataSource, EntitySchema } from 'typeorm';
import { DATES, DDL, describe } from './result.mjs';

const id = { type: 'integer', primary: true, generated: 'increment' };
const Author = new EntitySchema({
  name: 'Author',
  tableName: 'authors',
  columns: { id, name: { type: 'text' } },
  relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author', cascade: true } },
});
const Tag = new EntitySchema({ name: 'Tag', tableName: 'tags', columns: { id, name: { type: 'text' } } });
const Post = new EntitySchema({
  name: 'Post',
  tableName: 'posts',
  columns: {
    id,
    title: { type: 'text' },
    createdAt: {
      type: 'integer',
      name: 'created_at',
      transformer: { to: (v) => v.getTime(), from: (v) => new Date(v) },
    },
  },
  relations: {
    author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' }, inverseSide: 'posts' },
    tags: {
      type: 'many-to-many',
      target: 'Tag',
      cascade: true,
      joinTable: { name: 'post_tags', joinColumn: { name: 'post_id' }, inverseJoinColumn: { name: 'tag_id' } },
    },
  },
});

export async function run(initSqlJs) {
  const SQL = await initSqlJs();
  const source = await new DataSource({
    type: 'sqljs',
    driver: { Database: SQL.Database },
    entities: [Author, Post, Tag],
  }).initialize();
  for (const sql of DDL.split(';')) await source.query(sql);
  const authors = source.getRepository(Author);
  await authors.save({
    name: 'Ada',
    posts: [
      { title: 'Notes', createdAt: DATES[0], tags: [{ name: 'a' }, { name: 'b' }] },
      { title: 'Sketch', createdAt: DATES[1], tags: [{ name: 'c' }] },
    ],
  });
  return describe(
    await authors.find({ relations: { posts: { tags: true } } }),
    (a) => a.posts,
    (p) => p.tags,
  );
}

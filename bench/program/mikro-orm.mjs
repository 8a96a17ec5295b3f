import { defineEntity, MikroORM, p, SqliteDriver } from '@mikro-orm/sql';
import { sqljsDialect } from '../lib/kysely-sqljs.mjs';
import { DATES, DDL, describe } from './result.mjs';

const Author = defineEntity({
  name: 'Author',
  tableName: 'authors',
  properties: { id: p.integer().primary(), name: p.string(), posts: () => p.oneToMany(Post).mappedBy('author') },
});
const Tag = defineEntity({
  name: 'Tag',
  tableName: 'tags',
  properties: { id: p.integer().primary(), name: p.string() },
});
const Post = defineEntity({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: p.integer().primary(),
    author: () => p.manyToOne(Author).joinColumn('author_id'),
    title: p.string(),
    createdAt: p.datetime(),
    tags: () => p.manyToMany(Tag).owner().pivotTable('post_tags').joinColumn('post_id').inverseJoinColumn('tag_id'),
  },
});

export async function run(initSqlJs) {
  const SQL = await initSqlJs();
  const raw = new SQL.Database();
  raw.exec(DDL);
  const orm = await MikroORM.init({
    driver: SqliteDriver,
    dbName: ':memory:',
    driverOptions: sqljsDialect(raw),
    entities: [Author, Post, Tag],
    ensureDatabase: false,
  });
  const em = orm.em.fork();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
  const author = em.create(Author, { name: 'Ada' });
  em.create(Post, { author, title: 'Notes', createdAt: DATES[0], tags: [a, b] });
  em.create(Post, { author, title: 'Sketch', createdAt: DATES[1], tags: [c] });
  await em.flush();
  return describe(
    await orm.em.fork().find(Author, {}, { populate: ['posts.tags'] }),
    (x) => x.posts.getItems(),
    (x) => x.tags.getItems(),
  );
}

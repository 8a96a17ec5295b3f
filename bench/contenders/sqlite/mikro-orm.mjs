// MikroORM 7: SqliteDriver over a Kysely dialect, which is its documented way to use another SQLite library.
import { defineEntity, MikroORM, p, SqliteDriver } from '@mikro-orm/sql';

const AuthorSchema = defineEntity({
  name: 'Author',
  tableName: 'authors',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    email: p.string().unique(),
    createdAt: p.datetime(),
    posts: () => p.oneToMany(Post).mappedBy('author'),
  },
});
class Author extends AuthorSchema.class {}
AuthorSchema.setClass(Author);
const TagSchema = defineEntity({
  name: 'Tag',
  tableName: 'tags',
  properties: { id: p.integer().primary(), name: p.string().unique() },
});
class Tag extends TagSchema.class {}
TagSchema.setClass(Tag);
const PostSchema = defineEntity({
  name: 'Post',
  tableName: 'posts',
  properties: {
    id: p.integer().primary(),
    author: () => p.manyToOne(Author).joinColumn('author_id'),
    title: p.string(),
    body: p.text(),
    views: p.integer(),
    published: p.boolean(),
    createdAt: p.datetime(),
    tags: () => p.manyToMany(Tag).owner().pivotTable('post_tags').joinColumn('post_id').inverseJoinColumn('tag_id'),
  },
});
class Post extends PostSchema.class {}
PostSchema.setClass(Post);

export async function open({ engine, native, ...options }) {
  const raw = engine.openDatabase(native, options);
  const orm = await MikroORM.init({
    driver: SqliteDriver,
    dbName: ':memory:',
    driverOptions: engine.kyselyDialect(raw),
    entities: [Author, Post, Tag],
    ensureDatabase: false,
  });
  let held;
  const context = () => (held = orm.em.fork());
  return {
    view: {
      authorId: (post) => post.author.id,
      author: (post) => post.author,
      posts: (a) => a.posts.getItems(),
      tags: (post) => post.tags.getItems(),
    },
    ...engine.handle(raw),
    dispose() {
      held = undefined;
    },
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(await orm.em.fork().findOne(Post, id));
      return out;
    },
    async W2() {
      return context().find(Post, {});
    },
    async W3() {
      return context().find(Author, {}, { populate: ['posts'], orderBy: { id: 'asc' } });
    },
    async W4() {
      return context().find(Author, {}, { populate: ['posts.tags'], orderBy: { id: 'asc' } });
    },
    async W5(data) {
      const em = context();
      const out = data.map(({ authorId, title, body, views, published, createdAt }) => {
        const author = em.getReference(Author, authorId);
        return em.create(Post, { title, body, views, published, createdAt, author });
      });
      await em.flush();
      return out;
    },
    async W6() {
      const em = context();
      const list = await em.find(Post, { id: { $lte: 1_000 } });
      for (const one of list) one.views++;
      await em.flush();
      return list;
    },
    W7(i) {
      const query = orm.em
        .fork()
        .createQueryBuilder(Post, 'p')
        .select('*')
        .join('p.author', 'a')
        .join('p.tags', 't')
        .where({ published: true, views: { $gt: i }, 't.name': 'tag 1' })
        .orderBy({ views: 'desc' })
        .limit(50);
      return { query, sql: query.getQuery() };
    },
    async W8load() {
      const em = context();
      return { em, list: await em.find(Post, {}, { orderBy: { id: 'asc' } }) };
    },
    async W8({ em, list }, i) {
      list[i].views++;
      await em.flush();
    },
    async W9(filters) {
      const out = [];
      for (const f of filters)
        out.push(
          await orm.em
            .fork()
            .find(
              Post,
              { published: true, views: { $gt: f.minViews }, author: { email: { $gte: f.lo, $lt: f.hi } } },
              { populate: ['author'], orderBy: { views: 'desc', id: 'asc' }, limit: 50 },
            ),
        );
      return out;
    },
  };
}

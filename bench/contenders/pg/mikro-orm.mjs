// MikroORM 7 with its driver for PostgreSQL.
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';

const AuthorSchema = defineEntity({
  name: 'Author',
  tableName: 'authors',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    email: p.string().unique(),
    createdAt: p.datetime(3),
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
    createdAt: p.datetime(3),
    tags: () => p.manyToMany(Tag).owner().pivotTable('post_tags').joinColumn('post_id').inverseJoinColumn('tag_id'),
  },
});
class Post extends PostSchema.class {}
PostSchema.setClass(Post);

export async function open({ engine }) {
  const orm = await MikroORM.init({
    clientUrl: engine.connection.connectionString,
    driverOptions: { options: engine.connection.options },
    pool: { min: 1, max: 1 },
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
    ...(await engine.handle()),
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

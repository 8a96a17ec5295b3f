// TypeORM with its driver for PostgreSQL.
// It has no unit of work: saving what was loaded is its way to find out what changed, so W8 saves the list.
import 'reflect-metadata';
import { DataSource, EntitySchema, LessThanOrEqual } from 'typeorm';

const date = { type: 'timestamptz', precision: 3 };
class Author {}
class Post {}
class Tag {}
const entities = [
  new EntitySchema({
    name: 'Author',
    tableName: 'authors',
    target: Author,
    columns: {
      id: { type: 'integer', primary: true, generated: 'increment' },
      name: { type: 'text' },
      email: { type: 'text', unique: true },
      createdAt: { ...date, name: 'created_at' },
    },
    relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'author' } },
  }),
  new EntitySchema({
    name: 'Post',
    tableName: 'posts',
    target: Post,
    columns: {
      id: { type: 'integer', primary: true, generated: 'increment' },
      authorId: { type: 'integer', name: 'author_id' },
      title: { type: 'text' },
      body: { type: 'text' },
      views: { type: 'integer' },
      published: { type: 'boolean' },
      createdAt: { ...date, name: 'created_at' },
    },
    relations: {
      author: { type: 'many-to-one', target: 'Author', joinColumn: { name: 'author_id' }, inverseSide: 'posts' },
      tags: {
        type: 'many-to-many',
        target: 'Tag',
        joinTable: { name: 'post_tags', joinColumn: { name: 'post_id' }, inverseJoinColumn: { name: 'tag_id' } },
      },
    },
  }),
  new EntitySchema({
    name: 'Tag',
    tableName: 'tags',
    target: Tag,
    columns: { id: { type: 'integer', primary: true, generated: 'increment' }, name: { type: 'text', unique: true } },
  }),
];

export async function open({ engine }) {
  const source = await new DataSource({
    type: 'postgres',
    url: engine.connection.connectionString,
    poolSize: 1,
    extra: { options: engine.connection.options },
    entities,
    synchronize: false,
    logging: false,
  }).initialize();
  const posts = source.getRepository(Post);
  const authors = source.getRepository(Author);
  return {
    view: {
      authorId: (post) => post.authorId,
      author: (post) => post.author,
      posts: (a) => a.posts,
      tags: (post) => post.tags,
    },
    ...(await engine.handle()),
    async W1(ids) {
      const out = [];
      for (const id of ids) out.push(await posts.findOneBy({ id }));
      return out;
    },
    async W2() {
      return posts.find();
    },
    async W3() {
      return authors.find({ relations: { posts: true } });
    },
    async W4() {
      return authors.find({ relations: { posts: { tags: true } } });
    },
    async W5(data) {
      return posts.save(posts.create(data), { chunk: 1_000 });
    },
    async W6() {
      const list = await posts.find({ where: { id: LessThanOrEqual(1_000) } });
      for (const one of list) one.views++;
      return posts.save(list, { chunk: 1_000, reload: false });
    },
    W7(i) {
      const query = posts
        .createQueryBuilder('p')
        .innerJoin('p.author', 'a')
        .innerJoin('p.tags', 't')
        .where('p.published = :published', { published: true })
        .andWhere('p.views > :views', { views: i })
        .andWhere('t.name = :name', { name: 'tag 1' })
        .orderBy('p.views', 'DESC')
        .limit(50);
      return { query, sql: query.getQuery() };
    },
    async W8load() {
      return posts.find({ order: { id: 'ASC' } });
    },
    async W8(list, i) {
      list[i].views++;
      await posts.save(list, { chunk: 1_000, reload: false });
    },
    async W9(filters) {
      const out = [];
      for (const f of filters)
        out.push(
          await posts
            .createQueryBuilder('p')
            .innerJoinAndSelect('p.author', 'a')
            .where('p.published = :published AND p.views > :minViews AND a.email >= :lo AND a.email < :hi', {
              published: true,
              ...f,
            })
            .orderBy('p.views', 'DESC')
            .addOrderBy('p.id', 'ASC')
            .limit(50)
            .getMany(),
        );
      return out;
    },
  };
}

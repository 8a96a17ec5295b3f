import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  asWritten,
  createPersistence,
  Entity,
  integer,
  manyToMany,
  manyToOne,
  type NamingStrategy,
  snakeCase,
  sql,
  text,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

describe('snakeCase', () => {
  it.each([
    ['name', 'name'],
    ['createdAt', 'created_at'],
    ['HTMLBody', 'html_body'],
    ['userID', 'user_id'],
    ['userIDs', 'user_i_ds'],
    ['aBCDef', 'a_bc_def'],
    ['address2Line', 'address2_line'],
    ['address2', 'address2'],
    ['x1Y2', 'x1_y2'],
    ['already_snake', 'already_snake'],
    ['Capital', 'capital'],
    ['ÜberGröße', 'über_größe'],
    ['größeÄnderung', 'größe_änderung'],
    ['имяПользователя', 'имя_пользователя'],
    ['日本語', '日本語'],
    ['$price', '$price'],
    ['_hidden', '_hidden'],
    ['a', 'a'],
    ['ABC', 'abc'],
  ])('names the column of %s %s', (property, column) => {
    expect(snakeCase.column(property)).toBe(column);
  });

  it('names foreign keys and links', () => {
    expect(snakeCase.foreignKey('mainAuthor', 'id')).toBe('main_author_id');
    expect(snakeCase.foreignKey('orderLine', 'order_no')).toBe('order_line_order_no');
    expect(snakeCase.linkTable('posts', 'relatedTags')).toBe('posts_related_tags');
    expect(snakeCase.linkColumn('posts', 'id')).toBe('posts_id');
  });
});

describe('asWritten', () => {
  it('keeps property names', () => {
    expect(asWritten.column('createdAt')).toBe('createdAt');
    expect(asWritten.foreignKey('author', 'id')).toBe('authorId');
    expect(asWritten.foreignKey('author', '')).toBe('author');
    expect(asWritten.linkTable('posts', 'tags')).toBe('posts_tags');
    expect(asWritten.linkColumn('posts', 'id')).toBe('posts_id');
  });
});

class Author extends Entity('authors', { id: integer().primaryKey().generated(), fullName: text() }) {}
class Post extends Entity('posts', { id: integer().primaryKey().generated(), mainTitle: text().column('Titel') }) {
  firstAuthor = manyToOne(() => Author);
  coAuthors = manyToMany(() => Author);
}

const shouting: NamingStrategy = {
  column: (property) => property.toUpperCase(),
  foreignKey: (property, keyColumn) => `FK ${property} ${keyColumn}`,
  linkTable: (table, property) => `LINK ${table} ${property}`,
  linkColumn: (table, keyColumn) => `${table}.${keyColumn}`,
};

async function namesIn(naming: NamingStrategy | undefined): Promise<Record<string, unknown[]>> {
  const db = await createPersistence({
    driver: sqljs(),
    entities: [Author, Post],
    ...(naming === undefined ? {} : { naming }),
  });
  await createSchema(db);
  const { rows } = await db
    .em()
    .execute(sql`SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'`);
  const names: Record<string, unknown[]> = {};
  for (const [table, column] of rows) {
    const columns = names[String(table)] ?? [];
    names[String(table)] = [...columns, column];
  }
  const em = db.em();
  const author = em.create(Author, { fullName: 'Ada' });
  em.create(Post, { mainTitle: 'Notes', firstAuthor: author, coAuthors: [author] });
  await em.flush();
  const found = await db.em().find(Post, { firstAuthor: { fullName: 'Ada' } }, { populate: ['coAuthors'] });
  expect(found.map((post) => [post.mainTitle, post.coAuthors.at(0)?.fullName])).toEqual([['Notes', 'Ada']]);
  await db.close();
  return names;
}

describe('a naming strategy belongs to one persistence object', () => {
  it('gives one class other names in another database', async () => {
    const [byDefault, written, shouted] = await Promise.all([
      namesIn(undefined),
      namesIn(asWritten),
      namesIn(shouting),
    ]);
    expect(byDefault).toEqual({
      authors: ['id', 'full_name'],
      posts: ['id', 'Titel', 'first_author_id'],
      posts_co_authors: ['posts_id', 'authors_id'],
    });
    expect(written).toEqual({
      authors: ['id', 'fullName'],
      posts: ['id', 'Titel', 'firstAuthorId'],
      posts_coAuthors: ['posts_id', 'authors_id'],
    });
    expect(shouted).toEqual({
      authors: ['ID', 'FULLNAME'],
      posts: ['ID', 'Titel', 'FK firstAuthor ID'],
      'LINK posts coAuthors': ['posts.ID', 'authors.ID'],
    });
  });
});

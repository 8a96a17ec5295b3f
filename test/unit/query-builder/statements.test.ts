import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../../src/compiler/dialect.ts';
import { mysql } from '../../../src/dialect/mysql/index.ts';
import { postgres } from '../../../src/dialect/postgres/index.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { decimal, Entity, integer, manyToMany, manyToOne, snakeCase, text } from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import { count, from, lastValue, rowNumber, statementOf, sum, update } from '../../../src/query-builder/index.ts';
import type { Plannable, QueryTarget } from '../../../src/query-builder/statement-of.ts';

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text({ maxLength: 50 }) }) {}
class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text() }) {}
class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  views: integer(),
  price: decimal({ precision: 10, scale: 2 }),
  version: integer().version(),
}) {
  author = manyToOne(() => Author);
  tags = manyToMany(() => Tag, { through: 'post_tags' });
}

/** As much of a database as a plan needs. */
function target(dialect: Dialect): QueryTarget {
  const unused = (): never => {
    throw new Error('nothing runs here');
  };
  const session = { dialect, compile: unused, run: unused, driver: { clock: { now: () => 0 } } };
  return { registry: createRegistry([Author, Tag, Post], snakeCase, dialect), session: session as never };
}

const texts = (query: () => Plannable): string[] =>
  [sqlite, postgres, mysql].map((dialect) => statementOf(query(), target(dialect)).sql);

describe('The statement of a built query', () => {
  it('joins what is named, once, and groups', () => {
    const query = () =>
      from(Post)
        .where((post) => post.author.name.eq('Ada'))
        .groupBy((post) => post.author.name)
        .select((post) => ({ by: post.author.name, posts: count(), views: sum(post.views) }));
    expect(texts(query)).toEqual([
      'SELECT "t1"."name", COUNT(*), CAST(SUM("t0"."views") AS INTEGER) FROM "posts" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id" WHERE "t1"."name" = ? GROUP BY "t1"."name"',
      'SELECT "t1"."name", COUNT(*), CAST(SUM("t0"."views") AS bigint) FROM "posts" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id" WHERE "t1"."name" = $1 GROUP BY "t1"."name"',
      'SELECT `t1`.`name`, COUNT(*), CAST(SUM(`t0`.`views`) AS SIGNED) FROM `posts` AS `t0` JOIN `authors` AS `t1` ON `t0`.`author_id` = `t1`.`id` WHERE `t1`.`name` = ? GROUP BY `t1`.`name`',
    ]);
  });

  it('joins links and targets to each other first where rows without any stay', () => {
    const query = () =>
      from(Post)
        .leftJoin((post) => post.tags)
        .select((post, tag) => ({ id: post.id, tag: tag.name }));
    expect(texts(query)[0]).toBe(
      'SELECT "t0"."id", "t1"."name" FROM "posts" AS "t0" LEFT JOIN ("post_tags" AS "t2" JOIN "tags" AS "t1" ON "t2"."tags_id" = "t1"."id") ON "t2"."posts_id" = "t0"."id"',
    );
  });

  it('has names for the columns of a query inside of it only, and windows', () => {
    const ranked = from(Post).select((post) => ({
      id: post.id,
      place: rowNumber().over({ partitionBy: post.author.id, orderBy: post.views.desc() }),
    }));
    expect(texts(() => from(ranked).where((row) => row.place.eq(1)))[1]).toBe(
      'SELECT "t1"."c0", "t1"."c1" FROM (SELECT "t0"."id" AS "c0", ROW_NUMBER() OVER (PARTITION BY "t0"."author_id" ORDER BY "t0"."views" DESC) AS "c1" FROM "posts" AS "t0") AS "t1" WHERE "t1"."c1" = $1::bigint',
    );
  });

  it('counts some rows by what every engine has, and others by their distance', () => {
    const query = () =>
      from(Post).select((post) => ({
        few: count().filter(post.views.lt(3)),
        sum: sum(post.views)
          .filter(post.title.eq('x'))
          .over({ orderBy: post.id, frame: { from: -2, to: 'end' } }),
        last: lastValue(post.id).over({ orderBy: post.id, frame: { from: 'start', to: 0 } }),
      }));
    expect(texts(query)[0]).toBe(
      'SELECT COUNT(CASE WHEN "t0"."views" < ? THEN 1 END), CAST(SUM(CASE WHEN "t0"."title" = ? THEN "t0"."views" END) OVER (ORDER BY "t0"."id" ROWS BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING) AS INTEGER), LAST_VALUE("t0"."id") OVER (ORDER BY "t0"."id" ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM "posts" AS "t0"',
    );
  });

  it('computes decimals as whole units where the engine would round them', () => {
    const query = () => from(Post).select((post) => post.price.times(3));
    expect(texts(query)).toEqual([
      `SELECT (CAST(REPLACE("t0"."price", '.', '') AS INTEGER)) * CAST(? AS INTEGER) FROM "posts" AS "t0"`,
      'SELECT "t0"."price" * $1::bigint FROM "posts" AS "t0"',
      'SELECT `t0`.`price` * ? FROM `posts` AS `t0`',
    ]);
  });

  it('of many rows counts versions up', () => {
    const write = () =>
      update(Post)
        .set((post) => ({ views: post.views.plus(1) }))
        .where({ title: 'x' });
    expect(texts(write)).toEqual([
      'UPDATE "posts" AS "t0" SET "views" = "t0"."views" + CAST(? AS INTEGER), "version" = "t0"."version" + CAST(? AS INTEGER) WHERE "t0"."title" = ?',
      'UPDATE "posts" AS "t0" SET "views" = "t0"."views" + $1::bigint, "version" = "t0"."version" + $2::bigint WHERE "t0"."title" = $3',
      'UPDATE `posts` AS `t0` SET `views` = `t0`.`views` + ?, `version` = `t0`.`version` + ? WHERE `t0`.`title` = ?',
    ]);
  });
});

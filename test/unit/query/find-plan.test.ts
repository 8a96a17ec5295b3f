import { beforeAll, describe, expect, it } from 'vitest';
import type { EntityClass } from '../../../src/index.ts';
import {
  all,
  and,
  between,
  contains,
  endsWith,
  eq,
  every,
  gt,
  gte,
  isIn,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  ne,
  none,
  not,
  notIn,
  or,
  some,
  startsWith,
} from '../../../src/index.ts';
import { openTables, type QueryPlanner, queryPlanner, runPlan } from '../../support/query-planner.ts';
import type { RawSqljs } from '../../support/raw-sqljs.ts';
import { refusalOf, relationOf } from '../../support/registry-of.ts';
import { Author, Novel, Pass, Post, queryRegistry, rows, Saga, Seat, Tag } from './model.ts';

let planner: QueryPlanner;
let raw: RawSqljs;
beforeAll(async () => {
  planner = queryPlanner(queryRegistry());
  raw = await openTables(planner.registry);
  raw.db.exec(rows);
});

type Request = Parameters<QueryPlanner['plan']>[1];

/** The text behind the list of columns, and the keys of the rows that it finds. */
function plan(target: EntityClass, request?: Request): { sql: string; found: unknown[] } {
  const made = planner.plan(target, request);
  const sql = made.compiled.sql.replace(/^SELECT .*? FROM /, '');
  return { sql, found: runPlan(raw, made).map(([key]) => key) };
}

type Case = [name: string, target: EntityClass, where: unknown, sql: string, found: unknown[]];
const cases: Case[] = [
  ['no criteria', Author, {}, '"authors" AS "t0"', [1, 2, 3, 4]],
  ['a value', Author, { name: 'Ada' }, '"authors" AS "t0" WHERE "t0"."name" = ?', [1]],
  [
    'two columns',
    Author,
    { name: 'Ada', bio: 'first' },
    '"authors" AS "t0" WHERE "t0"."name" = ? AND "t0"."bio" = ?',
    [1],
  ],
  ['null', Author, { bio: null }, '"authors" AS "t0" WHERE "t0"."bio" IS NULL', [2]],
  ['eq', Author, { id: eq(1) }, '"authors" AS "t0" WHERE "t0"."id" = ?', [1]],
  ['eq of null', Author, { bio: eq(null) }, '"authors" AS "t0" WHERE "t0"."bio" IS NULL', [2]],
  [
    'ne of a column that is never NULL',
    Author,
    { name: ne('Ada') },
    '"authors" AS "t0" WHERE "t0"."name" <> ?',
    [2, 3, 4],
  ],
  [
    'ne of a column that may be NULL',
    Author,
    { bio: ne('first') },
    '"authors" AS "t0" WHERE "t0"."bio" <> ? OR "t0"."bio" IS NULL',
    [2, 3, 4],
  ],
  ['ne of null', Author, { bio: ne(null) }, '"authors" AS "t0" WHERE "t0"."bio" IS NOT NULL', [1, 3, 4]],
  ['lt', Author, { id: lt(2) }, '"authors" AS "t0" WHERE "t0"."id" < ?', [1]],
  ['lte', Author, { id: lte(2) }, '"authors" AS "t0" WHERE "t0"."id" <= ?', [1, 2]],
  ['gt', Author, { id: gt(3) }, '"authors" AS "t0" WHERE "t0"."id" > ?', [4]],
  ['gte', Author, { id: gte(3) }, '"authors" AS "t0" WHERE "t0"."id" >= ?', [3, 4]],
  [
    'gte of a decimal',
    Author,
    { score: gte('9.75') },
    '"authors" AS "t0" WHERE CAST(REPLACE("t0"."score", \'.\', \'\') AS INTEGER) >= CAST(REPLACE(?, \'.\', \'\') AS INTEGER)',
    [1],
  ],
  ['eq of a decimal', Author, { score: '9.50' }, '"authors" AS "t0" WHERE "t0"."score" = ?', [2]],
  ['between', Author, { id: between(2, 3) }, '"authors" AS "t0" WHERE "t0"."id" >= ? AND "t0"."id" <= ?', [2, 3]],
  [
    'between beside another column',
    Author,
    { id: between(1, 3), name: 'Bob' },
    '"authors" AS "t0" WHERE ("t0"."id" >= ? AND "t0"."id" <= ?) AND "t0"."name" = ?',
    [2],
  ],
  ['an instant', Author, { born: gt(new Date(-1)) }, '"authors" AS "t0" WHERE "t0"."born" > ?', [1, 2]],
  ['bytes', Author, { photo: new Uint8Array([255]) }, '"authors" AS "t0" WHERE "t0"."photo" = ?', [2]],
  ['like', Author, { name: like('_d%') }, '"authors" AS "t0" WHERE "t0"."name" LIKE ? ESCAPE \'\\\'', [1]],
  [
    'contains a wildcard',
    Author,
    { name: contains('%') },
    '"authors" AS "t0" WHERE "t0"."name" LIKE ? ESCAPE \'\\\'',
    [3],
  ],
  [
    'contains another wildcard',
    Author,
    { bio: contains('_') },
    '"authors" AS "t0" WHERE "t0"."bio" LIKE ? ESCAPE \'\\\'',
    [3],
  ],
  [
    'contains the escape',
    Author,
    { name: contains('\\') },
    '"authors" AS "t0" WHERE "t0"."name" LIKE ? ESCAPE \'\\\'',
    [4],
  ],
  ['startsWith', Author, { name: startsWith('A') }, '"authors" AS "t0" WHERE "t0"."name" LIKE ? ESCAPE \'\\\'', [1]],
  ['endsWith', Author, { name: endsWith('b') }, '"authors" AS "t0" WHERE "t0"."name" LIKE ? ESCAPE \'\\\'', [2]],
  [
    'isIn',
    Author,
    { id: isIn([1, 3]) },
    '"authors" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?))',
    [1, 3],
  ],
  [
    'isIn of nothing',
    Author,
    { id: isIn([]) },
    '"authors" AS "t0" WHERE "t0"."id" IN (SELECT value FROM json_each(?))',
    [],
  ],
  [
    'isIn of bytes',
    Author,
    { photo: isIn([new Uint8Array([0])]) },
    '"authors" AS "t0" WHERE "t0"."photo" IN (SELECT unhex(value) FROM json_each(?))',
    [1],
  ],
  [
    'notIn',
    Author,
    { id: notIn([1, 3]) },
    '"authors" AS "t0" WHERE "t0"."id" NOT IN (SELECT value FROM json_each(?))',
    [2, 4],
  ],
  [
    'notIn of a column that may be NULL',
    Author,
    { bio: notIn(['first']) },
    '"authors" AS "t0" WHERE "t0"."bio" NOT IN (SELECT value FROM json_each(?)) OR "t0"."bio" IS NULL',
    [2, 3, 4],
  ],
  ['isNull', Author, { bio: isNull() }, '"authors" AS "t0" WHERE "t0"."bio" IS NULL', [2]],
  ['isNotNull', Author, { bio: isNotNull() }, '"authors" AS "t0" WHERE "t0"."bio" IS NOT NULL', [1, 3, 4]],
  ['JSON', Author, { settings: eq({ a: 1 }) }, '"authors" AS "t0" WHERE "t0"."settings" = ?', [1]],
  [
    'ne of JSON',
    Author,
    { settings: ne({ a: 1 }) },
    '"authors" AS "t0" WHERE "t0"."settings" <> ? OR "t0"."settings" IS NULL',
    [2, 3, 4],
  ],
  ['and', Author, and({ id: 1 }, { name: 'Ada' }), '"authors" AS "t0" WHERE "t0"."id" = ? AND "t0"."name" = ?', [1]],
  ['and of nothing', Author, and(), '"authors" AS "t0"', [1, 2, 3, 4]],
  ['or', Author, or({ id: 1 }, { name: 'Bob' }), '"authors" AS "t0" WHERE "t0"."id" = ? OR "t0"."name" = ?', [1, 2]],
  ['or of nothing', Author, or(), '"authors" AS "t0" WHERE 1 = 0', []],
  [
    'not, which an unknown meets',
    Author,
    not({ bio: 'first' }),
    '"authors" AS "t0" WHERE ("t0"."bio" = ?) IS NOT TRUE',
    [2, 3, 4],
  ],
  ['not of nothing', Author, not({}), '"authors" AS "t0" WHERE (1 = 1) IS NOT TRUE', []],
  ['all', Author, all(), '"authors" AS "t0"', [1, 2, 3, 4]],
  [
    'conditions in conditions',
    Author,
    and(or({ id: 1 }, { id: 2 }), not({ name: 'Bob' })),
    '"authors" AS "t0" WHERE ("t0"."id" = ? OR "t0"."id" = ?) AND ("t0"."name" = ?) IS NOT TRUE',
    [1],
  ],
  ['the key of a to-one', Post, { author: 1 }, '"posts" AS "t0" WHERE "t0"."author_id" = ?', [1, 2]],
  ['null of a to-one', Post, { editor: null }, '"posts" AS "t0" WHERE "t0"."editor_id" IS NULL', [1]],
  [
    'a composite key',
    Post,
    { seat: Object.assign(new Seat(), { row: 'A', no: 1 }) },
    '"posts" AS "t0" WHERE "t0"."seat_row" = ? AND "t0"."seat_no" = ?',
    [1],
  ],
  [
    'null of a composite key',
    Post,
    { seat: null },
    '"posts" AS "t0" WHERE "t0"."seat_row" IS NULL OR "t0"."seat_no" IS NULL',
    [3, 4],
  ],
  [
    'an entity',
    Post,
    { author: new Author({ id: 2, name: 'Bob' }) },
    '"posts" AS "t0" WHERE "t0"."author_id" = ?',
    [3],
  ],
  [
    'criteria of a to-one',
    Post,
    { author: { name: 'Ada' } },
    '"posts" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id" WHERE "t1"."name" = ?',
    [1, 2],
  ],
  [
    'criteria of a to-one under or',
    Post,
    or({ author: { name: 'Ada' } }, { id: 4 }),
    '"posts" AS "t0" WHERE EXISTS (SELECT ? FROM "authors" AS "t1" WHERE "t0"."author_id" = "t1"."id" AND "t1"."name" = ?) OR "t0"."id" = ?',
    [1, 2, 4],
  ],
  [
    'criteria of a to-one under not',
    Post,
    not({ editor: { name: 'Ada' } }),
    '"posts" AS "t0" WHERE (EXISTS (SELECT ? FROM "authors" AS "t1" WHERE "t0"."editor_id" = "t1"."id" AND "t1"."name" = ?)) IS NOT TRUE',
    [1, 2, 4],
  ],
  [
    'criteria two levels deep',
    Post,
    { author: { pass: { code: 'p7' } } },
    '"posts" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id" WHERE EXISTS (SELECT ? FROM "passes" AS "t2" WHERE "t2"."author_id" = "t1"."id" AND "t2"."code" = ?)',
    [1, 2],
  ],
  [
    'the absence of an inverse one',
    Author,
    { pass: null },
    '"authors" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "passes" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND 1 = 1)',
    [2, 3, 4],
  ],
  [
    'the key of an inverse one',
    Author,
    { pass: 7 },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "passes" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND "t1"."id" = ?)',
    [1],
  ],
  [
    'criteria of an inverse one',
    Author,
    { pass: { code: like('p%') } },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "passes" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND "t1"."code" LIKE ? ESCAPE \'\\\')',
    [1],
  ],
  [
    'some of a to-many',
    Author,
    { posts: some({ title: 'two' }) },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND "t1"."title" = ?)',
    [1],
  ],
  [
    'some of any',
    Author,
    { posts: some({}) },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND 1 = 1)',
    [1, 2, 3],
  ],
  [
    'some at all',
    Author,
    { posts: some() },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND 1 = 1)',
    [1, 2, 3],
  ],
  [
    'none at all',
    Author,
    { posts: none() },
    '"authors" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND 1 = 1)',
    [4],
  ],
  [
    'none of a to-many',
    Author,
    { posts: none({ title: 'two' }) },
    '"authors" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND "t1"."title" = ?)',
    [2, 3, 4],
  ],
  [
    'every of a to-many',
    Author,
    { posts: every({ title: isIn(['one', 'two']) }) },
    '"authors" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND ("t1"."title" IN (SELECT value FROM json_each(?))) IS NOT TRUE)',
    [1, 4],
  ],
  [
    'every with an unknown',
    Author,
    { posts: every({ editor: 2 }) },
    '"authors" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND ("t1"."editor_id" = ?) IS NOT TRUE)',
    [4],
  ],
  [
    'some of a link',
    Post,
    { tags: some({ name: 'x' }) },
    '"posts" AS "t0" WHERE EXISTS (SELECT ? FROM "tags" AS "t1" JOIN "post_tags" AS "t2" ON "t2"."tags_name" = "t1"."name" WHERE "t2"."posts_id" = "t0"."id" AND "t1"."name" = ?)',
    [1, 2],
  ],
  [
    'none of a link',
    Post,
    { tags: none({ name: 'x' }) },
    '"posts" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "tags" AS "t1" JOIN "post_tags" AS "t2" ON "t2"."tags_name" = "t1"."name" WHERE "t2"."posts_id" = "t0"."id" AND "t1"."name" = ?)',
    [3, 4],
  ],
  [
    'every of a link',
    Post,
    { tags: every({ name: 'x' }) },
    '"posts" AS "t0" WHERE NOT EXISTS (SELECT ? FROM "tags" AS "t1" JOIN "post_tags" AS "t2" ON "t2"."tags_name" = "t1"."name" WHERE "t2"."posts_id" = "t0"."id" AND ("t1"."name" = ?) IS NOT TRUE)',
    [2, 4],
  ],
  [
    'some of the other end of a link',
    Tag,
    { posts: some({ title: 'one' }) },
    '"tags" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" JOIN "post_tags" AS "t2" ON "t2"."posts_id" = "t1"."id" WHERE "t2"."tags_name" = "t0"."name" AND "t1"."title" = ?)',
    ['x', 'y'],
  ],
  [
    'some within some',
    Author,
    { posts: some({ tags: some({ name: 'y' }) }) },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" WHERE "t1"."author_id" = "t0"."id" AND EXISTS (SELECT ? FROM "tags" AS "t2" JOIN "post_tags" AS "t3" ON "t3"."tags_name" = "t2"."name" WHERE "t3"."posts_id" = "t1"."id" AND "t2"."name" = ?))',
    [1],
  ],
  [
    'a join within some',
    Author,
    { posts: some({ editor: { name: 'Bob' } }) },
    '"authors" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" JOIN "authors" AS "t2" ON "t1"."editor_id" = "t2"."id" WHERE "t1"."author_id" = "t0"."id" AND "t2"."name" = ?)',
    [1],
  ],
  [
    'some of a composite key',
    Seat,
    { posts: some({ title: 'one' }) },
    '"seats" AS "t0" WHERE EXISTS (SELECT ? FROM "posts" AS "t1" WHERE ("t1"."seat_row" = "t0"."row" AND "t1"."seat_no" = "t0"."no") AND "t1"."title" = ?)',
    ['A'],
  ],
  ['a subtype', Novel, {}, '"posts" AS "t0" WHERE "t0"."type" IN (SELECT value FROM json_each(?))', [2, 3, 4]],
  [
    'a column of a subtype',
    Novel,
    { pages: gt(50) },
    '"posts" AS "t0" WHERE "t0"."type" IN (SELECT value FROM json_each(?)) AND "t0"."pages" > ?',
    [2, 3],
  ],
  [
    'a subtype of a subtype',
    Saga,
    { volumes: 3 },
    '"posts" AS "t0" WHERE "t0"."type" IN (SELECT value FROM json_each(?)) AND "t0"."volumes" = ?',
    [3],
  ],
  [
    'an owning one-to-one',
    Pass,
    { author: { name: 'Ada' } },
    '"passes" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id" WHERE "t1"."name" = ?',
    [7],
  ],
  ['null of an owning one-to-one', Pass, { author: null }, '"passes" AS "t0" WHERE "t0"."author_id" IS NULL', [8]],
];

describe('what criteria become', () => {
  it.each(cases)('%s', (_, target, where, sql, found) => {
    expect(plan(target, { where })).toEqual({ sql, found });
  });
});

describe('clauses', () => {
  it('orders by one column and by several, decimals by value', () => {
    expect(plan(Author, { orderBy: { name: 'desc' } })).toEqual({
      sql: '"authors" AS "t0" ORDER BY "t0"."name" DESC',
      found: [4, 2, 1, 3],
    });
    expect(plan(Post, { orderBy: [{ title: 'asc' }, { id: 'desc' }] }).sql).toBe(
      '"posts" AS "t0" ORDER BY "t0"."title", "t0"."id" DESC',
    );
    expect(plan(Author, { where: { score: isNotNull() }, orderBy: { score: 'asc' } })).toEqual({
      sql: `"authors" AS "t0" WHERE "t0"."score" IS NOT NULL ORDER BY CAST(REPLACE("t0"."score", '.', '') AS INTEGER)`,
      found: [3, 2, 1],
    });
    expect(plan(Author, { orderBy: { id: 'desc', name: undefined } }).sql).toBe(
      '"authors" AS "t0" ORDER BY "t0"."id" DESC',
    );
  });

  it('limits and leaves out', () => {
    const orderBy = { id: 'asc' };
    expect(plan(Author, { orderBy, limit: 2 })).toEqual({
      sql: '"authors" AS "t0" ORDER BY "t0"."id" LIMIT ?',
      found: [1, 2],
    });
    expect(plan(Author, { orderBy, limit: 2, offset: 1 }).found).toEqual([2, 3]);
    expect(plan(Author, { orderBy, offset: 3 })).toEqual({
      sql: '"authors" AS "t0" ORDER BY "t0"."id" LIMIT -1 OFFSET ?',
      found: [4],
    });
    expect(plan(Author, { orderBy, limit: 0 }).found).toEqual([]);
  });

  it('counts', () => {
    expect(plan(Author, { count: true, where: { id: gt(1) } })).toEqual({
      sql: '"authors" AS "t0" WHERE "t0"."id" > ?',
      found: [3],
    });
    expect(plan(Saga, { count: true }).found).toEqual([1]);
  });

  it('reads to-one relations along, by the join of the criteria where there is one', () => {
    const meta = planner.registry.get(Post);
    const [author, editor] = [relationOf(meta, 'author'), relationOf(meta, 'editor')];
    expect(plan(Post, { where: { author: { name: 'Ada' } }, joined: [author, editor] })).toEqual({
      sql: '"posts" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id" LEFT JOIN "authors" AS "t2" ON "t0"."editor_id" = "t2"."id" WHERE "t1"."name" = ?',
      found: [1, 2],
    });
    const made = planner.plan(Post, { joined: [author], where: { id: 3 } });
    expect(runPlan(raw, made)[0]?.slice(meta.columns.length, meta.columns.length + 2)).toEqual([2, 'Bob']);
  });

  it('reads the other end of a to-many relation of one owner', () => {
    const tags = relationOf(planner.registry.get(Post), 'tags');
    expect(plan(Tag, { relatedTo: { relation: tags, key: 1 }, where: { name: ne('y') } })).toEqual({
      sql: '"tags" AS "t0" JOIN "post_tags" AS "t1" ON "t1"."tags_name" = "t0"."name" WHERE "t1"."posts_id" = ? AND "t0"."name" <> ?',
      found: ['x'],
    });
    const posts = relationOf(planner.registry.get(Seat), 'posts');
    expect(plan(Post, { relatedTo: { relation: posts, key: ['A', 2] } })).toEqual({
      sql: '"posts" AS "t0" WHERE "t0"."seat_row" = ? AND "t0"."seat_no" = ?',
      found: [2],
    });
  });
});

describe('what is refused', () => {
  const refused = (target: EntityClass, request: unknown) =>
    refusalOf(() => planner.plan(target, request as Request)) as { code: string; message: string; property?: string };

  it.each([[-1], [1.5], [Number.NaN], [Infinity], [2 ** 53], ['1'], [null], [[]], [{}], [true]])(
    'the limit or offset %s',
    (value) => {
      for (const name of ['limit', 'offset']) {
        expect(refused(Author, { [name]: value })).toMatchObject({
          code: 'validation',
          message: `authors: ${name} must be a whole number, 0 or more`,
        });
      }
    },
  );

  it.each([
    [{ nope: 'asc' }, "there is no column 'nope' to order by"],
    [{ settings: 'asc' }, "there is no column 'settings' to order by"],
    [{ posts: 'asc' }, "there is no column 'posts' to order by"],
    [JSON.parse('{"__proto__": "asc"}'), "there is no column '__proto__' to order by"],
    [{ 'name desc; --': 'asc' }, "there is no column 'name desc; --' to order by"],
    [{ name: 'ASC' }, "the order of 'name' is neither 'asc' nor 'desc'"],
    [{ name: 'asc; drop table authors' }, "the order of 'name' is neither 'asc' nor 'desc'"],
    [{ name: null }, "the order of 'name' is neither 'asc' nor 'desc'"],
    ['name', 'orderBy takes objects of columns and directions'],
    [['name'], 'orderBy takes objects of columns and directions'],
    [null, 'orderBy takes objects of columns and directions'],
  ])('the order %j', (orderBy, problem) => {
    expect(refused(Author, { orderBy })).toMatchObject({ code: 'validation', message: `authors: ${problem}` });
  });

  it.each<[string, EntityClass, unknown, string]>([
    ['an unknown name', Author, { nope: 1 }, "authors: there is no column or relation 'nope' to filter by"],
    [
      'undefined',
      Author,
      { name: undefined },
      'authors.name: a filter cannot be undefined; leave the property out, or use null or isNull()',
    ],
    [
      'an undefined relation',
      Post,
      { author: undefined },
      'posts.author: a filter cannot be undefined; leave the property out',
    ],
    ['null as criteria', Author, null, 'authors: criteria must be a plain object or a condition'],
    ['an array as criteria', Author, [], 'authors: criteria must be a plain object or a condition'],
    ['a date as criteria', Author, new Date(), 'authors: criteria must be a plain object or a condition'],
    ['a value of another type', Author, { id: '1' }, 'authors.id: expected a safe integer, got a string'],
    ['an object for a scalar', Author, { name: { like: '%' } }, 'authors.name: '],
    ['an array for a scalar', Author, { id: [1] }, 'authors.id: '],
    ['eq of undefined', Author, { id: eq(undefined) }, 'authors.id: eq() takes a value, not undefined'],
    ['gt of null', Author, { id: gt(null) }, 'authors.id: gt() takes a value, not null'],
    ['JSON without eq', Author, { settings: { a: 1 } }, 'authors.settings: a JSON column is compared with eq(…) only'],
    ['an order of JSON', Author, { settings: gt({}) }, 'authors.settings: a JSON column is compared with eq(…) only'],
    ['a list of JSON', Author, { settings: isIn([1]) }, 'authors.settings: a JSON column is compared with eq(…) only'],
    ['a pattern for a number', Author, { id: like('1') }, 'authors.id: a pattern needs a text column'],
    ['a pattern that is no text', Author, { name: like(1 as never) }, 'authors.name: a pattern must be a string'],
    [
      'half a character in a pattern',
      Author,
      { name: contains('\ud800') },
      'authors.name: the pattern is not well-formed text',
    ],
    ['a list that is none', Author, { id: isIn('1' as never) }, 'authors.id: isIn() and notIn() take an array'],
    [
      'null in a list',
      Author,
      { id: isIn([null]) },
      'authors.id: a list of values cannot contain null; use or() with isNull()',
    ],
    [
      'undefined in a list',
      Author,
      { id: notIn([undefined]) },
      'authors.id: a list of values cannot contain undefined',
    ],
    [
      'a quantifier over a column',
      Author,
      { id: some({}) },
      "authors.id: the operator 'some' does not apply to a column",
    ],
    [
      'a column operator over an entity',
      Author,
      like('x'),
      "authors: the operator 'like' needs a property to apply to",
    ],
    [
      'an undefined condition of a quantifier',
      Author,
      { posts: some(undefined as never) },
      'posts: criteria cannot be undefined',
    ],
    ['a quantifier over an entity', Author, some({}), "authors: the operator 'some' needs a property to apply to"],
    [
      'criteria without a quantifier',
      Author,
      { posts: { title: 'x' } },
      'authors.posts: a to-many relation takes some(…), every(…) or none(…)',
    ],
    [
      'null of a to-many',
      Author,
      { posts: null },
      'authors.posts: a to-many relation takes some(…), every(…) or none(…)',
    ],
    [
      'an operator over a to-many',
      Author,
      { posts: eq(1) },
      "authors.posts: the operator 'eq' does not apply to a to-many relation",
    ],
    [
      'half a composite key',
      Post,
      { seat: 'A' },
      'seats: the key is composite; give an object of all its parts: row, no',
    ],
    ['a key of another type', Post, { author: 'x' }, 'authors.id: expected a safe integer, got a string'],
    [
      'an entity of another class',
      Post,
      { author: new Tag({ name: 'x' }) },
      "posts.author: an entity of 'tags' cannot be compared with one of 'authors'",
    ],
    ['a column of a subtype', Post, { pages: 1 }, "posts: there is no column or relation 'pages' to filter by"],
  ])('%s', (_, target, where, message) => {
    const error = refused(target, { where });
    expect(error.code).toBe('validation');
    expect(error.message.startsWith(message)).toBe(true);
    expect(error.message.length - message.length).toBeLessThan(message.endsWith(': ') ? 80 : 1);
  });

  it('conditions nested more than 100 deep, by a typed error at any depth', () => {
    const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
      let where: unknown = { id: 1 };
      for (let level = 0; level < depth; level += 1) where = wrap(where);
      return where;
    };
    const negated = (inner: unknown): unknown => not(inner as never);
    expect(plan(Author, { where: nested(100, negated) }).found).toEqual([1]);
    for (const depth of [101, 5000]) {
      const message = 'authors: criteria are nested more than 100 deep';
      expect(refused(Author, { where: nested(depth, negated) })).toMatchObject({ code: 'validation', message });
    }
    const through = (inner: unknown): unknown => ({ author: inner });
    expect(refused(Post, { where: nested(10_000, through) }).code).toBe('validation');
    const quantified = (inner: unknown): unknown => ({ tags: some({ posts: some(inner as never) } as never) });
    expect(refused(Post, { where: nested(51, quantified) }).code).toBe('validation');
    expect(refused(Post, { where: nested(5000, quantified) }).code).toBe('validation');
    const betweens = nested(20_000, (inner) => and(inner as never));
    expect(refused(Author, { where: { id: betweens } }).code).toBe('validation');
  });
});

import { describe, expect } from 'vitest';
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
  type Persistence,
  query,
  some,
  sql,
  startsWith,
  type Where,
} from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, library, Post, Tag, Topic } from './model/library.ts';
import { builtQueries } from './queries/built.ts';
import { bulkWrites } from './queries/bulk-writes.ts';
import { computedValues } from './queries/computed-values.ts';
import { filtersAndFrames } from './queries/filters-and-frames.ts';
import { day, openLibrary } from './queries/open-library.ts';
import { randomQueries } from './queries/random-queries.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';

async function titles(db: Persistence, where: Where<Post>): Promise<string[]> {
  return (await db.em().find(Post, where, { orderBy: { id: 'asc' } })).map((post) => post.title);
}

async function authors(db: Persistence, where: Where<Author>): Promise<string[]> {
  return (await db.em().find(Author, where, { orderBy: { id: 'asc' } })).map((author) => author.name);
}

const everyTitle = ['Alpha', 'Beta', 'Gamma', '50% off', 'a_b\\c', '[a-z]!'];

/** A law that states which posts some criteria find. */
const finds = (where: Where<Post>, ...expected: string[]) => {
  return async (subject: Subject): Promise<void> => {
    await using db = await openLibrary(subject);
    expect(await titles(db, where)).toEqual(expected);
    expect(await db.em().count(Post, where)).toBe(expected.length);
    expect(await db.em().exists(Post, where)).toBe(expected.length > 0);
    // The opposite is everything else, NULLs included.
    expect(await titles(db, not(where))).toEqual(everyTitle.filter((title) => !expected.includes(title)));
  };
};

const findsAuthors = (where: Where<Author>, ...expected: string[]) => {
  return async (subject: Subject): Promise<void> => {
    await using db = await openLibrary(subject);
    expect(await authors(db, where)).toEqual(expected);
    const rest = ['Ada', 'Bob', 'Cy', 'Di'].filter((name) => !expected.includes(name));
    expect(await authors(db, not(where))).toEqual(rest);
  };
};

const columns: Laws = {
  'a value is equality': finds({ title: 'Beta' }, 'Beta'),
  'eq is equality': finds({ views: eq(50) }, 'a_b\\c', '[a-z]!'),
  'several properties must all hold': finds({ views: 50, title: '[a-z]!' }, '[a-z]!'),
  'null finds NULL': finds({ publishedAt: null }, 'Beta', '[a-z]!'),
  'isNull finds NULL': finds({ publishedAt: isNull() }, 'Beta', '[a-z]!'),
  'isNotNull finds the others': finds({ publishedAt: isNotNull() }, 'Alpha', 'Gamma', '50% off', 'a_b\\c'),
  'ne counts NULL as different': finds({ publishedAt: ne(day(1)) }, 'Beta', 'Gamma', '50% off', 'a_b\\c', '[a-z]!'),
  'lt leaves NULL out': finds({ publishedAt: lt(day(3)) }, 'Alpha'),
  'lte includes the bound': finds({ publishedAt: lte(day(3)) }, 'Alpha', 'Gamma'),
  'gt leaves the bound out': finds({ views: gt(40) }, 'a_b\\c', '[a-z]!'),
  'gte includes the bound': finds({ views: gte(40) }, '50% off', 'a_b\\c', '[a-z]!'),
  'between includes both bounds': finds({ views: between(20, 40) }, 'Beta', 'Gamma', '50% off'),
  'isIn finds any of the values': finds({ title: isIn(['Alpha', 'Beta', 'nope', 'Beta']) }, 'Alpha', 'Beta'),
  'isIn of nothing finds nothing': finds({ title: isIn([]) }),
  'notIn counts NULL as not among them': finds(
    { publishedAt: notIn([day(1), day(3)]) },
    'Beta',
    '50% off',
    'a_b\\c',
    '[a-z]!',
  ),
  'notIn of nothing finds everything': finds({ publishedAt: notIn([]) }, ...everyTitle),
  'like takes wildcards': finds({ title: like('_eta') }, 'Beta'),
  'like takes an escaped wildcard literally': finds({ title: like('50\\%%') }, '50% off'),
  'contains takes a percent sign literally': finds({ title: contains('%') }, '50% off'),
  'contains takes an underscore literally': finds({ title: contains('_') }, 'a_b\\c'),
  'contains takes a backslash literally': finds({ title: contains('\\') }, 'a_b\\c'),
  'contains takes brackets literally': finds({ title: contains('[a-z]') }, '[a-z]!'),
  'contains takes the escape characters of other engines literally': finds({ title: contains('!') }, '[a-z]!'),
  'contains of nothing finds every text': finds({ title: contains('') }, ...everyTitle),
  'startsWith and endsWith look at the ends': finds(
    and<Post>({ title: startsWith('G') }, { title: endsWith('a') }),
    'Gamma',
  ),
  'a number with a fraction is compared exactly': findsAuthors({ rating: gt(3) }, 'Ada'),
  'a JSON column is compared with eq': findsAuthors({ settings: eq({ theme: 'dark' }) }, 'Ada'),
  'a JSON column can be asked for NULL': findsAuthors({ settings: isNull() }, 'Bob', 'Cy', 'Di'),
  'ne(null) and eq(null) are tests for NULL': findsAuthors(
    { email: ne<string | null>(null) as never },
    'Ada',
    'Cy',
    'Di',
  ),
};

const logic: Laws = {
  'no criteria find everything': finds({}, ...everyTitle),
  'all() finds everything': finds(all(), ...everyTitle),
  'and() of nothing finds everything': finds(and(), ...everyTitle),
  'or() of nothing finds nothing': finds(or()),
  'or finds what meets any': finds(or<Post>({ title: 'Alpha' }, { views: 40 }), 'Alpha', '50% off'),
  'or inside of and': finds(and<Post>({ views: gt(10) }, or<Post>({ title: 'Beta' }, { title: 'Alpha' })), 'Beta'),
  'not counts an unknown as not met': finds(not<Post>({ publishedAt: gt(day(3)) }), 'Alpha', 'Beta', 'Gamma', '[a-z]!'),
  'not of not is the condition again': finds(not<Post>(not<Post>({ publishedAt: gt(day(3)) })), '50% off', 'a_b\\c'),
  'an or of a relation and a column': finds(
    or<Post>({ author: { name: 'Cy' } }, { views: 10 }),
    'Alpha',
    'a_b\\c',
    '[a-z]!',
  ),
  'an or over an empty relation keeps rows without it': finds(
    or<Post>({ editor: { name: 'Bob' } }, { title: 'Alpha' }),
    'Alpha',
    'Beta',
  ),
  'criteria a hundred deep work, deeper ones are refused': async (subject) => {
    await using db = await openLibrary(subject);
    const nest = (levels: number): Where<Post> => {
      let where: Where<Post> = { title: 'Alpha' };
      for (let level = 0; level < levels; level += 1) where = and<Post>(where);
      return where;
    };
    expect(await titles(db, nest(100))).toEqual(['Alpha']);
    await expectCode(() => titles(db, nest(101)), 'validation');
    await expectCode(() => titles(db, nest(100_000)), 'validation');
  },
  'an or of ten thousand alternatives works': async (subject) => {
    await using db = await openLibrary(subject);
    const many = Array.from({ length: 10_000 }, (_, index): Where<Post> => ({ views: index }));
    expect(await titles(db, or<Post>(...many))).toEqual(everyTitle);
  },
};

const relations: Laws = {
  'a to-one relation is compared with an entity': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const [ada] = await em.find(Author, { name: 'Ada' });
    if (ada === undefined) throw new Error('no Ada');
    expect((await em.find(Post, { author: ada })).map((post) => post.title)).toEqual(['Alpha', 'Beta']);
    expect(await db.em().count(Post, { author: ada.id, editor: null })).toBe(1);
  },
  'a to-one relation is compared with a key': finds({ author: 2 }, 'Gamma', '50% off'),
  'a to-one relation is compared with null': finds({ editor: null }, 'Alpha', '50% off', 'a_b\\c', '[a-z]!'),
  'a to-one relation takes nested criteria': finds({ author: { name: 'Ada' } }, 'Alpha', 'Beta'),
  'nested criteria over an empty relation do not hold': finds({ editor: { name: startsWith('A') } }, 'Gamma'),
  'nested criteria with a NULL test need the related row': finds({ editor: { email: null } }, 'Beta'),
  'empty nested criteria ask whether there is a related row': finds({ editor: {} }, 'Beta', 'Gamma'),
  'nested criteria may be conditions': finds(
    { author: or<Author>({ name: 'Cy' }, { email: isNull() }) },
    'Gamma',
    '50% off',
    'a_b\\c',
    '[a-z]!',
  ),
  'not inside of nested criteria': finds({ editor: not<Author>({ name: 'Bob' }) }, 'Gamma'),
  'relations nest over several tables': finds({ author: { profile: { site: 'ada.example' } } }, 'Alpha', 'Beta'),
  'two criteria over one relation': finds(
    and<Post>({ author: { name: 'Ada' } }, { author: { rating: gt(4) } }),
    'Alpha',
    'Beta',
  ),
  'a relation and its other namesake do not mix': finds({ author: { name: 'Ada' }, editor: { name: 'Bob' } }, 'Beta'),
  'some finds rows with a related row that meets it': finds(
    { tags: some<Tag>({ name: 'red' }) },
    'Alpha',
    'Beta',
    'a_b\\c',
  ),
  'some of anything finds rows with any related row': finds(
    { tags: some<Tag>({}) },
    'Alpha',
    'Beta',
    '50% off',
    'a_b\\c',
  ),
  'none finds rows without a related row that meets it': finds(
    { tags: none<Tag>({ name: 'red' }) },
    'Gamma',
    '50% off',
    '[a-z]!',
  ),
  'every holds where all related rows meet it, or there are none': finds(
    { tags: every<Tag>({ name: 'red' }) },
    'Beta',
    'Gamma',
    '[a-z]!',
  ),
  'every counts a related NULL as not met': findsAuthors(
    { posts: every<Post>({ publishedAt: gt(day(2)) }) },
    'Bob',
    'Di',
  ),
  'some over a one-to-many': findsAuthors({ posts: some<Post>({ views: gte(40) }) }, 'Bob', 'Cy'),
  'some nests': findsAuthors({ posts: some<Post>({ tags: some<Tag>({ name: 'blue' }) }) }, 'Bob', 'Cy'),
  'some with nested to-one criteria': findsAuthors({ posts: some<Post>({ editor: { name: 'Bob' } }) }, 'Ada'),
  'the inverse side of a one-to-one takes criteria': findsAuthors({ profile: { site: contains('ada') } }, 'Ada'),
  'the inverse side of a one-to-one takes null': findsAuthors({ profile: null }, 'Bob', 'Cy', 'Di'),
  'the inverse side of a one-to-one takes a key': findsAuthors(
    { profile: '00000000-0000-4000-8000-000000000001' },
    'Ada',
  ),
  'the inverse side of a many-to-many takes some': async (subject) => {
    await using db = await openLibrary(subject);
    const found = await db
      .em()
      .find(Tag, { posts: some<Post>({ author: { name: 'Cy' } }) }, { orderBy: { id: 'asc' } });
    expect(found.map((tag) => tag.name)).toEqual(['red', 'blue']);
  },
  'criteria over a table that refers to itself': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const root = em.create(Topic, { name: 'root' });
    const child = em.create(Topic, { name: 'child', parent: root });
    em.create(Topic, { name: 'grandchild', parent: child });
    await em.flush();
    const found = await db.em().find(Topic, { parent: { parent: { name: 'root' } } });
    expect(found.map((topic) => topic.name)).toEqual(['grandchild']);
    const parents = await db.em().find(Topic, { children: some<Topic>({ children: some<Topic>({}) }) });
    expect(parents.map((topic) => topic.name)).toEqual(['root']);
  },
};

const results: Laws = {
  'orderBy sorts by its keys in their order': async (subject) => {
    await using db = await openLibrary(subject);
    const ordered = await db.em().find(Post, {}, { orderBy: { views: 'desc', title: 'asc' } });
    expect(ordered.map((post) => post.title)).toEqual(['[a-z]!', 'a_b\\c', '50% off', 'Gamma', 'Beta', 'Alpha']);
    const listed = await db.em().find(Post, {}, { orderBy: [{ views: 'desc' }, { title: 'desc' }], limit: 2 });
    expect(listed.map((post) => post.title)).toEqual(['a_b\\c', '[a-z]!']);
  },
  'limit and offset cut the result': async (subject) => {
    await using db = await openLibrary(subject);
    const page = async (limit?: number, offset?: number) =>
      (
        await db.em().find(
          Post,
          {},
          {
            orderBy: { id: 'asc' },
            ...(limit === undefined ? {} : { limit }),
            ...(offset === undefined ? {} : { offset }),
          },
        )
      ).map(({ id }) => id);
    expect(await page(2)).toEqual([1, 2]);
    expect(await page(2, 3)).toEqual([4, 5]);
    expect(await page(undefined, 4)).toEqual([5, 6]);
    expect(await page(0)).toEqual([]);
    expect(await page(10, 10)).toEqual([]);
  },
  'findOne gives the first, or null': async (subject) => {
    await using db = await openLibrary(subject);
    expect((await db.em().findOne(Post, { views: 50 }, { orderBy: { id: 'desc' } }))?.title).toBe('[a-z]!');
    expect(await db.em().findOne(Post, { views: 51 })).toBeNull();
  },
  'findById gives the entity, or null, and asks once': async (subject) => {
    await using db = await openLibrary(subject);
    const statements = watchStatements(db);
    const em = db.em();
    const post = await em.findById(Post, 2);
    expect(post?.title).toBe('Beta');
    expect((await em.findById(Post, 2)) === post).toBe(true);
    expect(await em.findById(Post, 99)).toBeNull();
    expect(statements.texts).toHaveLength(2);
  },
  'one row is one object in one unit of work': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const [first] = await em.find(Post, { title: 'Beta' });
    const [again] = await em.find(Post, { views: 20 });
    expect(again === first).toBe(true);
    // Comparing by toBe would iterate over collections that are not loaded.
    expect((await db.em().findById(Post, 2)) === first).toBe(false);
  },
  'a result does not overwrite an unflushed edit': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const post = await em.findById(Post, 2);
    if (post === null) throw new Error('no post');
    post.title = 'Edited';
    await em.find(Post, {});
    expect(post.title).toBe('Edited');
  },
  'a query is a value that any unit of work can run': async (subject) => {
    await using db = await openLibrary(subject);
    const described = query(Post, { author: { name: 'Ada' } }, { populate: ['author'], orderBy: { id: 'desc' } });
    const found = await db.em().all(described);
    expect(found.map((post) => [post.title, post.author.get().name])).toEqual([
      ['Beta', 'Ada'],
      ['Alpha', 'Ada'],
    ]);
  },
  'lists of any length are found, alone and with other criteria': async (subject) => {
    await using db = await openLibrary(subject);
    for (const length of [0, 1, 32_766, 32_767, 65_535, 65_536, 100_000]) {
      const ids = Array.from({ length }, (_, index) => index + 3);
      const expected = everyTitle.slice(2, 2 + length);
      expect(await titles(db, { id: isIn(ids) }), `${length} values`).toEqual(expected);
      expect(await titles(db, { id: notIn(ids), title: ne('x') })).toEqual(
        everyTitle.filter((t) => !expected.includes(t)),
      );
      expect(await db.em().count(Post, { id: isIn(ids), views: gte(0), author: { name: ne('nobody') } })).toBe(
        expected.length,
      );
      const words = Array.from({ length }, (_, index) => (index === 0 ? 'Alpha' : `word ${index}`));
      expect(await db.em().count(Post, { title: isIn(words) })).toBe(Math.min(1, length));
    }
  },
  'raw SQL binds its holes, whatever they hold': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    for (const value of ["it's", '?', ':id', '$1', '%s', '\\?', "'); DROP TABLE posts; --", '{{x}}', '@p0']) {
      expect((await em.execute(sql`SELECT ${value} AS v, ${1} + ${2} AS three`)).rows).toEqual([[value, 3]]);
    }
    const from = sql`FROM ${sql`posts`} AS p WHERE p.views > ${30}`;
    expect((await em.execute(sql`SELECT COUNT(*) ${from}`)).rows).toEqual([[3]]);
    expect((await em.execute(sql`SELECT CASE WHEN ${2n ** 60n} = 1152921504606846976 THEN 1 ELSE 0 END`)).rows).toEqual(
      [[1]],
    );
    await expectCode(() => em.execute('SELECT 1' as never), 'validation');
    await expectCode(() => em.execute({ texts: ['SELECT 1'], holes: [] } as never), 'validation');
  },
};

/** Criteria, order, limits, and what finding gives. */
export function querySuite(subject: Subject): void {
  describe(`${subject.name}: queries`, () => {
    registerLaws(subject, 'queries', {
      ...columns,
      ...logic,
      ...relations,
      ...results,
      ...builtQueries,
      ...computedValues,
      ...filtersAndFrames,
      ...randomQueries,
      ...bulkWrites,
    });
  });
}

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  all,
  and,
  createPersistence,
  eq,
  every,
  gt,
  gte,
  isIn,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  none,
  not,
  notIn,
  or,
  type Persistence,
  some,
  type Where,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { Author, library, Post, Tag } from '../../conformance/model/library.ts';

/** A row as the reference evaluation sees it. */
interface AuthorRow {
  readonly id: number;
  readonly name: string;
  readonly rating: number | null;
}
interface PostRow {
  readonly id: number;
  readonly title: string;
  readonly views: number;
  readonly publishedAt: Date | null;
  readonly author: AuthorRow;
  readonly editor: AuthorRow | null;
  readonly tags: readonly { readonly id: number; readonly name: string }[];
}

/** Criteria together with what they mean. */
interface Criterion<T, R> {
  readonly where: Where<T>;
  readonly meets: (row: R) => boolean;
}

type Comparable = number | string | null;

/** An operator over a column, and what it says of a value: a comparison with NULL does not hold, `ne` and `notIn` do. */
interface Test {
  readonly op: unknown;
  readonly holds: (value: Comparable) => boolean;
}

function testsOf<V extends number | string>(values: fc.Arbitrary<V>): fc.Arbitrary<Test> {
  const compare = (make: (value: V) => unknown, holds: (value: number | string, bound: V) => boolean) =>
    values.map((bound): Test => ({ op: make(bound), holds: (value) => value !== null && holds(value, bound) }));
  return fc.oneof(
    values.map((bound): Test => ({ op: bound, holds: (value) => value === bound })),
    compare(eq<V>, (value, bound) => value === bound),
    compare(lt<V>, (value, bound) => value < bound),
    compare(lte<V>, (value, bound) => value <= bound),
    compare(gt<V>, (value, bound) => value > bound),
    compare(gte<V>, (value, bound) => value >= bound),
    values.map((bound): Test => ({ op: ne(bound), holds: (value) => value !== bound })),
    fc
      .array(values, { maxLength: 3 })
      .map((list): Test => ({ op: isIn(list), holds: (value) => list.includes(value as V) })),
    fc
      .array(values, { maxLength: 3 })
      .map((list): Test => ({ op: notIn(list), holds: (value) => !list.includes(value as V) })),
    fc.constant<Test>({ op: isNull(), holds: (value) => value === null }),
    fc.constant<Test>({ op: isNotNull(), holds: (value) => value !== null }),
  );
}

const column = <T, R>(
  property: string,
  tests: fc.Arbitrary<Test>,
  read: (row: R) => Comparable,
): fc.Arbitrary<Criterion<T, R>> =>
  tests.map(({ op, holds }) => ({
    where: { [property]: op } as unknown as Where<T>,
    meets: (row) => holds(read(row)),
  }));

/** All logical combinations of some criteria. */
function combined<T, R>(leaves: fc.Arbitrary<Criterion<T, R>>): fc.Arbitrary<Criterion<T, R>> {
  const { tree } = fc.letrec<{ tree: Criterion<T, R> }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaves,
      fc.constantFrom<Criterion<T, R>>(
        { where: {} as Where<T>, meets: () => true },
        { where: all<T>(), meets: () => true },
      ),
      fc.array(tie('tree'), { maxLength: 3 }).map((parts) => ({
        where: and<T>(...parts.map(({ where }) => where)),
        meets: (row: R) => parts.every(({ meets }) => meets(row)),
      })),
      fc.array(tie('tree'), { maxLength: 3 }).map((parts) => ({
        where: or<T>(...parts.map(({ where }) => where)),
        meets: (row: R) => parts.some(({ meets }) => meets(row)),
      })),
      tie('tree').map((part) => ({ where: not<T>(part.where), meets: (row: R) => !part.meets(row) })),
    ),
  }));
  return tree;
}

const small = fc.integer({ min: 0, max: 4 });
const words = fc.constantFrom('a', 'b', 'c', 'A%', '');

const overAuthors = combined<Author, AuthorRow>(
  fc.oneof(
    column<Author, AuthorRow>('id', testsOf(fc.integer({ min: 1, max: 4 })), ({ id }) => id),
    column<Author, AuthorRow>('name', testsOf(words), ({ name }) => name),
    column<Author, AuthorRow>('rating', testsOf(small), ({ rating }) => rating),
  ),
);

const overTags = combined<Tag, PostRow['tags'][number]>(
  fc.oneof(
    column<Tag, PostRow['tags'][number]>('id', testsOf(fc.integer({ min: 1, max: 3 })), ({ id }) => id),
    column<Tag, PostRow['tags'][number]>('name', testsOf(words), ({ name }) => name),
  ),
);

const overPosts = combined<Post, PostRow>(
  fc.oneof(
    column<Post, PostRow>('title', testsOf(words), ({ title }) => title),
    column<Post, PostRow>('views', testsOf(small), ({ views }) => views),
    overAuthors.map(({ where, meets }) => ({
      where: { author: where },
      meets: ({ author }: PostRow) => meets(author),
    })),
    overAuthors.map(({ where, meets }) => ({
      where: { editor: where },
      meets: ({ editor }: PostRow) => editor !== null && meets(editor),
    })),
    fc.constant<Criterion<Post, PostRow>>({ where: { editor: null }, meets: ({ editor }) => editor === null }),
    fc
      .integer({ min: 1, max: 4 })
      .map((id) => ({ where: { author: id }, meets: ({ author }: PostRow) => author.id === id })),
    overTags.map(({ where, meets }) => ({
      where: { tags: some<Tag>(where) },
      meets: ({ tags }: PostRow) => tags.some(meets),
    })),
    overTags.map(({ where, meets }) => ({
      where: { tags: every<Tag>(where) },
      meets: ({ tags }: PostRow) => tags.every(meets),
    })),
    overTags.map(({ where, meets }) => ({
      where: { tags: none<Tag>(where) },
      meets: ({ tags }: PostRow) => !tags.some(meets),
    })),
  ),
);

let db: Persistence;
let rows: readonly PostRow[];

beforeAll(async () => {
  db = await createPersistence({ driver: sqljs(), entities: library });
  await createSchema(db);
  const em = db.em();
  const names = ['a', 'b', 'A%', ''];
  const authors = names.map((name, n) => em.create(Author, { name, rating: n === 2 ? null : n }));
  const tags = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
  for (let n = 0; n < 16; n += 1) {
    em.create(Post, {
      title: ['a', 'b', 'c', ''][n % 4] as string,
      views: n % 5,
      author: authors[n % 4] as Author,
      editor: n % 3 === 0 ? null : (authors[(n + 1) % 4] as Author),
      tags: tags.filter((_, t) => ((n >> 1) >> t) % 2 === 1),
    });
  }
  await em.flush();
  const read = await db.em().find(Post, {}, { populate: ['author', 'editor', 'tags'], orderBy: { id: 'asc' } });
  rows = read.map((post) => ({
    id: post.id,
    title: post.title,
    views: post.views,
    publishedAt: post.publishedAt,
    author: post.author.get(),
    editor: post.editor.get(),
    tags: post.tags.toArray(),
  }));
});

afterAll(() => db.close());

async function ids(where: Where<Post>): Promise<number[]> {
  return (await db.em().find(Post, where, { orderBy: { id: 'asc' } })).map(({ id }) => id);
}

describe('any criteria', () => {
  it('find exactly the rows that meet them, the first time and from the cache', async () => {
    await fc.assert(
      fc.asyncProperty(overPosts, async ({ where, meets }) => {
        const expected = rows.filter(meets).map(({ id }) => id);
        expect(await ids(where)).toEqual(expected);
        expect(await ids(where)).toEqual(expected);
        expect(await db.em().count(Post, where)).toBe(expected.length);
        const page = await db
          .em()
          .find(Post, where, { orderBy: { id: 'desc' }, limit: 3, offset: 1, populate: ['author', 'editor'] });
        expect(page.map(({ id }) => id)).toEqual(expected.toReversed().slice(1, 4));
        for (const post of page) expect(post.author.get().id).toBe(rows[post.id - 1]?.author.id);
      }),
      { numRuns: 600 },
    );
  });
});

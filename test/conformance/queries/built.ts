import { expect } from 'vitest';
import { gt, like, type Persistence, type Selection, some } from '../../../src/index.ts';
import {
  allOf,
  anyOf,
  coalesce,
  concat,
  count,
  countDistinct,
  except,
  exists,
  from,
  intersect,
  lag,
  length,
  literal,
  lower,
  max,
  notExists,
  rank,
  recursive,
  rowNumber,
  scalar,
  sum,
  union,
  unionAll,
} from '../../../src/query-builder/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Author, Comment, library, Post, Tag, Topic } from '../model/library.ts';
import { watchStatements } from '../statements.ts';
import type { Subject } from '../subject.ts';
import { day, inLibrary } from './open-library.ts';

async function openTopics(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const root = em.create(Topic, { name: 'root' });
  const left = em.create(Topic, { name: 'left', parent: root });
  em.create(Topic, { name: 'right', parent: root });
  em.create(Topic, { name: 'leaf', parent: left });
  em.create(Topic, { name: 'other' });
  await em.flush();
  return db;
}

/** What `from()` makes: rows, joins, groups, windows, queries inside of queries. */
export const builtQueries: Laws = {
  'a built query without select() gives managed entities, as find() does': inLibrary(async (db) => {
    const em = db.em();
    const posts = await em.all(
      from(Post)
        .where((post) => post.author.name.eq('Ada'))
        .orderBy((post) => post.title.desc()),
    );
    expect(posts.map((post) => post.title)).toEqual(['Beta', 'Alpha']);
    expect(posts[0]).toBeInstanceOf(Post);
    expect(await em.findById(Post, posts[0]?.id ?? 0)).toBe(posts[0]);
    for (const post of posts) post.views += 1;
    await em.flush();
    expect(
      await db.em().all(
        from(Post)
          .where({ views: gt(20) })
          .select(() => count()),
      ),
    ).toEqual([5]);
  }),

  'select() makes values, nested objects and entities of each row': inLibrary(async (db) => {
    const em = db.em();
    const rows = await em.all(
      from(Post)
        .where((post) => post.views.between(20, 40))
        .orderBy((post) => post.id)
        .select((post) => ({
          title: post.title,
          by: { name: post.author.name, rating: post.author.rating, key: post.author.id },
          editor: post.editor,
          edited: post.editor.name,
          at: post.publishedAt,
        })),
    );
    expect(rows.map(({ editor, ...row }) => ({ ...row, editor: editor?.name ?? null }))).toEqual([
      { title: 'Beta', by: { name: 'Ada', rating: 4.5, key: 1 }, editor: 'Bob', edited: 'Bob', at: null },
      { title: 'Gamma', by: { name: 'Bob', rating: 3, key: 2 }, editor: 'Ada', edited: 'Ada', at: day(3) },
      { title: '50% off', by: { name: 'Bob', rating: 3, key: 2 }, editor: null, edited: null, at: day(4) },
    ]);
    expect(rows[0]?.editor).toBe(await em.findById(Author, 2));
  }),

  'a relation that is followed twice is joined once, and its key without a join': inLibrary(async (db) => {
    const { texts } = watchStatements(db);
    const key = from(Post)
      .where((post) => post.author.id.eq(1))
      .orderBy((post) => post.id)
      .select((post) => post.author.id);
    expect(await db.em().all(key)).toEqual([1, 1]);
    expect(texts.at(-1)).not.toMatch(/JOIN/);
    const named = from(Post)
      .where((post) => post.author.name.startsWith('C').and(post.author.email.isNotNull()))
      .orderBy((post) => [post.author.name, post.id])
      .select((post) => ({ by: post.author.name, site: post.author.profile.site }));
    expect(await db.em().all(named)).toEqual([
      { by: 'Cy', site: null },
      { by: 'Cy', site: null },
    ]);
    expect(texts.at(-1)?.match(/JOIN/g)).toHaveLength(2);
  }),

  'join() gives a row for each related one, leftJoin() one for those without any as well': inLibrary(async (db) => {
    const em = db.em();
    const tagged = from(Post)
      .join((post) => post.tags)
      .where((_, tag) => tag.name.eq('red'))
      .orderBy((post) => post.id)
      .select((post) => post.title);
    expect(await em.all(tagged)).toEqual(['Alpha', 'Beta', 'a_b\\c']);
    const all = from(Post)
      .leftJoin((post) => post.tags)
      .where((post) => post.views.gte(40))
      .orderBy((post, tag) => [post.id, tag.id])
      .select((post, tag) => ({ title: post.title, tag: tag.name }));
    expect(await em.all(all)).toEqual([
      { title: '50% off', tag: 'blue' },
      { title: 'a_b\\c', tag: 'red' },
      { title: 'a_b\\c', tag: 'blue' },
      { title: '[a-z]!', tag: null },
    ]);
    const counted = from(Author)
      .leftJoin((author) => author.posts)
      .groupBy((author) => [author.id, author.name])
      .orderBy((author) => author.id)
      .select((author, post) => ({ name: author.name, posts: count(post.id), rows: count(), most: max(post.views) }));
    expect(await em.all(counted)).toEqual([
      { name: 'Ada', posts: 2, rows: 2, most: 20 },
      { name: 'Bob', posts: 2, rows: 2, most: 40 },
      { name: 'Cy', posts: 2, rows: 2, most: 50 },
      { name: 'Di', posts: 0, rows: 1, most: null },
    ]);
    const entities = await em.all(
      from(Author)
        .leftJoin((author) => author.posts)
        .where((author) => author.name.in(['Cy', 'Di']))
        .orderBy((author, post) => [author.id, post.id])
        .select((author, post) => ({ author, post })),
    );
    expect(entities.map(({ author, post }) => [author.name, post?.title ?? null])).toEqual([
      ['Cy', 'a_b\\c'],
      ['Cy', '[a-z]!'],
      ['Di', null],
    ]);
    expect(entities[0]?.author).toBe(entities[1]?.author);
  }),

  'other sources are joined by a condition: entities and queries': inLibrary(async (db) => {
    const em = db.em();
    const pairs = from(Post)
      .join(Post, (post, other) => post.author.id.eq(other.author.id).and(post.id.lt(other.id)))
      .orderBy((post) => post.id)
      .select((post, other) => ({ one: post.title, two: other.title }));
    expect(await em.all(pairs)).toEqual([
      { one: 'Alpha', two: 'Beta' },
      { one: 'Gamma', two: '50% off' },
      { one: 'a_b\\c', two: '[a-z]!' },
    ]);
    const perAuthor = from(Post)
      .groupBy((post) => post.author.id)
      .select((post) => ({ author: post.author.id, views: sum(post.views) }));
    const joined = from(Author)
      .leftJoin(perAuthor, (author, total) => total.author.eq(author.id))
      .orderBy((author) => author.id)
      .select((author, total) => ({ name: author.name, views: coalesce(total.views, 0) }));
    expect(await em.all(joined)).toEqual([
      { name: 'Ada', views: 30 },
      { name: 'Bob', views: 70 },
      { name: 'Cy', views: 100 },
      { name: 'Di', views: 0 },
    ]);
  }),

  'conditions are values: and, or, not, lists of them, and criteria beside them': inLibrary(async (db) => {
    const titles = async (query: Selection<Post>) => (await db.em().all(query)).map((post) => post.title);
    const posts = from(Post).orderBy((post) => post.id);
    expect(await titles(posts.where((post) => post.views.lt(20).or(post.title.contains('%'))))).toEqual([
      'Alpha',
      '50% off',
    ]);
    expect(await titles(posts.where((post) => post.editor.id.eq(1).not().and(post.views.lte(20))))).toEqual([
      'Alpha',
      'Beta',
    ]);
    expect(await titles(posts.where((post) => post.editor.id.ne(1)))).toHaveLength(5);
    expect(await titles(posts.where((post) => post.publishedAt.eq(null)))).toEqual(['Beta', '[a-z]!']);
    expect(await titles(posts.where((post) => post.publishedAt.gte(day(4)).and(post.title.endsWith('c'))))).toEqual([
      'a_b\\c',
    ]);
    expect(await titles(posts.where((post) => anyOf([post.views.eq(10), post.views.eq(30)])))).toEqual([
      'Alpha',
      'Gamma',
    ]);
    expect(await titles(posts.where(() => anyOf([])))).toEqual([]);
    expect(await titles(posts.where(() => allOf([])))).toHaveLength(6);
    expect(
      await titles(posts.where({ title: like('%a'), author: { name: 'Ada' } }).where((post) => post.views.gt(0))),
    ).toEqual(['Alpha', 'Beta']);
    expect(await titles(posts.where({ tags: some<Tag>({ name: 'blue' }) }))).toEqual(['50% off', 'a_b\\c']);
    expect(await titles(posts.where((post) => post.title.in([])))).toEqual([]);
    expect(await titles(posts.where((post) => post.id.notIn([1, 2, 3, 4])))).toEqual(['a_b\\c', '[a-z]!']);
  }),

  'groups have aggregates, and conditions over them': inLibrary(async (db) => {
    const busy = from(Post)
      .groupBy((post) => post.author.name)
      .having((post) => sum(post.views).gt(30).and(count().gte(2)))
      .orderBy((post) => sum(post.views).desc())
      .select((post) => ({
        by: post.author.name,
        posts: count(),
        dated: count(post.publishedAt),
        kinds: countDistinct(post.views),
        views: sum(post.views),
      }));
    expect(await db.em().all(busy)).toEqual([
      { by: 'Cy', posts: 2, dated: 1, kinds: 1, views: 100 },
      { by: 'Bob', posts: 2, dated: 2, kinds: 2, views: 70 },
    ]);
    const byLabel = from(Post)
      .groupBy((post) => concat(lower(post.author.name), '!'))
      .orderBy((post) => concat(lower(post.author.name), '!'))
      .select((post) => ({ label: concat(lower(post.author.name), '!'), letters: sum(length(post.title)) }));
    expect(await db.em().all(byLabel)).toEqual([
      { label: 'ada!', letters: 9 },
      { label: 'bob!', letters: 12 },
      { label: 'cy!', letters: 11 },
    ]);
  }),

  'windows give each row what others around it have': inLibrary(async (db) => {
    const ranked = from(Post).select((post) => ({
      title: post.title,
      by: { id: post.author.id },
      place: rowNumber().over({ partitionBy: post.author.id, orderBy: [post.views.desc(), post.id] }),
      rank: rank().over({ orderBy: post.views.desc() }),
      before: lag(post.title).over({ orderBy: post.id }),
      running: sum(post.views).over({ orderBy: post.id }),
    }));
    const best = from(ranked)
      .where((row) => row.place.eq(1))
      .orderBy((row) => row.by.id);
    expect(await db.em().all(best)).toEqual([
      { title: 'Beta', by: { id: 1 }, place: 1, rank: 5, before: 'Alpha', running: 30 },
      { title: '50% off', by: { id: 2 }, place: 1, rank: 3, before: 'Gamma', running: 100 },
      { title: 'a_b\\c', by: { id: 3 }, place: 1, rank: 1, before: '50% off', running: 150 },
    ]);
  }),

  'queries stand inside of others: exists, in, and in the place of a value': inLibrary(async (db) => {
    const em = db.em();
    const commented = from(Author)
      .where((author) =>
        exists(from(Comment).where((comment) => comment.post.author.id.eq(author.id).and(comment.body.eq('yes')))),
      )
      .select((author) => author.name);
    expect(await em.all(commented)).toEqual(['Bob']);
    const idle = from(Author)
      .where((author) => notExists(from(Post).where((post) => post.author.id.eq(author.id))))
      .select((author) => author.name);
    expect(await em.all(idle)).toEqual(['Di']);
    const rated = from(Author)
      .where((author) => author.rating.gt(2))
      .select((author) => author.id);
    const good = from(Post)
      .where((post) => post.author.id.in(rated))
      .orderBy((post) => post.id)
      .select((post) => post.title);
    expect(await em.all(good)).toEqual(['Alpha', 'Beta', 'Gamma', '50% off']);
    const most = from(Author)
      .orderBy((author) => author.id)
      .select((author) => ({
        name: author.name,
        most: scalar(
          from(Post)
            .where((post) => post.author.id.eq(author.id))
            .select((post) => max(post.views)),
        ),
      }));
    expect((await em.all(most)).map((row) => row.most)).toEqual([20, 40, 50, null]);
  }),

  'sets of rows are united, intersected and taken from each other, in one order': inLibrary(async (db) => {
    const em = db.em();
    const authors = from(Author).select((author) => ({ name: author.name, id: author.id }));
    const tags = from(Tag).select((tag) => ({ id: tag.id, name: tag.name }));
    expect((await em.all(union(authors, tags, authors).orderBy((row) => row.name))).map((row) => row.name)).toEqual([
      'Ada',
      'Bob',
      'Cy',
      'Di',
      'blue',
      'green',
      'none',
      'red',
    ]);
    const firstTwo = authors.orderBy((author) => author.id).limit(2);
    const mixed = unionAll(firstTwo, tags.orderBy((tag) => tag.id.desc()).limit(1)).orderBy((row) => row.id.desc());
    expect(await em.all(mixed.limit(2))).toEqual([
      { name: 'none', id: 4 },
      { name: 'Bob', id: 2 },
    ]);
    const ids = from(Author).select((author) => author.id);
    const writers = from(Post).select((post) => post.author.id);
    expect(await em.all(except(ids, writers))).toEqual([4]);
    expect(await em.all(intersect(ids, writers).orderBy((row) => row.value))).toEqual([1, 2, 3]);
    await expectCode(() => em.all(union(ids, from(Author).select((author) => author.name) as never)), 'validation');
  }),

  'a recursion walks a tree, and a circle once where rows are to be distinct': async (subject) => {
    await using db = await openTopics(subject);
    const em = db.em();
    const roots = from(Topic)
      .where((topic) => topic.name.eq('root'))
      .select((topic) => ({ id: topic.id, name: topic.name, depth: literal(0) }));
    const tree = recursive(roots, (found) =>
      found
        .join(Topic, (parent, topic) => topic.parent.id.eq(parent.id))
        .select((parent, topic) => ({ id: topic.id, name: topic.name, depth: parent.depth.plus(1) })),
    );
    const walked = await em.all(tree.orderBy((row) => [row.depth, row.name]));
    expect(walked.map(({ name, depth }) => [name, depth])).toEqual([
      ['root', 0],
      ['left', 1],
      ['right', 1],
      ['leaf', 2],
    ]);
    const [root] = await em.find(Topic, { name: 'root' });
    const [leaf] = await em.find(Topic, { name: 'leaf' });
    if (root === undefined || leaf === undefined) throw new Error('two topics');
    root.parent.set(leaf);
    await em.flush();
    const circle = recursive(
      from(Topic)
        .where((topic) => topic.name.eq('leaf'))
        .select((topic) => topic.id),
      (found) => found.join(Topic, (row, topic) => topic.parent.id.eq(row.value)).select((_, topic) => topic.id),
      { distinct: true },
    );
    expect((await em.all(circle)).toSorted()).toEqual(walked.map(({ id }) => id).toSorted());
  },

  'pages follow each other by the values of their last row, over equal keys and both directions': inLibrary(
    async (db) => {
      const pages = from(Post)
        .orderBy((post) => [post.views.desc(), post.id])
        .select((post) => ({ views: post.views, id: post.id }))
        .limit(2);
      const seen: number[] = [];
      let page = await db.em().all(pages);
      while (page.length > 0) {
        seen.push(...page.map((row) => row.id));
        const last = page.at(-1);
        page = await db.em().all(pages.after([last?.views, last?.id]));
      }
      expect(seen).toEqual([5, 6, 4, 3, 2, 1]);
      const nullable = from(Post).orderBy((post) => post.publishedAt);
      await expectCode(() => db.em().all(nullable.after([day(1)])), 'validation');
      expect(() => from(Post).after([1])).toThrow(/orderBy/);
    },
  ),

  'NULL stands where the order says, and rows come once where they are to be distinct': inLibrary(async (db) => {
    const rated = from(Author).orderBy((author) => [author.rating.desc({ nulls: 'first' }), author.id]);
    expect((await db.em().all(rated)).map((author) => author.name)).toEqual(['Cy', 'Ada', 'Bob', 'Di']);
    const last = from(Author).orderBy((author) => [author.rating.asc({ nulls: 'last' }), author.id]);
    expect((await db.em().all(last.offset(1).limit(3))).map((author) => author.name)).toEqual(['Bob', 'Ada', 'Cy']);
    const writers = from(Post)
      .distinct()
      .orderBy((post) => post.author.name)
      .select((post) => post.author.name);
    expect(await db.em().all(writers)).toEqual(['Ada', 'Bob', 'Cy']);
  }),

  'a live query follows the tables of a built one, those inside of it as well': inLibrary(async (db) => {
    const counted = from(Author)
      .where((author) => author.name.eq('Di'))
      .select((author) => ({
        comments: scalar(
          from(Comment)
            .where((comment) => comment.body.ne(author.name))
            .select(() => count()),
        ),
      }));
    const live = db.live(counted)[Symbol.asyncIterator]();
    expect((await live.next()).value).toEqual([{ comments: 2 }]);
    const em = db.em();
    const [post] = await em.find(Post, {}, { limit: 1 });
    if (post === undefined) throw new Error('a post');
    em.create(Comment, { body: 'more', post });
    await em.flush();
    expect((await live.next()).value).toEqual([{ comments: 3 }]);
    await live.return?.();
  }),

  'a query that was built once runs many times, and each method leaves it as it was': inLibrary(async (db) => {
    const posts = from(Post).orderBy((post) => post.id);
    const few = posts.limit(1);
    const none = few.where((post) => post.views.lt(0));
    expect((await db.em().all(few)).map(({ id }) => id)).toEqual([1]);
    expect(await db.em().all(none)).toEqual([]);
    expect(await db.em().all(posts)).toHaveLength(6);
    expect(await db.em().all(few)).toHaveLength(1);
    await db.transaction(async (em) => expect(await em.all(posts)).toHaveLength(6));
  }),

  'what is no query of the entities is refused with what to do': inLibrary(async (db) => {
    const em = db.em();
    const other = from(Author);
    let foreign: { readonly eq: (value: string) => never } | undefined;
    other.where((author) => {
      foreign = author.name as never;
      return author.id.gt(0);
    });
    const refused: readonly Selection<unknown>[] = [
      from(Post).where((post) => (post as never as Record<string, typeof post.id>).nothing?.eq(1) as never),
      from(Post).where(() => foreign?.eq('Ada') as never),
      from(Post).where((post) => post.title as never),
      from(Post).where((post) => post.author as never),
      from(Post).select((post) => post.tags as never),
      from(Post).select(() => ({}) as never),
      from(Post).select(() => 'title' as never),
      from(Post).where((post) => post.views.gt(null as never)),
      from(Post).where((post) => post.views.eq(undefined as never)),
      from(Post).where((post) => post.views.eq('1' as never)),
      from(Post).where((post) => post.views.eq({ gt: 0 } as never)),
      from(Post).where((post) => post.title.in([null as never])),
      from(Post).where((post) => post.views.like.call(post.views as never, '1')),
      from(Post).select((post) => max(post.author.settings)),
      from(Post).where((post) => post.id.in(from(Author) as never)),
      from(from(Post)),
      from(Post).where(undefined as never),
      from(Post).where({ nothing: 1 } as never),
    ];
    for (const query of refused) await expectCode(() => em.all(query), 'validation');
    expect(() => from(Post).limit(-1)).toThrow(/whole number/);
    expect(() => from(Post).orderBy(() => 'title' as never)).toThrow(/orderBy/);
    expect(() => from(Post).groupBy(() => ['title'] as never)).toThrow(/groupBy/);
    await expectCode(() => em.all(from(class Unknown {} as never)), 'configuration');
  }),

  'what looks like SQL stays a value': inLibrary(async (db) => {
    const evil = `'; DROP TABLE "posts"; -- \\' \` " \u0000`.replace('\u0000', '');
    const found = from(Author)
      .where((author) =>
        author.name
          .eq(evil)
          .or(author.name.like(evil))
          .or(author.name.in([evil]))
          .or(concat(author.name, evil).eq(evil)),
      )
      .select((author) => ({ name: author.name, text: literal(evil), joined: coalesce(author.email, evil) }));
    expect(await db.em().all(found)).toEqual([]);
    expect(
      await db.em().all(
        from(Author)
          .limit(1)
          .select(() => literal(evil)),
      ),
    ).toEqual([evil]);
    expect(await db.em().count(Post)).toBe(6);
  }),
};

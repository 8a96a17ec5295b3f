import { expectTypeOf, test } from 'vitest';
import { Column, ManyToOne, Mapped, OneToMany } from '../../src/decorators.ts';
import {
  type Collection,
  Embeddable,
  Entity,
  type EntityManager,
  embedded,
  type Generated,
  gt,
  integer,
  lazy,
  like,
  manyToOne,
  type OptionalRef,
  type Persistence,
  type Ref,
  text,
} from '../../src/index.ts';
import type { ResultSet } from '../../src/port.ts';
import {
  anyOf,
  avg,
  coalesce,
  concat,
  count,
  deleteFrom,
  denseRank,
  except,
  exists,
  field,
  firstValue,
  from,
  lag,
  lastValue,
  length,
  literal,
  lower,
  max,
  min,
  recursive,
  rowNumber,
  scalar,
  sum,
  union,
  unionAll,
  update,
} from '../../src/query-builder/index.ts';
import { Author, Invoice, Line, Novel, Post, Profile, Seat, type Settings, type Tag } from './model.ts';

class Geo extends Embeddable({ lat: integer(), lon: integer() }) {}
class Address extends Embeddable({ city: text(), zip: text().nullable(), geo: embedded(Geo).nullable() }) {}
class Shop extends Entity('shops', {
  id: integer().primaryKey(),
  home: embedded(Address),
  second: embedded(Address).nullable(),
  kept: embedded(Address, { as: 'json' }),
  notes: lazy(text().nullable()),
  body: lazy(text()),
  like: text(),
}) {}
class Visit extends Entity('visits', { id: integer().primaryKey() }) {
  shop = manyToOne(() => Shop);
}

@Mapped('writers')
class Writer {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(text()) name!: string;
  @Column(text().nullable()) bio!: string | null;
  @OneToMany(
    () => Article,
    (article) => article.writer,
  )
  articles!: Collection<Article>;
}
@Mapped('articles')
class Article {
  @Column(integer().primaryKey().generated()) id!: Generated<number>;
  @Column(integer()) views!: number;
  @ManyToOne(() => Writer) writer!: Ref<Writer>;
  @ManyToOne(() => Writer, { nullable: true }) editor!: OptionalRef<Writer>;
}

declare const em: EntityManager;
declare const db: Persistence;
declare const ada: Author;

test('without a projection the rows are the entities', async () => {
  expectTypeOf(await em.all(from(Post))).toEqualTypeOf<Post[]>();
  expectTypeOf(await em.all(from(Novel).where((novel) => novel.pages.gt(1)))).toEqualTypeOf<Novel[]>();
  for await (const rows of db.live(from(Post))) expectTypeOf(rows).toEqualTypeOf<Post[]>();
});

test('a projection makes the type of a row', async () => {
  const rows = await em.all(
    from(Post).select((post) => ({
      id: post.id,
      published: post.publishedAt,
      by: { name: post.author.name, at: { bio: post.author.bio } },
      role: post.author.role,
      settings: post.author.settings,
    })),
  );
  interface Row {
    id: number;
    published: Date | null;
    by: { name: string; at: { bio: string | null } };
    role: 'admin' | 'writer';
    settings: Settings;
  }
  expectTypeOf(rows).branded.toEqualTypeOf<Row[]>();
  expectTypeOf(await em.all(from(Post).select((post) => post.title))).toEqualTypeOf<string[]>();
  expectTypeOf(await em.all(from(Profile).select((profile) => profile.id))).toEqualTypeOf<bigint[]>();
  expectTypeOf(await em.all(from(Seat).select((seat) => seat.price))).toEqualTypeOf<string[]>();
  expectTypeOf(await em.all(from(Invoice).select((invoice) => invoice.scan))).toEqualTypeOf<(Uint8Array | null)[]>();
});

test('entities are rows, or parts of them', async () => {
  const rows = await em.all(
    from(Post).select((post) => ({ post, author: post.author, editor: post.editor, title: post.title })),
  );
  expectTypeOf(rows).branded.toEqualTypeOf<{ post: Post; author: Author; editor: Author | null; title: string }[]>();
  expectTypeOf(await em.all(from(Post).select((post) => post.author))).toEqualTypeOf<Author[]>();
  const joined = from(Post).leftJoin((post) => post.tags);
  expectTypeOf(await em.all(joined.select((_, tag) => tag))).toEqualTypeOf<(Tag | null)[]>();
});

test('what lies behind an optional relation, or a left join, may be NULL', async () => {
  expectTypeOf(await em.all(from(Post).select((post) => post.editor.name))).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(await em.all(from(Post).select((post) => post.author.profile.site))).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(await em.all(from(Profile).select((profile) => profile.author.name))).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(await em.all(from(Line).select((line) => line.order.day))).toEqualTypeOf<string[]>();
  const tags = from(Post).join((post) => post.tags);
  expectTypeOf(await em.all(tags.select((_, tag) => tag.name))).toEqualTypeOf<string[]>();
  const left = from(Author).leftJoin((author) => author.posts);
  expectTypeOf(await em.all(left.select((_, post) => post.title))).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(await em.all(left.select((_, post) => post.author.name))).toEqualTypeOf<(string | null)[]>();
  const on = from(Author).leftJoin(Post, (author, post) => post.author.id.eq(author.id));
  expectTypeOf(await em.all(on.select((author, post) => ({ name: author.name, title: post.title })))).toEqualTypeOf<
    { name: string; title: string | null }[]
  >();
  const inner = from(Author).join(Post, (author, post) => post.author.id.eq(author.id));
  expectTypeOf(await em.all(inner.select((_, post) => post.title))).toEqualTypeOf<string[]>();
  const counts = from(Post)
    .groupBy((post) => post.author.id)
    .select((post) => ({ author: post.author.id, by: { posts: count() } }));
  const derived = from(Author).leftJoin(counts, (author, row) => row.author.eq(author.id));
  expectTypeOf(await em.all(derived.select((_, row) => row.author))).toEqualTypeOf<(number | null)[]>();
  expectTypeOf(await em.all(derived.select((_, row) => row.by.posts))).toEqualTypeOf<(number | null)[]>();
});

test('aggregates are nullable where a group may have no value', async () => {
  const rows = await em.all(
    from(Line)
      .groupBy((line) => line.order.id)
      .having((line) => count().gt(1).and(sum(line.quantity).gt(3)))
      .select((line) => ({
        lines: count(),
        quantity: sum(line.quantity),
        weight: avg(line.weight),
        least: min(line.weight),
        day: max(line.order.day),
        dear: sum(line.seat.price),
      })),
  );
  expectTypeOf(rows).branded.toEqualTypeOf<
    {
      lines: number;
      quantity: number | null;
      weight: number | null;
      least: number | null;
      day: string | null;
      dear: string | null;
    }[]
  >();
  expectTypeOf(await em.all(from(Profile).select((profile) => sum(profile.id)))).toEqualTypeOf<(bigint | null)[]>();
});

test('functions keep what they compute with', async () => {
  const rows = await em.all(
    from(Author).select((author) => ({
      name: lower(author.name),
      bio: lower(author.bio),
      known: coalesce(author.bio, 'none'),
      size: length(author.name),
      bioSize: length(author.bio),
      both: concat(author.name, ' ', author.email),
      some: concat(author.name, author.bio),
      one: literal(1),
      two: literal('x'),
      next: author.id.plus(1),
      half: author.id.dividedBy(2),
      odd: author.id.modulo(2),
      isAda: author.name.eq('Ada'),
    })),
  );
  expectTypeOf(rows).branded.toEqualTypeOf<
    {
      name: string;
      bio: string | null;
      known: string;
      size: number;
      bioSize: number | null;
      both: string;
      some: string | null;
      one: number;
      two: string;
      next: number;
      half: number | null;
      odd: number | null;
      isAda: boolean;
    }[]
  >();
});

test('a computed number is NULL where one of its parts is', async () => {
  const rows = await em.all(
    from(Line).select((line) => ({
      both: line.quantity.plus(line.weight),
      back: line.weight.plus(line.quantity),
      whole: line.quantity.times(2),
    })),
  );
  expectTypeOf(rows).branded.toEqualTypeOf<{ both: number | null; back: number | null; whole: number }[]>();
  from(Line)
    // @ts-expect-error text is no number
    .select((line) => line.quantity.plus('1'));
  from(Profile)
    // @ts-expect-error the sum would be a bigint, as the first is
    .join(Line, (profile, line) => line.quantity.plus(profile.id).gt(1));
});

test('windows', async () => {
  const rows = await em.all(
    from(Line).select((line) => ({
      no: rowNumber().over({ partitionBy: line.order.id, orderBy: [line.no, line.weight.desc({ nulls: 'last' })] }),
      rank: denseRank().over(),
      before: lag(line.quantity).over({ orderBy: line.no }),
      first: firstValue(line.quantity).over({ orderBy: line.no }),
      running: sum(line.quantity).over({ orderBy: line.no }),
      all: count().over(),
      some: count().filter(line.quantity.gt(1)),
      partly: sum(line.quantity)
        .filter(line.quantity.gt(1))
        .over({ orderBy: line.no, frame: { from: -1, to: 'end' } }),
      last: lastValue(line.quantity).over({ orderBy: line.no, frame: { from: 'start', to: 'end' } }),
    })),
  );
  expectTypeOf(rows).branded.toEqualTypeOf<
    {
      no: number;
      rank: number;
      before: number | null;
      first: number | null;
      running: number | null;
      all: number;
      some: number;
      partly: number | null;
      last: number | null;
    }[]
  >();
  // @ts-expect-error a window function has no value without a window
  from(Line).select(() => rowNumber());
  // @ts-expect-error a rank has no frame
  from(Line).select((line) => rowNumber().over({ orderBy: line.no, frame: { from: 0, to: 0 } }));
  // @ts-expect-error a frame begins at its start
  from(Line).select((line) => count().over({ orderBy: line.no, frame: { from: 'end', to: 0 } }));
  // @ts-expect-error only aggregates are filtered
  from(Line).select((line) => line.quantity.filter(line.quantity.gt(1)));
  // @ts-expect-error a number is no condition
  from(Line).select((line) => count().filter(line.quantity));
  // @ts-expect-error only aggregates and window functions have windows
  from(Line).select((line) => line.quantity.over());
});

test('a query is a source of rows, whatever its rows are', async () => {
  const inner = from(Post).select((post) => ({ id: post.id, by: { name: post.author.name, like: post.title } }));
  const outer = from(inner).select((row) => ({ id: row.id, name: row.by.name }));
  expectTypeOf(await em.all(outer)).branded.toEqualTypeOf<{ id: number; name: string }[]>();
  expectTypeOf(await em.all(from(inner))).branded.toEqualTypeOf<{ id: number; by: { name: string; like: string } }[]>();
  const bare = from(from(Post).select((post) => post.publishedAt));
  expectTypeOf(await em.all(bare)).toEqualTypeOf<(Date | null)[]>();
  expectTypeOf(await em.all(bare.select((row) => row.value))).toEqualTypeOf<(Date | null)[]>();
  // @ts-expect-error a method of expressions has the same name: field() takes it as text
  from(inner).select((row) => row.by.like.eq('x'));
  from(inner).select((row) => field<string>(row.by, 'like'));
  // @ts-expect-error no column of the query
  from(inner).select((row) => row.title);
  // @ts-expect-error no criteria over the rows of a query
  from(inner).where({ id: 1 });
});

test('queries in the place of values', async () => {
  const rows = await em.all(
    from(Author).select((author) => ({
      posts: scalar(
        from(Post)
          .where((post) => post.author.id.eq(author.id))
          .select(() => count()),
      ),
      has: exists(from(Post).where((post) => post.author.id.eq(author.id))),
      isEditor: author.id.in(from(Post).select((post) => post.author.id)),
    })),
  );
  expectTypeOf(rows).branded.toEqualTypeOf<{ posts: number | null; has: boolean; isEditor: boolean }[]>();
  from(Author).where((author) => author.id.notIn([1, 2]));
  // @ts-expect-error a list of another type
  from(Author).where((author) => author.id.in(['1']));
  // @ts-expect-error a query of another type
  from(Author).where((author) => author.id.in(from(Post).select((post) => post.title)));
  // @ts-expect-error a query of whole rows
  from(Author).where((author) => author.id.in(from(Post)));
  // @ts-expect-error NULL is in no list
  from(Author).where((author) => author.bio.in(['a', null]));
});

test('a recursion selects what its base does', async () => {
  const base = from(Novel).select((novel) => ({ id: novel.id, depth: literal(0) }));
  const chain = recursive(base, (found) =>
    found
      .join(Novel, (last, novel) => novel.sequel.id.eq(last.id))
      .select((last, novel) => ({ id: novel.id, depth: last.depth.plus(1) })),
  );
  expectTypeOf(await em.all(chain)).branded.toEqualTypeOf<{ id: number; depth: number }[]>();
  expectTypeOf(await em.all(chain.where((row) => row.depth.lt(3)).select((row) => row.id))).toEqualTypeOf<number[]>();
  recursive(base, (found) =>
    // @ts-expect-error the step lacks a column of the base
    found.select((last) => ({ id: last.id })),
  );
  recursive(base, (found) =>
    // @ts-expect-error a column of another type
    found.select((last) => ({ id: last.id, depth: literal('0') })),
  );
  recursive(
    base,
    // @ts-expect-error the step has a column more
    (found) => found.select((last) => ({ id: last.id, depth: last.depth, more: last.id })),
  );
});

test('compounds are of queries with the same rows', async () => {
  const posts = from(Post).select((post) => ({ kind: literal('post'), name: post.title, at: post.publishedAt }));
  const authors = from(Author).select((author) => ({
    kind: literal('author'),
    name: author.name,
    at: author.createdAt,
  }));
  expectTypeOf(await em.all(union(posts, authors))).branded.toEqualTypeOf<
    { kind: string; name: string; at: Date | null }[]
  >();
  expectTypeOf(await em.all(unionAll(authors, posts))).branded.toEqualTypeOf<
    { kind: string; name: string; at: Date | null }[]
  >();
  const page = except(posts, authors)
    .orderBy((row) => row.name.desc())
    .limit(3);
  expectTypeOf(await em.all(page)).branded.toEqualTypeOf<{ kind: string; name: string; at: Date | null }[]>();
  const ids = from(Post).select((post) => ({ id: post.id }));
  const titled = from(Post).select((post) => ({ id: post.id, title: post.title }));
  const titles = from(Post).select((post) => ({ id: post.title }));
  const nested = from(Post).select((post) => ({ id: { of: post.id } }));
  // @ts-expect-error a column is missing
  union(titled, ids);
  // @ts-expect-error a column more
  union(ids, titled);
  // @ts-expect-error a column of another type
  except(ids, titles);
  // @ts-expect-error an object for a value
  unionAll(ids, nested);
  const bare = from(Post).select((post) => post.id);
  // @ts-expect-error a value and an object
  union(bare, ids);
});

test('conditions are criteria over the first entity, or what a callback makes of the fields', () => {
  from(Post).where({ title: like('a%'), author: { name: 'Ada' } });
  from(Post).where((post) => post.title.like('a%').or(post.publishedAt.isNull()).and(post.id.between(1, 2)).not());
  from(Post).where((post) => anyOf([post.id.eq(1), post.title.startsWith('a')]));
  from(Post).where((post) => post.editor.id.eq(null));
  from(Post)
    .join((post) => post.tags)
    .where((post, tag) => tag.name.eq(post.title))
    .where({ id: gt(1) });
  // @ts-expect-error an unknown column
  from(Post).where((post) => post.nope.eq(1));
  // @ts-expect-error an unknown column in criteria
  from(Post).where({ nope: 1 });
  // @ts-expect-error a value of another type
  from(Post).where((post) => post.id.eq('1'));
  // @ts-expect-error an expression of another type
  from(Post).where((post) => post.id.eq(post.title));
  // @ts-expect-error a pattern over a number
  from(Post).where((post) => post.id.like('1%'));
  // @ts-expect-error NULL has no order
  from(Post).where((post) => post.publishedAt.gt(null));
  // @ts-expect-error undefined is no value
  from(Post).where((post) => post.title.eq(undefined));
  // @ts-expect-error a value is no condition
  from(Post).where((post) => post.title);
  // @ts-expect-error nor is a boolean of JavaScript
  from(Post).where((post) => post.id === post.author.id);
  // @ts-expect-error a relation to many has no value
  from(Author).where((author) => author.posts.eq(1));
  // @ts-expect-error nor columns, before it is joined
  from(Author).where((author) => author.posts.title.eq('x'));
  // @ts-expect-error a relation to one has no value
  from(Post).where((post) => post.author.eq(ada));
  // @ts-expect-error none of the declared values
  from(Author).where((author) => author.role.eq('guest'));
  // @ts-expect-error the number of a column is no condition
  from(Post).having((post) => post.id);
  // @ts-expect-error a number is no group
  from(Post).having(() => 1);
  // @ts-expect-error a getter is no column
  from(Author).where((author) => author.initials.eq('A'));
  // @ts-expect-error criteria of another class
  from(Post).where({ name: 'Ada' });
  // @ts-expect-error not() of a number
  from(Post).where((post) => post.id.not());
});

test('projections, joins, groups and orders take fields and expressions only', () => {
  // @ts-expect-error a value stands in literal()
  from(Post).select(() => ({ one: 1 }));
  // @ts-expect-error a relation to many
  from(Author).select((author) => ({ posts: author.posts }));
  // @ts-expect-error null
  from(Post).select(() => null);
  // @ts-expect-error a column is no relation
  from(Post).join((post) => post.title);
  // @ts-expect-error a relation to one is joined by naming it
  from(Post).join((post) => post.author);
  // @ts-expect-error a join of a class needs a condition
  from(Post).join(Author);
  // @ts-expect-error a text is no order
  from(Post).orderBy(() => 'title');
  // @ts-expect-error nor a group
  from(Post).groupBy(() => 'title');
  // @ts-expect-error a limit is a number
  from(Post).limit('1');
  // @ts-expect-error no order of that name
  from(Post).orderBy((post) => post.title.asc({ nulls: 'middle' }));
  // @ts-expect-error no sum of dates
  from(Post).select((post) => sum(post.publishedAt));
  // @ts-expect-error no small letters of a number
  from(Post).select((post) => lower(post.id));
  // @ts-expect-error no literal of a Date
  from(Post).select(() => literal(new Date()));
  // @ts-expect-error a text is no source
  from('posts');
});

test('columns that are called like methods', async () => {
  expectTypeOf(await em.all(from(Shop).select((shop) => shop.like))).toEqualTypeOf<string[]>();
  // @ts-expect-error behind a relation the name is a method
  from(Visit).select((visit) => visit.shop.like);
  const named = from(Visit).select((visit) => field<string>(visit.shop, 'like'));
  expectTypeOf(await em.all(named)).toEqualTypeOf<string[]>();
  // @ts-expect-error a value has no fields
  field<string>('visit', 'like');
});

test('embedded values and lazy columns', async () => {
  const rows = await em.all(
    from(Shop).select((shop) => ({
      city: shop.home.city,
      zip: shop.home.zip,
      lat: shop.home.geo.lat,
      second: shop.second.city,
      kept: shop.kept,
      notes: shop.notes,
      body: shop.body,
    })),
  );
  expectTypeOf(rows[0]?.city).toEqualTypeOf<string | undefined>();
  expectTypeOf(rows[0]?.zip).toEqualTypeOf<string | null | undefined>();
  expectTypeOf(rows[0]?.lat).toEqualTypeOf<number | null | undefined>();
  expectTypeOf(rows[0]?.second).toEqualTypeOf<string | null | undefined>();
  expectTypeOf(rows.map((row) => row.kept.city)).toEqualTypeOf<string[]>();
  expectTypeOf(rows.map((row) => row.notes)).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(rows.map((row) => row.body)).toEqualTypeOf<string[]>();
  const visits = from(Visit).select((visit) => visit.shop.home.city);
  expectTypeOf(await em.all(visits)).toEqualTypeOf<string[]>();
  // @ts-expect-error no column of the embedded class
  from(Shop).where((shop) => shop.home.street.eq('x'));
  // @ts-expect-error JSON has no columns
  from(Shop).where((shop) => shop.kept.city.eq('x'));
  // @ts-expect-error an embedded value has no value of its own
  from(Shop).where((shop) => shop.home.eq({ city: 'x' }));
});

test('the decorated form', async () => {
  const rows = await em.all(
    from(Writer)
      .leftJoin((writer) => writer.articles)
      .where({ name: like('a%') })
      .select((writer, article) => ({
        id: writer.id,
        bio: writer.bio,
        views: article.views,
        editor: article.editor.name,
      })),
  );
  // A generated key carries its mark, as it does in the entity.
  expectTypeOf(rows.map((row): number => row.id)).toEqualTypeOf<number[]>();
  expectTypeOf(rows.map((row) => row.bio)).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(rows.map((row) => row.views)).toEqualTypeOf<(number | null)[]>();
  expectTypeOf(rows.map((row) => row.editor)).toEqualTypeOf<(string | null)[]>();
  expectTypeOf(await em.all(from(Article).select((article) => article.editor))).toEqualTypeOf<(Writer | null)[]>();
  from(Article).where((article) => article.id.eq(1).and(article.writer.id.in([1, 2]), article.id.plus(1).gt(2)));
  from(Article).where((article) => article.writer.id.eq(article.editor.id));
  const sums = await em.all(
    from(Article).select((article) => ({
      sum: sum(article.id),
      last: max(article.id),
      editors: count(article.editor.id),
      next: article.id.plus(article.views),
    })),
  );
  expectTypeOf(sums.map((row): number | null => row.sum)).toEqualTypeOf<(number | null)[]>();
  expectTypeOf(sums.map((row): number | null => row.last)).toEqualTypeOf<(number | null)[]>();
  expectTypeOf(sums.map((row): number => row.next)).toEqualTypeOf<number[]>();
  expectTypeOf(sums.map((row) => row.editors)).toEqualTypeOf<number[]>();
  // @ts-expect-error a value of another type
  from(Article).where((article) => article.id.eq('1'));
});

test('writes of many rows', async () => {
  const write = update(Post)
    .set({ title: 'x', publishedAt: null, author: 1, editor: null })
    .set((post) => ({ title: lower(post.title) }))
    .where({ id: gt(1) })
    .where((post) => post.title.ne('x'));
  expectTypeOf(await em.execute(write)).toEqualTypeOf<ResultSet>();
  expectTypeOf(await em.execute(deleteFrom(Post).where({ title: 'x' }), { timeout: 1000 })).toEqualTypeOf<ResultSet>();
  update(Shop).set({ notes: null, body: 'x', home: { city: 'x' }, second: null, kept: { city: 'x', zip: null } });
  update(Shop).set((shop) => ({ like: shop.home.city }));
  // @ts-expect-error no property of the embedded class
  update(Shop).set({ home: { city: 'x', street: 'x' } });
  // @ts-expect-error an embedded value that is never null
  update(Shop).set({ home: null });
  update(Writer).set({ bio: null }).where({ id: 1 });
  // @ts-expect-error a value of another type, in the decorated form
  update(Writer).set({ bio: 1 });
  deleteFrom(Post, { purge: true });
  // @ts-expect-error an unknown column
  update(Post).set({ nope: 1 });
  // @ts-expect-error a value of another type
  update(Post).set({ title: 1 });
  // @ts-expect-error an expression of another type
  update(Post).set((post) => ({ title: post.id }));
  // @ts-expect-error a column that is never NULL
  update(Post).set({ title: null });
  // @ts-expect-error a relation to one that is never empty
  update(Post).set({ author: null });
  // @ts-expect-error a key of another type
  update(Post).set({ author: 'x' });
  // @ts-expect-error a relation to many
  update(Post).set({ tags: [] });
  // @ts-expect-error criteria of another class
  update(Post).where({ name: 'x' });
  // @ts-expect-error an unknown column
  deleteFrom(Post).where((post) => post.nope.eq(1));
  // @ts-expect-error no such option
  deleteFrom(Post, { force: true });
});

test('what reads is not executed, and what writes has no rows', () => {
  // @ts-expect-error a query
  em.execute(from(Post));
  // @ts-expect-error a write
  em.all(update(Post).set({ title: 'x' }).where({ id: 1 }));
  // @ts-expect-error a write
  em.all(deleteFrom(Post).where({ id: 1 }));
  // @ts-expect-error a write
  db.live(deleteFrom(Post).where({ id: 1 }));
  // @ts-expect-error plain data
  em.all({ read: 1, tables: [] });
});

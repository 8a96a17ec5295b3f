import { expectTypeOf, test } from 'vitest';
import { type SqljsDriver, sqljs } from '../../adapters/sqljs/index.ts';
import {
  type ChangeEvent,
  createPersistence,
  type Driver,
  type EntityManager,
  type EntityState,
  type FlushPreview,
  type Loaded,
  type Persistence,
  query,
  type RawQuery,
  type StatementEvent,
  sql,
  type UpdateReason,
} from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { Author, Line, Novel, Order, Post, Profile, Seat, Tag } from './model.ts';

declare const db: Persistence<SqljsDriver>;
declare const em: EntityManager;

test('the driver keeps its own type', async () => {
  const opened = await createPersistence({
    driver: sqljs(),
    entities: [Author, Post, Tag, Profile, Order, Line, Seat, Novel],
  });
  expectTypeOf(opened).toEqualTypeOf<Persistence<SqljsDriver>>();
  expectTypeOf(opened.driver.exportFile()).resolves.toExtend<Uint8Array>();
  createSchema(opened);
  const anyDriver: Persistence<Driver> = opened;
  // @ts-expect-error a driver in general has no files
  anyDriver.driver.exportFile();
});

test('createPersistence takes a driver and entity classes', () => {
  // @ts-expect-error the driver is missing
  createPersistence({ entities: [Author] });
  // @ts-expect-error an instance is no class
  createPersistence({ driver: sqljs(), entities: [new Author()] });
  // @ts-expect-error no such option
  createPersistence({ driver: sqljs(), entities: [], synchronize: true });
});

test('a query carries its result to all() and live()', async () => {
  const drafts = query(Post, { publishedAt: null }, { populate: ['author.posts'], orderBy: { title: 'asc' } });
  for await (const posts of db.live(drafts)) {
    expectTypeOf(posts).toEqualTypeOf<Loaded<Post, 'author.posts'>[]>();
    expectTypeOf(posts[0]?.author.get().posts.length).toEqualTypeOf<number | undefined>();
    // @ts-expect-error the tags were not populated
    posts[0]?.tags.length;
  }
  const read = await em.all(drafts);
  expectTypeOf(read[0]?.author.get().name).toEqualTypeOf<string | undefined>();
  expectTypeOf(em.all(query(Seat))).toEqualTypeOf<Promise<Seat[]>>();
  // @ts-expect-error wrong criteria
  query(Post, { title: 1 });
  // @ts-expect-error no such path
  query(Post, {}, { populate: ['nope'] });
});

test('transactions give what their work gives', () => {
  expectTypeOf(db.transaction(async (inner) => inner.count(Post))).toEqualTypeOf<Promise<number>>();
  expectTypeOf(em.transaction(async () => 'x', { readOnly: true })).toEqualTypeOf<Promise<string>>();
  // @ts-expect-error no such isolation level
  db.transaction(async () => 1, { isolation: 'chaos' });
});

test('events carry their own types', () => {
  db.on('statement', (event) => expectTypeOf(event).toEqualTypeOf<StatementEvent>());
  db.on('change', (event) => expectTypeOf(event).toEqualTypeOf<ChangeEvent>());
  expectTypeOf(db.on('change', () => undefined)).toEqualTypeOf<() => void>();
  // @ts-expect-error no such event
  db.on('commit', () => undefined);
});

test('the unit of work takes and tells about entities', () => {
  const author = new Author();
  em.persist(author, new Tag());
  em.remove(author);
  expectTypeOf(em.stateOf(author)).toEqualTypeOf<EntityState>();
  expectTypeOf(em.changes(author).get('name')?.before).toEqualTypeOf<unknown>();
  expectTypeOf(em.plan()).resolves.toEqualTypeOf<FlushPreview>();
  expectTypeOf<FlushPreview['steps'][number]['reason']>().toEqualTypeOf<UpdateReason | null>();
  // @ts-expect-error a preview is only to be looked at
  em.plan().then((preview) => preview.steps.push());
  // @ts-expect-error a key is no entity
  em.persist(1);
});

test('raw SQL has holes for values and pieces of raw SQL only', () => {
  const piece = sql`"id" = ${1}`;
  expectTypeOf(
    sql`SELECT ${'a'}, ${1n}, ${null}, ${new Date()}, ${new Uint8Array()}, ${true} WHERE ${piece}`,
  ).toEqualTypeOf<RawQuery>();
  em.execute(sql`UPDATE "posts" SET "title" = ${'x'}`, { writes: ['posts'] });
  // @ts-expect-error an object
  sql`SELECT ${{}}`;
  // @ts-expect-error an array
  sql`SELECT ${[1]}`;
  // @ts-expect-error undefined
  sql`SELECT ${undefined}`;
  // @ts-expect-error a text is no raw SQL
  em.execute('SELECT 1');
});

import { expectTypeOf, test } from 'vitest';
import { type CreateData, datetime, Entity, type EntityManager, integer, text } from '../../src/index.ts';
import { Author, Invoice, Line, Novel, Order, Post, Profile, Seat, type Tag } from './model.ts';

declare const em: EntityManager;
declare const ada: Author;
declare const tag: Tag;

test('create takes what is required, and lets defaults and generated values be left out', () => {
  const author = em.create(Author, { name: 'Ada', email: 'ada@example.org', settings: { theme: 'dark' } });
  expectTypeOf(author).toEqualTypeOf<Author>();
  em.create(Author, { id: 1, name: 'A', email: 'a', settings: { theme: 'dark' }, bio: null, role: 'admin' });
  em.create(Seat, { row: 'A', no: 1, price: '1.00' });
  // @ts-expect-error the email is required
  em.create(Author, { name: 'Ada', settings: { theme: 'dark' } });
  // @ts-expect-error no such property
  em.create(Author, { name: 'Ada', email: 'a', settings: { theme: 'dark' }, nme: 'x' });
  // @ts-expect-error a value of another type
  em.create(Author, { name: 1, email: 'a', settings: { theme: 'dark' } });
  // @ts-expect-error the name is never NULL
  em.create(Author, { name: null, email: 'a', settings: { theme: 'dark' } });
  // @ts-expect-error another shape of JSON
  em.create(Author, { name: 'A', email: 'a', settings: { theme: 'green' } });
  // @ts-expect-error none of the declared values
  em.create(Author, { name: 'A', email: 'a', settings: { theme: 'dark' }, role: 'guest' });
  // @ts-expect-error a getter is no column
  em.create(Author, { name: 'A', email: 'a', settings: { theme: 'dark' }, initials: 'A' });
  // @ts-expect-error a part of the key that nothing generates
  em.create(Seat, { row: 'A', price: '1.00' });
});

test('what the database gives may be left out, and may be given', () => {
  class Ticket extends Entity('tickets', {
    id: integer().primaryKey().generated(),
    note: text(),
    state: text({ values: ['open', 'shut'] }).databaseDefault("'open'"),
  }) {}
  expectTypeOf(em.create(Ticket, { note: 'n' }).state).toEqualTypeOf<'open' | 'shut'>();
  new Ticket({ note: 'n', state: 'shut' });
  // @ts-expect-error none of the declared values
  em.create(Ticket, { note: 'n', state: 'lost' });
  // @ts-expect-error never NULL
  em.create(Ticket, { note: 'n', state: null });
  // @ts-expect-error the note is not the database's
  em.create(Ticket, { state: 'open' });
});

test('what the database computes is read only, and not given', () => {
  class Bill extends Entity('bills', {
    id: integer().primaryKey().generated(),
    price: integer(),
    total: integer().generatedAs('price * 2'),
    updatedAt: datetime().onUpdateNow(),
  }) {}
  const bill = em.create(Bill, { price: 1 });
  expectTypeOf(bill.total).toEqualTypeOf<number>();
  expectTypeOf(bill.updatedAt).toEqualTypeOf<Date>();
  bill.updatedAt = new Date();
  em.assign(bill, { updatedAt: new Date() });
  void em.find(Bill, { total: 2 }, { orderBy: { total: 'asc' } });
  // @ts-expect-error the database computes it
  bill.total = 2;
  // @ts-expect-error not in a new entity either
  em.create(Bill, { price: 1, total: 2 });
  // @ts-expect-error nor by its constructor
  new Bill({ price: 1, total: 2 });
  // @ts-expect-error nor by assign
  em.assign(bill, { total: 2 });
});

test('a required relation takes an entity or its key', () => {
  em.create(Post, { title: 'Notes', author: ada });
  em.create(Post, { title: 'Notes', author: 7 });
  em.create(Line, { order: 'o1', no: 1, quantity: 1 });
  em.create(Invoice, { order: em.create(Order, { id: 'o1', day: '2026-01-01' }), total: 1 });
  // @ts-expect-error the author is required
  em.create(Post, { title: 'Notes' });
  // @ts-expect-error the author is never empty
  em.create(Post, { title: 'Notes', author: null });
  // @ts-expect-error an entity of another class
  em.create(Post, { title: 'Notes', author: tag });
  // @ts-expect-error a key of another type
  em.create(Post, { title: 'Notes', author: '7' });
  // @ts-expect-error the data of an author is no author
  em.create(Post, { title: 'Notes', author: { name: 'Ada' } });
  // @ts-expect-error a relation of the key is required, too
  em.create(Line, { no: 1, quantity: 1 });
});

test('an optional relation may be left out, empty, an entity or its key', () => {
  em.create(Post, { title: 'Notes', author: ada, editor: null });
  em.create(Post, { title: 'Notes', author: ada, editor: ada });
  em.create(Post, { title: 'Notes', author: ada, editor: 7 });
  em.create(Profile, { id: 1n, site: 'x', author: ada });
  em.create(Line, { order: 'o1', no: 1, quantity: 1, seat: { row: 'A', no: 1 } });
  // @ts-expect-error half a key
  em.create(Line, { order: 'o1', no: 1, quantity: 1, seat: { row: 'A' } });
});

test('a to-many relation takes entities', () => {
  em.create(Post, { title: 'Notes', author: ada, tags: [tag] });
  em.create(Author, { name: 'A', email: 'a', settings: { theme: 'dark' }, posts: [] });
  // @ts-expect-error keys
  em.create(Post, { title: 'Notes', author: ada, tags: ['c2b1…'] });
  // @ts-expect-error entities of another class
  em.create(Post, { title: 'Notes', author: ada, tags: [ada] });
  // @ts-expect-error one entity is no list
  em.create(Post, { title: 'Notes', author: ada, tags: tag });
});

test('a subtype is created with the columns and relations of its parent', () => {
  em.create(Novel, { title: 'Emma', author: ada, pages: 474 });
  em.create(Novel, { title: 'Emma', author: ada, pages: 474, subtitle: null, sequel: null, tags: [tag] });
  // @ts-expect-error the pages are required
  em.create(Novel, { title: 'Emma', author: ada });
  // @ts-expect-error the parent's author is required
  em.create(Novel, { title: 'Emma', pages: 474 });
});

test('CreateData is what create takes', () => {
  expectTypeOf<CreateData<Post>>().toHaveProperty('author').toEqualTypeOf<Author | number>();
  expectTypeOf<CreateData<Post>['editor']>().toEqualTypeOf<Author | number | null | undefined>();
  expectTypeOf<CreateData<Post>['tags']>().toEqualTypeOf<readonly Tag[] | undefined>();
  expectTypeOf<CreateData<Post>['version']>().toEqualTypeOf<number | undefined>();
});

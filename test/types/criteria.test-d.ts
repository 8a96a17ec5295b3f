import { expectTypeOf, test } from 'vitest';
import {
  all,
  and,
  between,
  type Condition,
  contains,
  type EntityManager,
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
  type OrderBy,
  or,
  query,
  some,
  startsWith,
  type Where,
} from '../../src/index.ts';
import { Author, Invoice, Line, Novel, type Order, Post, Profile, Seat, type Tag } from './model.ts';

declare const em: EntityManager;
declare const ada: Author;
declare const seat: Seat;
const anyRelated = some({ title: 'x' });
const loose = or({ title: 'a' });

test('a column takes a value of its type or an operator over it', () => {
  em.find(Author, { id: 1, name: 'Ada', bio: null, createdAt: new Date(), role: 'admin' });
  em.find(Author, { id: between(1, 9), name: like('A%'), email: endsWith('.org'), createdAt: gte(new Date()) });
  em.find(Author, { id: isIn([1, 2]), name: startsWith('A'), bio: contains('x'), role: ne('admin') });
  em.find(Author, { id: notIn([1]), bio: isNull(), email: isNotNull(), role: isIn(['admin', 'writer']) });
  em.find(Line, { quantity: gt(1), weight: lt(1.5) });
  em.find(Line, { quantity: lte(1) });
  em.find(Profile, { id: 1n });
  em.find(Seat, { free: true, price: '1.00' });
});

test('a column takes no value and no operator of another type', () => {
  // @ts-expect-error text for a number
  em.find(Author, { id: '1' });
  // @ts-expect-error a number for a bigint
  em.find(Profile, { id: 1 });
  // @ts-expect-error an object for a scalar
  em.find(Author, { name: { like: 'A%' } });
  // @ts-expect-error an array for a scalar
  em.find(Author, { id: [1, 2] });
  // @ts-expect-error an operator over another type
  em.find(Post, { title: gte(3) });
  // @ts-expect-error a text operator over a number
  em.find(Author, { id: like('1%') });
  // @ts-expect-error a list of another type
  em.find(Author, { id: isIn(['1']) });
  // @ts-expect-error a column that is never NULL
  em.find(Author, { name: null });
  // @ts-expect-error none of the declared values
  em.find(Author, { role: 'guest' });
  // @ts-expect-error no operator over none of the declared values
  em.find(Author, { role: eq('guest') });
  // @ts-expect-error undefined is no criterion
  em.find(Author, { name: undefined });
});

test('a JSON column takes eq() and the tests for NULL only', () => {
  em.find(Author, { settings: eq({ theme: 'dark' }) });
  em.find(Author, { settings: eq({ theme: 'dark', sizes: [1, 2] }) });
  em.find(Author, { settings: eq(ada.settings) });
  em.find(Author, { settings: isNotNull() });
  // @ts-expect-error a list of other values
  em.find(Author, { settings: eq({ theme: 'dark', sizes: ['1'] }) });
  // @ts-expect-error a bare object
  em.find(Author, { settings: { theme: 'dark' } });
  // @ts-expect-error another JSON value
  em.find(Author, { settings: eq({ theme: 'green' }) });
});

test('getters, methods and unknown names are no columns', () => {
  // @ts-expect-error a getter
  em.find(Author, { initials: 'A' });
  // @ts-expect-error a method
  em.find(Author, { rename: 'A' });
  // @ts-expect-error an unknown name
  em.find(Author, { nme: 'A' });
  // @ts-expect-error a column of a subtype
  em.find(Post, { pages: 1 });
  em.find(Novel, { pages: gt(1), title: 'x', subtitle: null });
});

test('a to-one relation takes an entity, its key or nested criteria', () => {
  em.find(Post, { author: ada });
  em.find(Post, { author: 7 });
  em.find(Post, { author: { name: like('A%'), profile: { site: 'x' } } });
  em.find(Post, { editor: null });
  em.find(Post, { editor: { id: isIn([1, 2]) } });
  em.find(Line, { order: 'o1', seat: { row: 'A', no: 1 } });
  em.find(Line, { seat });
  em.find(Invoice, { order: { day: '2026-01-01' } });
  em.find(Author, { profile: null });
  // @ts-expect-error an author is required
  em.find(Post, { author: null });
  // @ts-expect-error a key of another type
  em.find(Post, { author: '7' });
  // @ts-expect-error an entity of another class
  em.find(Post, { author: seat });
  // @ts-expect-error a nested column of another type
  em.find(Post, { author: { name: 7 } });
  // @ts-expect-error a nested name that does not exist
  em.find(Post, { author: { nme: 'x' } });
});

test('a to-many relation takes a quantifier and nothing else', () => {
  em.find(Post, { tags: some<Tag>({ name: 'x' }) });
  em.find(Post, { tags: none<Tag>({}) });
  em.find(Author, { posts: every<Post>({ title: startsWith('A') }) });
  em.find(Author, { posts: some<Post>({ tags: some<Tag>({ name: 'x' }) }) });
  // Which class it is, the property tells.
  em.find(Post, { tags: some({ name: 'x' }) });
  em.find(Author, { posts: some({ tags: none({ name: startsWith('A') }), editor: { name: 'Ada' } }) });
  em.find(Author, { posts: every(and({ title: 'a' }, not({ title: 'b' }))) });
  em.find(Author, { posts: none(), name: 'Ada' }, { populate: ['posts'], orderBy: { id: 'asc' } });
  em.count(Author, or({ posts: some() }, { name: 'Ada' }));
  const posted = some<Post>({ title: 'x' });
  em.exists(Author, { posts: posted });
  query(Author, { posts: some({ title: 'x' }) });
  // @ts-expect-error no such column
  em.find(Post, { tags: some({ title: 'x' }) });
  // @ts-expect-error a value of another type
  em.find(Author, { posts: some({ title: 3 }) });
  // @ts-expect-error no such column further in
  em.find(Author, { posts: some({ tags: some({ title: 'x' }) }) });
  // @ts-expect-error nothing tells which class it is
  em.find(Author, { posts: anyRelated });
  // @ts-expect-error criteria without a quantifier
  em.find(Post, { tags: { name: 'x' } });
  // @ts-expect-error a key
  em.find(Post, { tags: 'c2b1…' });
  // @ts-expect-error an array
  em.find(Post, { tags: [] });
  // @ts-expect-error criteria of another class
  some<Tag>({ title: 'x' });
  // @ts-expect-error a quantifier over another class
  em.find(Post, { tags: some<Author>({ name: 'x' }) });
});

test('conditions combine criteria of one class', () => {
  em.find(Post, or<Post>({ title: 'a' }, not<Post>({ title: contains('b') })));
  em.find(Post, and<Post>({ title: 'a' }, or<Post>({ editor: null }, { author: 7 })));
  em.find(Post, all());
  expectTypeOf(or<Post>({ title: 'a' })).toEqualTypeOf<Condition<Post>>();
  // @ts-expect-error criteria of another class
  or<Post>({ name: 'a' });
  // @ts-expect-error a condition over another class
  em.find(Post, not<Author>({ name: 'a' }));
  // @ts-expect-error an operator over a column is no condition over an entity
  em.find(Post, like('a%'));
});

test('a condition is of the class that is looked for', () => {
  em.find(Post, or({ title: 'a' }, not({ title: contains('b') })));
  em.find(Post, { author: and({ name: 'a' }, { id: 3 }) });
  // @ts-expect-error no such column
  em.find(Post, or({ titel: 'a' }));
  // @ts-expect-error no such column further in
  em.find(Post, or({ title: 'a' }, not({ author: { title: 'b' } })));
  // @ts-expect-error a condition made where nothing told its class
  em.find(Post, loose);
  // @ts-expect-error the same for a query
  query(Post, loose);
});

test('the operators of a column cannot be made of plain objects', () => {
  // @ts-expect-error nothing but a function makes an operator
  const forged: Where<Post> = { title: { kind: 'like', operands: ['%'] } };
  return forged;
});

test('results are ordered by columns only', () => {
  em.find(Post, {}, { orderBy: { title: 'asc', id: 'desc' }, limit: 1, offset: 2 });
  em.find(Post, {}, { orderBy: [{ title: 'asc' }, { id: 'desc' }] });
  expectTypeOf<keyof OrderBy<Order>>().toEqualTypeOf<'id' | 'day'>();
  // @ts-expect-error no direction
  em.find(Post, {}, { orderBy: { title: 'up' } });
  // @ts-expect-error a relation
  em.find(Post, {}, { orderBy: { author: 'asc' } });
  // @ts-expect-error an unknown name
  em.find(Post, {}, { orderBy: { nope: 'asc' } });
  // @ts-expect-error a text is no order
  em.find(Post, {}, { orderBy: 'title' });
  // @ts-expect-error a limit is a number
  em.find(Post, {}, { limit: '1' });
});

import { expectTypeOf, test } from 'vitest';
import type { EntityManager } from '../../src/index.ts';
import { Author, Line, Post, Seat, type Tag } from './model.ts';

declare const em: EntityManager;
declare const ada: Author;
declare const post: Post;
declare const tag: Tag;

test('assign takes any of what create does, and gives the entity', () => {
  expectTypeOf(em.assign(ada, { name: 'Ada' })).toEqualTypeOf<Author>();
  em.assign(ada, {});
  em.assign(ada, { bio: null, role: 'admin' });
  em.assign(post, { author: ada, editor: null, tags: [tag] });
  em.assign(post, { author: 7 });
  // @ts-expect-error no such property
  em.assign(ada, { nme: 'Ada' });
  // @ts-expect-error the name is never NULL
  em.assign(ada, { name: null });
  // @ts-expect-error the author is never empty
  em.assign(post, { author: null });
  // @ts-expect-error an entity of another class
  em.assign(post, { author: tag });
  // @ts-expect-error a getter is no column
  em.assign(ada, { initials: 'A' });
});

test('merge takes an entity, or plain data with relations as entities, keys or data', () => {
  expectTypeOf(em.merge(Author, { id: 1, name: 'Ada' })).toEqualTypeOf<Promise<Author>>();
  expectTypeOf(em.merge(ada)).toEqualTypeOf<Promise<Author>>();
  void em.merge(Post, { id: 1, author: { id: 2, name: 'Bo' }, tags: [tag, { name: 'x' }], editor: null });
  void em.merge(Line, { order: 'o1', no: 1, quantity: 2 });
  // @ts-expect-error a value of another type
  void em.merge(Author, { id: '1' });
  // @ts-expect-error no such property
  void em.merge(Author, { id: 1, nme: 'Ada' });
  // @ts-expect-error the author is never empty
  void em.merge(Post, { id: 1, author: null });
  // @ts-expect-error data of another class
  void em.merge(Post, { id: 1, author: { id: 2, title: 'x' } });
  // @ts-expect-error a collection takes a list
  void em.merge(Post, { id: 1, tags: tag });
});

test('upsert gives one entity for one, a list for a list, and names properties', () => {
  const author = { name: 'Ada', email: 'ada@example.org', settings: { theme: 'dark' } } as const;
  expectTypeOf(em.upsert(Author, author)).toEqualTypeOf<Promise<Author>>();
  expectTypeOf(em.upsert(Author, [author])).toEqualTypeOf<Promise<Author[]>>();
  void em.upsert(Author, author, { by: ['email'], update: ['name'] });
  void em.upsert(Author, author, { by: ['email'], update: 'nothing' });
  void em.upsert(Seat, { row: 'A', no: 1, price: '1.00' });
  // @ts-expect-error the email is required
  void em.upsert(Author, { name: 'Ada', settings: { theme: 'dark' } });
  // @ts-expect-error no such property
  void em.upsert(Author, author, { by: ['mail'] });
  // @ts-expect-error a list of names
  void em.upsert(Author, author, { update: 'name' });
});

import { expectTypeOf, test } from 'vitest';
import type { EntityManager, KeyOf } from '../../src/index.ts';
import { type Author, Invoice, Line, Novel, Order, Post, type Profile, Seat, Tag } from './model.ts';

declare const em: EntityManager;

test('the key of one column is its value', () => {
  expectTypeOf<KeyOf<Author>>().toEqualTypeOf<number>();
  expectTypeOf<KeyOf<Tag>>().toEqualTypeOf<string>();
  expectTypeOf<KeyOf<Profile>>().toEqualTypeOf<bigint>();
});

test('a composite key is an object of its parts', () => {
  expectTypeOf<KeyOf<Seat>>().toEqualTypeOf<{ readonly row: string; readonly no: number }>();
});

test('a foreign key inside a key is the key of the related entity', () => {
  expectTypeOf<KeyOf<Line>>().toEqualTypeOf<{ readonly no: number; readonly order: string }>();
  expectTypeOf<KeyOf<Invoice>>().toEqualTypeOf<string>();
});

test('a subtype has the key of its hierarchy', () => {
  expectTypeOf<KeyOf<Novel>>().toEqualTypeOf<number>();
});

test('findById takes the whole key of the right type', () => {
  em.findById(Post, 1);
  em.findById(Novel, 1);
  em.findById(Tag, 'c2b1…');
  em.findById(Seat, { row: 'A', no: 1 });
  em.findById(Line, { order: 'o1', no: 1 });
  em.findById(Invoice, 'o1');
  // @ts-expect-error half a key
  em.findById(Seat, 1);
  // @ts-expect-error a part is missing
  em.findById(Line, { no: 1 });
  // @ts-expect-error a part of the wrong type
  em.findById(Line, { order: 1, no: 1 });
  // @ts-expect-error no part of the key
  em.findById(Seat, { row: 'A', no: 1, price: '1.00' });
  // @ts-expect-error wrong key type
  em.findById(Post, 'x');
  // @ts-expect-error a bigint key is no number
  em.findById(Order, 1n);
  // @ts-expect-error a key cannot be null
  em.findById(Post, null);
});

test('a reference tells the key of what it refers to', () => {
  expectTypeOf<Post['author']['id']>().toEqualTypeOf<number>();
  expectTypeOf<Post['editor']['id']>().toEqualTypeOf<number | null>();
  expectTypeOf<Line['seat']['id']>().toEqualTypeOf<{ readonly row: string; readonly no: number } | null>();
  expectTypeOf<Line['order']['id']>().toEqualTypeOf<string>();
});

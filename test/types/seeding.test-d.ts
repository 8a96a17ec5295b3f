import { expectTypeOf, test } from 'vitest';
import { Entity, integer, manyToOne, text } from '../../src/index.ts';
import { defineFactory, type Seeder } from '../../src/seeding/index.ts';

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
class Book extends Entity('books', { id: integer().primaryKey().generated(), title: text() }) {
  author = manyToOne(() => Author);
}

const authors = defineFactory(Author, () => ({ name: 'Ada' }));
declare const seeder: Seeder;

test('factories are typed as em.create', () => {
  expectTypeOf(seeder.create(authors)).toEqualTypeOf<Author>();
  expectTypeOf(seeder.createMany(authors, 2)).toEqualTypeOf<Author[]>();
  defineFactory(Book, () => ({ title: 'x', author: () => seeder.create(authors) }));
  // @ts-expect-error the author is missing
  defineFactory(Book, () => ({ title: 'x' }));
  // @ts-expect-error a title is a text
  defineFactory(Book, () => ({ title: 1, author: seeder.create(authors) }));
  // @ts-expect-error a function gives what the property takes
  defineFactory(Book, () => ({ title: () => 1, author: seeder.create(authors) }));
  // @ts-expect-error what is given has to fit, too
  seeder.create(authors, { name: 1 });
});

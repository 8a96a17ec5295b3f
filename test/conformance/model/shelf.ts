import { Entity, integer, manyToMany, manyToOne, oneToMany, text } from '../../../src/index.ts';

/** The graph by which requests are counted: keys of the database on three levels, a tree, links, and versions. */
export class Writer extends Entity('writers', { id: integer().primaryKey().generated(), name: text() }) {
  books = oneToMany(
    () => Book,
    (book) => book.writer,
    { cascade: ['persist'] },
  );
}

export class Book extends Entity('books', {
  id: integer().primaryKey().generated(),
  title: text(),
  version: integer().version(),
}) {
  writer = manyToOne(() => Writer);
  category = manyToOne(() => Category, { nullable: true });
  labels = manyToMany(() => Label, { through: 'book_labels', cascade: ['persist'] });
}

export class Label extends Entity('labels', { id: integer().primaryKey().generated(), name: text().unique() }) {}

export class Category extends Entity('categories', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Category, { nullable: true });
  children = oneToMany(
    () => Category,
    (category) => category.parent,
    { cascade: ['persist'] },
  );
}

export const shelf = [Writer, Book, Label, Category] as const;

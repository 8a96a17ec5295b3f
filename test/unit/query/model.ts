import {
  bytes,
  datetime,
  decimal,
  Entity,
  integer,
  json,
  manyToMany,
  manyToOne,
  oneToMany,
  oneToOne,
  subtype,
  text,
} from '../../../src/index.ts';
import { registryOf } from '../../support/registry-of.ts';

export class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text(),
  bio: text().nullable(),
  score: decimal({ precision: 9, scale: 2 }).nullable(),
  born: datetime().nullable(),
  settings: json().nullable(),
  photo: bytes().nullable(),
}) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
  );
  pass = oneToOne(
    () => Pass,
    (pass) => pass.author,
  );
}
export class Pass extends Entity('passes', { id: integer().primaryKey(), code: text() }) {
  author = oneToOne(() => Author);
}
export class Post extends Entity('posts', { id: integer().primaryKey().generated(), title: text() }) {
  author = manyToOne(() => Author);
  editor = manyToOne(() => Author, { nullable: true });
  tags = manyToMany(() => Tag, { through: 'post_tags' });
  seat = manyToOne(() => Seat, { nullable: true });
}
export class Novel extends subtype(Post, 'novel', { pages: integer() }) {}
export class Saga extends subtype(Novel, 'saga', { volumes: integer() }) {}
export class Tag extends Entity('tags', { name: text().primaryKey() }) {
  posts = manyToMany(() => Post, { inverse: (post) => post.tags });
}
export class Seat extends Entity('seats', { row: text().primaryKey(), no: integer().primaryKey() }) {
  posts = oneToMany(
    () => Post,
    (post) => post.seat,
  );
}

/** The registry of all of them. */
export function queryRegistry() {
  return registryOf(Author, Pass, Post, Novel, Saga, Tag, Seat);
}

/** Rows for every criterion to tell apart. */
export const rows = `
  INSERT INTO authors VALUES
    (1, 'Ada', 'first', '10.00', 0, '{"a":1}', x'00'), (2, 'Bob', NULL, '9.50', 86400000, NULL, x'ff'),
    (3, '100%', 'a_b', '-1.00', NULL, '[]', NULL), (4, 'back\\slash', 'aXb', NULL, -1, '"x"', NULL);
  INSERT INTO passes VALUES (7, 'p7', 1), (8, 'p8', NULL);
  INSERT INTO seats VALUES ('A', 1), ('A', 2);
  INSERT INTO posts (id, title, author_id, editor_id, seat_row, seat_no, type, pages, volumes) VALUES
    (1, 'one', 1, NULL, 'A', 1, 'posts', NULL, NULL), (2, 'two', 1, 2, 'A', 2, 'novel', 100, NULL),
    (3, 'three', 2, 1, NULL, NULL, 'saga', 900, 3), (4, 'four', 3, 3, NULL, NULL, 'novel', 5, NULL);
  INSERT INTO tags VALUES ('x'), ('y'), ('z');
  INSERT INTO post_tags VALUES (1, 'x'), (1, 'y'), (2, 'x'), (3, 'z');
`;

/**
 * The names that examples in doc comments may use without declaring them: a small library of authors and posts, an open
 * persistence object `db` and an entity manager `em`. Every public export of the package is there, too.
 *
 * @module
 */
import {
  datetime,
  Entity,
  type EntityManager,
  integer,
  manyToMany,
  manyToOne,
  oneToMany,
  type Persistence,
  text,
} from 'meshestra';
import type { SqljsDriver } from 'meshestra/sqljs';

/** Writes posts. */
export class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text({ maxLength: 100 }),
  email: text().unique(),
  bio: text().nullable(),
}) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
    { cascade: ['persist', 'remove'] },
  );
}

/** Written by an author. */
export class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  publishedAt: datetime().nullable(),
  version: integer().version(),
}) {
  author = manyToOne(() => Author);
  editor = manyToOne(() => Author, { nullable: true });
  tags = manyToMany(() => Tag, { through: 'post_tags' });
}

/** Tells what posts are about. */
export class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text().unique() }) {
  posts = manyToMany(() => Post, { inverse: (post) => post.tags });
}

/** An open database. */
export declare const db: Persistence<SqljsDriver>;

/** A unit of work on it. */
export declare const em: EntityManager;

/** An author that `em` knows. */
export declare const ada: Author;

/** A post that `em` knows. */
export declare const post: Post;

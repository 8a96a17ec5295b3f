import {
  datetime,
  Entity,
  float,
  integer,
  json,
  manyToMany,
  manyToOne,
  oneToMany,
  oneToOne,
  text,
  uuid,
} from '../../../src/index.ts';

/** A person who writes: one-to-many with both cascades, and the inverse side of a one-to-one. */
export class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text({ maxLength: 100 }),
  email: text().nullable().unique(),
  rating: float().nullable(),
  settings: json<{ theme: string }>().nullable(),
}) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
    { cascade: ['persist', 'remove'] },
  );
  edited = oneToMany(
    () => Post,
    (post) => post.editor,
  );
  profile = oneToOne(
    () => Profile,
    (profile) => profile.author,
    { cascade: ['persist', 'remove'] },
  );
}

/** The owning side of a one-to-one. */
export class Profile extends Entity('profiles', { id: uuid().primaryKey(), site: text() }) {
  author = oneToOne(() => Author);
}

/** Versioned, with two to-one relations to one table, a many-to-many and children that do not outlive their post. */
export class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text(),
  views: integer().default(0),
  publishedAt: datetime().nullable(),
  version: integer().version(),
}) {
  author = manyToOne(() => Author);
  editor = manyToOne(() => Author, { nullable: true });
  tags = manyToMany(() => Tag, { through: 'post_tags', cascade: ['persist'] });
  comments = oneToMany(
    () => Comment,
    (comment) => comment.post,
    {
      cascade: ['persist', 'remove'],
      orphanRemoval: true,
    },
  );
}

/** The inverse side of a many-to-many. */
export class Tag extends Entity('tags', { id: integer().primaryKey().generated(), name: text().unique() }) {
  posts = manyToMany(() => Post, { inverse: (post) => post.tags });
}

/** A child whose foreign key may not be NULL. */
export class Comment extends Entity('comments', { id: integer().primaryKey().generated(), body: text() }) {
  post = manyToOne(() => Post);
}

/** A tree, and a many-to-many of a table with itself. */
export class Topic extends Entity('topics', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Topic, { nullable: true, cascade: ['persist'] });
  children = oneToMany(
    () => Topic,
    (topic) => topic.parent,
    { cascade: ['persist', 'remove'] },
  );
  similar = manyToMany(() => Topic);
}

export const library = [Author, Profile, Post, Tag, Comment, Topic] as const;

import { describe, expect, it } from 'vitest';
import {
  type Collection,
  Entity,
  type EntityClass,
  integer,
  manyToMany,
  manyToOne,
  oneToMany,
  oneToOne,
  subtype,
  text,
} from '../../../src/index.ts';
import { type Refusal, refusalOf, registryOf, relationOf } from '../../support/registry-of.ts';

const id = { id: integer().primaryKey().generated() };

function refused(...classes: readonly EntityClass[]): Refusal {
  return refusalOf(() => registryOf(...classes));
}

class Author extends Entity('authors', id) {}
class Seat extends Entity('seats', { row: text().primaryKey(), no: integer().primaryKey() }) {}

describe('what the registry refuses of relations', () => {
  it('a related class that was not handed in', () => {
    class Post extends Entity('posts', id) {
      author = manyToOne(() => Author);
    }
    expect(refused(Post)).toMatchObject({
      code: 'configuration',
      entity: 'posts',
      property: 'author',
      message: 'posts.author: the related class is not among the entities given to createPersistence',
    });
  });

  it('set null for a relation that is never empty', () => {
    class Post extends Entity('posts', id) {
      author = manyToOne(() => Author, { onDelete: 'set null' });
    }
    expect(refused(Author, Post)).toMatchObject({
      code: 'configuration',
      property: 'author',
      message: "posts.author: onDelete 'set null' needs a nullable relation",
    });
  });

  it.each([[['a']], [['a', 'b', 'c']], [[]]])('join columns %j for a key of two', (columns) => {
    class Ticket extends Entity('tickets', id) {
      seat = manyToOne(() => Seat, { columns });
    }
    expect(refused(Seat, Ticket)).toMatchObject({
      code: 'configuration',
      property: 'seat',
      message: "tickets.seat: columns must name 2 column(s), one for each of the target's key",
    });
  });

  it('primary keys that contain each other', () => {
    class Left extends Entity('lefts', { no: integer().primaryKey() }) {
      right = manyToOne(() => Right, { primaryKey: true });
    }
    class Right extends Entity('rights', { no: integer().primaryKey() }) {
      left = manyToOne(() => Left, { primaryKey: true });
    }
    class Self extends Entity('selves', { no: integer().primaryKey() }) {
      self = manyToOne(() => Self, { primaryKey: true });
    }
    expect(refused(Left, Right)).toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('the primary keys contain each other in a circle'),
    });
    expect(refused(Self)).toMatchObject({ code: 'configuration', entity: 'selves', property: 'self' });
  });

  it('an inverse side that names no relation', () => {
    class Blog extends Entity('blogs', { ...id, name: text() }) {
      posts = oneToMany(
        () => Post,
        (post) => post.id as never,
      );
    }
    class Post extends Entity('posts', id) {
      blog = manyToOne(() => Blog);
    }
    expect(refused(Blog, Post)).toMatchObject({
      code: 'configuration',
      entity: 'blogs',
      property: 'posts',
      message: 'blogs.posts: the inverse side names no relation of the target',
    });
  });

  it('an inverse side of the wrong kind', () => {
    class Blog extends Entity('blogs', id) {
      posts = oneToMany(
        () => Post,
        (post) => post.blogs as never,
      );
    }
    class Post extends Entity('posts', id) {
      blogs = manyToMany(() => Blog);
    }
    expect(refused(Blog, Post)).toMatchObject({
      code: 'configuration',
      property: 'posts',
      message: "blogs.posts: the inverse side 'blogs' does not hold the foreign key",
    });
    class Left extends Entity('lefts', id) {
      rights = manyToMany(() => Right, { inverse: (right: Right): Collection<Left> => right.lefts });
    }
    class Right extends Entity('rights', id) {
      lefts = manyToMany(() => Left, { inverse: (left: Left): Collection<Right> => left.rights });
    }
    expect(refused(Left, Right)).toMatchObject({
      code: 'configuration',
      message: "lefts.rights: the inverse side 'lefts' does not hold the link table",
    });
  });

  it('an inverse side that refers to another entity', () => {
    class Blog extends Entity('blogs', id) {
      posts = oneToMany(
        () => Post,
        (post) => post.author,
      );
    }
    class Post extends Entity('posts', id) {
      author = manyToOne(() => Author);
    }
    expect(refused(Author, Blog, Post)).toMatchObject({
      code: 'configuration',
      property: 'posts',
      message: "blogs.posts: the inverse side 'author' refers to authors, not to this entity",
    });
  });

  it('a link table that is in use', () => {
    class Tag extends Entity('tags', id) {}
    class Post extends Entity('posts', id) {
      tags = manyToMany(() => Tag, { through: 'Tags' });
    }
    class Page extends Entity('pages', id) {
      tags = manyToMany(() => Tag, { through: 'links' });
      others = manyToMany(() => Tag, { through: 'LINKS' });
    }
    expect(refused(Tag, Post)).toMatchObject({
      code: 'configuration',
      entity: 'posts',
      property: 'tags',
      message:
        "posts.tags: the table 'Tags' is in use already; name the other side with inverse, or another table with through",
    });
    expect(refused(Tag, Page)).toMatchObject({ code: 'configuration', property: 'others' });
  });

  it('a link table with the wrong number of columns, or one name for both ends', () => {
    class Show extends Entity('shows', id) {
      seats = manyToMany(() => Seat, { targetColumns: ['seat'] });
    }
    class Hall extends Entity('halls', id) {
      seats = manyToMany(() => Seat, { columns: ['a'], targetColumns: ['b', 'A'] });
    }
    expect(refused(Seat, Show)).toMatchObject({
      code: 'configuration',
      message: 'shows.seats: the link needs 2 column name(s) for this end',
    });
    expect(refused(Seat, Hall)).toMatchObject({
      code: 'configuration',
      message: 'halls.seats: the two ends of the link table have columns of the same name',
    });
  });
});

describe('metadata of relations', () => {
  it('gives a reference the columns of the key that it refers to', () => {
    class Ticket extends Entity('tickets', id) {
      seat = manyToOne(() => Seat, { nullable: true });
      next = oneToOne(() => Ticket);
      other = manyToOne(() => Seat, { columns: ['r', 'n'], onDelete: 'cascade' });
    }
    const registry = registryOf(Ticket, Seat);
    const meta = registry.get(Ticket);
    const columns = (property: string) =>
      relationOf(meta, property).columns.map(({ name, type, nullable, unique, role }) => [
        name,
        type.name,
        nullable,
        unique,
        role,
      ]);
    expect(columns('seat')).toEqual([
      ['seat_row', 'text', true, false, 'reference'],
      ['seat_no', 'integer', true, false, 'reference'],
    ]);
    expect(columns('other')).toEqual([
      ['r', 'text', false, false, 'reference'],
      ['n', 'integer', false, false, 'reference'],
    ]);
    expect(columns('next')).toEqual([['next_id', 'integer', true, true, 'reference']]);
    expect(relationOf(meta, 'other').onDelete).toBe('cascade');
    expect(relationOf(meta, 'seat').onDelete).toBe('no action');
    expect(meta.columns.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('makes a one-to-one reference of several columns unique by an index', () => {
    class Badge extends Entity('badges', id) {
      seat = oneToOne(() => Seat);
    }
    const meta = registryOf(Badge, Seat).get(Badge);
    expect(meta.indexes).toEqual([{ columns: ['seat_row', 'seat_no'], unique: true }]);
    expect(relationOf(meta, 'seat').columns.map(({ unique }) => unique)).toEqual([false, false]);
  });

  it('repeats keys that contain keys, in whatever order the classes come', () => {
    class Order extends Entity('orders', { no: text().primaryKey() }) {}
    class Line extends Entity('lines', { no: integer().primaryKey() }) {
      order = manyToOne(() => Order, { primaryKey: true });
    }
    class Part extends Entity('parts', { no: integer().primaryKey() }) {
      line = manyToOne(() => Line, { primaryKey: true });
    }
    for (const classes of [
      [Order, Line, Part],
      [Part, Line, Order],
      [Line, Part, Order],
    ]) {
      const registry = registryOf(...classes);
      expect(registry.get(Part).primaryKey.map(({ name, property }) => [name, property])).toEqual([
        ['no', 'no'],
        ['line_no', 'line'],
        ['line_order_no', 'line'],
      ]);
      expect(registry.get(Line).primaryKey.map(({ name }) => name)).toEqual(['no', 'order_no']);
    }
  });

  it('ties both sides together', () => {
    class Blog extends Entity('blogs', id) {
      posts = oneToMany(
        () => Post,
        (post) => post.blog,
        { cascade: ['all'], orphanRemoval: true },
      );
      front = oneToOne(
        () => Post,
        (post) => post.frontOf,
      );
    }
    class Post extends Entity('posts', id) {
      blog = manyToOne(() => Blog);
      frontOf = oneToOne(() => Blog);
      tags = manyToMany(() => Tag, { through: 'post_tags' });
    }
    class Tag extends Entity('tags', { name: text().primaryKey() }) {
      posts = manyToMany(() => Post, { inverse: (post) => post.tags });
    }
    const registry = registryOf(Blog, Post, Tag);
    const posts = relationOf(registry.get(Blog), 'posts');
    const front = relationOf(registry.get(Blog), 'front');
    const blog = relationOf(registry.get(Post), 'blog');
    expect([posts.kind, posts.inverse, blog.inverse, posts.columns]).toEqual(['to-many', blog, posts, []]);
    expect([...posts.cascade]).toEqual(['persist', 'merge', 'remove', 'refresh']);
    expect([posts.orphanRemoval, blog.orphanRemoval, [...blog.cascade]]).toEqual([true, false, []]);
    expect([front.kind, front.inverse?.property]).toEqual(['inverse-one', 'frontOf']);
    const tags = relationOf(registry.get(Post), 'tags');
    const tagged = relationOf(registry.get(Tag), 'posts');
    expect([tags.owning, tagged.owning, tags.inverse, tagged.inverse]).toEqual([true, false, tagged, tags]);
    expect(tags.link?.ownColumns.map(({ name }) => name)).toEqual(['posts_id']);
    expect(tags.link?.targetColumns.map(({ name }) => name)).toEqual(['tags_name']);
    expect(tagged.link).toEqual({
      table: 'post_tags',
      ownColumns: tags.link?.targetColumns,
      targetColumns: tags.link?.ownColumns,
    });
    expect(registry.links).toEqual([tags.link]);
  });

  it('names the two ends of a link of a table with itself apart', () => {
    class Person extends Entity('people', id) {
      friends = manyToMany(() => Person);
      followed = manyToMany(() => Person, { columns: ['follower'], targetColumns: ['star'], through: 'follows' });
      followers = manyToMany(() => Person, { inverse: (person) => person.followed });
    }
    const meta = registryOf(Person).get(Person);
    const names = (property: string) => {
      const { link } = relationOf(meta, property);
      return [link?.table, link?.ownColumns.map(({ name }) => name), link?.targetColumns.map(({ name }) => name)];
    };
    expect(names('friends')).toEqual(['people_friends', ['people_id'], ['friends_id']]);
    expect(names('followed')).toEqual(['follows', ['follower'], ['star']]);
    expect(names('followers')).toEqual(['follows', ['star'], ['follower']]);
  });

  it('takes the foreign key of a relation for its name in an index', () => {
    class Ticket extends Entity(
      'tickets',
      { ...id, day: text() },
      { indexes: [{ properties: ['seat', 'day'], unique: true }] },
    ) {
      seat = manyToOne(() => Seat);
    }
    expect(registryOf(Ticket, Seat).get(Ticket).indexes).toEqual([
      { columns: ['seat_row', 'seat_no', 'day'], unique: true },
    ]);
  });
});

describe('metadata of hierarchies', () => {
  class Medium extends Entity('media', { ...id, title: text() }, { discriminator: 'kind', discriminatorValue: 'any' }) {
    shelf = manyToOne(() => Shelf, { nullable: true });
  }
  class Shelf extends Entity('shelves', id) {}
  class Film extends subtype(Medium, 'film', { minutes: integer() }) {
    director = manyToOne(() => Shelf);
  }
  class Short extends subtype(Film, 'short', { prize: text().nullable() }) {}
  class Book extends subtype(Medium, 'book', { pages: integer() }) {}
  const registry = registryOf(Short, Film, Book, Medium, Shelf);

  it('has one row for all classes, in which only the top is required', () => {
    const meta = registry.get(Medium);
    const shape = meta.columns.map(({ name, nullable, role }) => [name, nullable, role]);
    expect(shape).toEqual([
      ['id', false, 'scalar'],
      ['title', false, 'scalar'],
      ['minutes', true, 'scalar'],
      ['prize', true, 'scalar'],
      ['pages', true, 'scalar'],
      ['shelf_id', true, 'reference'],
      ['director_id', true, 'reference'],
      ['kind', false, 'discriminator'],
    ]);
    expect(meta.columns.every(({ index }, place) => index === place)).toBe(true);
  });

  it('gives each class its own columns, with what is required of it', () => {
    const own = (target: EntityClass) => registry.get(target).ownColumns.map(({ name }) => name);
    expect(own(Medium)).toEqual(['id', 'title', 'shelf_id', 'kind']);
    expect(own(Film)).toEqual(['id', 'title', 'minutes', 'shelf_id', 'director_id', 'kind']);
    expect(own(Short)).toEqual(['id', 'title', 'minutes', 'prize', 'shelf_id', 'director_id', 'kind']);
    expect(own(Book)).toEqual(['id', 'title', 'pages', 'shelf_id', 'kind']);
    expect(registry.get(Film).properties.get('minutes')?.nullable).toBe(false);
    expect([...registry.get(Short).relations.keys()]).toEqual(['shelf', 'director']);
    expect(relationOf(registry.get(Short), 'director')).toBe(relationOf(registry.get(Film), 'director'));
  });

  it('knows parents, families and discriminators', () => {
    const value = (target: EntityClass) => registry.get(target).discriminator?.value;
    expect([Medium, Film, Short, Book, Shelf].map(value)).toEqual(['any', 'film', 'short', 'book', undefined]);
    expect(registry.get(Medium).discriminator?.column.name).toBe('kind');
    expect(registry.get(Short).parent).toBe(registry.get(Film));
    expect(registry.get(Short).root).toBe(registry.get(Medium));
    expect(registry.get(Film).family).toEqual([registry.get(Film), registry.get(Short)]);
    expect(new Set(registry.get(Medium).family)).toEqual(
      new Set([Medium, Film, Short, Book].map((target) => registry.get(target))),
    );
    expect(registry.get(Book).primaryKey).toBe(registry.get(Medium).primaryKey);
  });

  it('finds entities by class and by instance, whatever they call their constructor', () => {
    expect(registry.of(new Short())).toBe(registry.get(Short));
    expect(registry.of({})).toBeUndefined();
    expect(registry.of(Object.create(null))).toBeUndefined();
    expect(registry.of({ constructor: Short })).toBeUndefined();
    expect(refusalOf(() => registry.get(class extends Medium {}))).toMatchObject({ code: 'configuration' });
  });

  it('is frozen', () => {
    const frozen = (value: unknown): boolean => Object.isFrozen(value);
    const meta = registry.get(Film);
    expect([registry, registry.entities, registry.links, meta, relationOf(meta, 'director')].map(frozen)).toEqual(
      Array(5).fill(true),
    );
    const { columns, ownColumns, primaryKey, family, indexes } = meta;
    expect([columns, ownColumns, primaryKey, family, indexes].map(frozen)).toEqual(Array(5).fill(true));
    expect(meta.columns.every(frozen)).toBe(true);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { bigint, boolean, datetime, decimal, integer, json, text, uuid } from '../../../src/codec/column-builder.ts';
import { createSchema as schemaStatements } from '../../../src/dialect/sqlite/create-schema.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { manyToMany } from '../../../src/entity-manager/many-to-many.ts';
import { ConfigurationError } from '../../../src/errors.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import { Entity, subtype } from '../../../src/metadata/entity.ts';
import type { EntityClass } from '../../../src/metadata/entity-class.ts';
import { snakeCase } from '../../../src/metadata/naming-strategy.ts';
import { manyToOne, oneToMany, oneToOne } from '../../../src/metadata/relations.ts';
import { deriveSchema } from '../../../src/schema/derive-schema.ts';
import { createSchema } from '../../../src/schema/index.ts';
import type { SchemaModel, TableModel } from '../../../src/schema/schema-model.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

class Post extends Entity('posts', {
  id: integer().primaryKey().generated(),
  title: text({ maxLength: 200 }),
  publishedAt: datetime().nullable(),
  version: integer().version(),
}) {
  author = manyToOne(() => Author, { onDelete: 'cascade' });
  editor = manyToOne(() => Author, { nullable: true, onDelete: 'set null', onUpdate: 'cascade' });
  tags = manyToMany(() => Tag, { through: 'post_tags' });
}
class Author extends Entity('authors', {
  id: integer().primaryKey().generated(),
  email: text().unique(),
  balance: decimal({ precision: 12, scale: 2 }).default('0.00'),
  active: boolean().default(true),
  settings: json<{ theme: string }>().default(() => ({ theme: 'dark' })),
  createdAt: datetime().defaultNow(),
}) {
  posts = oneToMany(
    () => Post,
    (post) => post.author,
  );
  profile = oneToOne(
    () => Profile,
    (profile) => profile.author,
  );
}
class Tag extends Entity('tags', { id: uuid().primaryKey(), name: text().unique() }) {
  posts = manyToMany(() => Post, { inverse: (post) => post.tags });
}
class Profile extends Entity('profiles', { id: bigint().primaryKey().generated(), bio: text() }) {
  author = oneToOne(() => Author);
}
class Person extends Entity('people', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Person, { nullable: true });
  friends = manyToMany(() => Person, {});
}
class Pupil extends subtype(Person, 'pupil', { grade: integer() }) {
  school = manyToOne(() => School);
}
class School extends Entity('schools', { id: integer().primaryKey().generated() }) {
  head = manyToOne(() => Person, { nullable: true });
}
class Line extends Entity('lines', { no: integer().primaryKey(), quantity: integer() }) {
  order = manyToOne(() => Order, { primaryKey: true });
}
class Order extends Entity('orders', { id: uuid().primaryKey() }) {}
class Note extends Entity('notes', { id: integer().primaryKey().generated() }) {
  line = manyToOne(() => Line);
}

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
});

function derive(...classes: readonly EntityClass[]): SchemaModel {
  return deriveSchema(createRegistry(classes, snakeCase, sqlite));
}

/** The table of a schema that SQLite has accepted as well. */
function tableOf(schema: SchemaModel, name: string): TableModel {
  for (const { sql } of schemaStatements(schema)) raw.db.run(sql);
  const table = schema.tables.find((other) => other.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

describe('The schema of a registry', () => {
  const blog = () => derive(Post, Author, Tag, Profile);

  it('puts referred-to tables first', () => {
    expect(blog().tables.map((table) => table.name)).toEqual(['authors', 'posts', 'tags', 'profiles', 'post_tags']);
  });

  it('has the columns of an entity with the defaults that the database can fill in', () => {
    const column = { generated: false, nullable: false, default: null };
    expect(tableOf(blog(), 'authors')).toEqual({
      name: 'authors',
      columns: [
        { ...column, name: 'id', type: { name: 'integer' }, generated: true },
        { ...column, name: 'email', type: { name: 'text' } },
        {
          ...column,
          name: 'balance',
          type: { name: 'decimal', precision: 12, scale: 2 },
          default: { kind: 'constant', value: '0.00' },
        },
        { ...column, name: 'active', type: { name: 'boolean' }, default: { kind: 'constant', value: 1 } },
        { ...column, name: 'settings', type: { name: 'json' } },
        { ...column, name: 'created_at', type: { name: 'datetime' }, default: { kind: 'now' } },
      ],
      primaryKey: ['id'],
      uniques: [{ name: 'authors_email_key', columns: ['email'] }],
      indexes: [],
      foreignKeys: [],
    });
  });

  it('has foreign keys of relations, each with an index', () => {
    const posts = tableOf(blog(), 'posts');
    const reference = { referencedTable: 'authors', referencedColumns: ['id'] };
    expect(posts.foreignKeys).toEqual([
      {
        ...reference,
        name: 'posts_author_id_fkey',
        columns: ['author_id'],
        onDelete: 'cascade',
        onUpdate: 'no action',
      },
      { ...reference, name: 'posts_editor_id_fkey', columns: ['editor_id'], onDelete: 'set null', onUpdate: 'cascade' },
    ]);
    expect(posts.indexes).toEqual([
      { name: 'posts_author_id_idx', columns: ['author_id'] },
      { name: 'posts_editor_id_idx', columns: ['editor_id'] },
    ]);
  });

  it('makes the foreign key of a one-to-one relation unique, which is its index as well', () => {
    const profiles = tableOf(blog(), 'profiles');
    expect(profiles.uniques).toEqual([{ name: 'profiles_author_id_key', columns: ['author_id'] }]);
    expect(profiles.indexes).toEqual([]);
  });

  it('has a table for each link, which loses its rows along with either end', () => {
    const links = tableOf(blog(), 'post_tags');
    const column = { nullable: false, generated: false, default: null };
    expect(links).toEqual({
      name: 'post_tags',
      columns: [
        { ...column, name: 'posts_id', type: { name: 'integer' } },
        { ...column, name: 'tags_id', type: { name: 'uuid' } },
      ],
      primaryKey: ['posts_id', 'tags_id'],
      uniques: [],
      indexes: [{ name: 'post_tags_tags_id_idx', columns: ['tags_id'] }],
      foreignKeys: [
        {
          name: 'post_tags_posts_id_fkey',
          columns: ['posts_id'],
          referencedTable: 'posts',
          referencedColumns: ['id'],
          onDelete: 'cascade',
          onUpdate: 'cascade',
        },
        {
          name: 'post_tags_tags_id_fkey',
          columns: ['tags_id'],
          referencedTable: 'tags',
          referencedColumns: ['id'],
          onDelete: 'cascade',
          onUpdate: 'cascade',
        },
      ],
    });
  });

  it('has one table for a hierarchy, whose subtypes have nullable columns', () => {
    const schema = derive(Person, Pupil, School);
    const people = tableOf(schema, 'people');
    expect(people.columns.map(({ name, nullable }) => [name, nullable])).toEqual([
      ['id', false],
      ['name', false],
      ['grade', true],
      ['parent_id', true],
      ['school_id', true],
      ['type', false],
    ]);
    expect(people.foreignKeys.map(({ columns, referencedTable }) => [columns, referencedTable])).toEqual([
      [['parent_id'], 'people'],
      [['school_id'], 'schools'],
    ]);
    // People and schools refer to each other, so that either may be first.
    expect(schema.tables.map((table) => table.name).sort()).toEqual(['people', 'people_friends', 'schools']);
    raw.db.run(`INSERT INTO people (name, type) VALUES ('Ada', 'people'); INSERT INTO schools (head_id) VALUES (1)`);
    expect(raw.all('PRAGMA foreign_key_check')).toEqual([]);
  });

  it('has relations as part of a key, and refers to keys of several columns', () => {
    const schema = derive(Note, Line, Order);
    expect(schema.tables.map((table) => table.name)).toEqual(['orders', 'lines', 'notes']);
    expect(tableOf(schema, 'lines').primaryKey).toEqual(['no', 'order_id']);
    const [key] = tableOf(schema, 'notes').foreignKeys;
    expect(key?.referencedColumns).toEqual(['no', 'order_id']);
    expect(key?.columns).toHaveLength(2);
    expect(raw.all(`SELECT "to" FROM pragma_foreign_key_list('notes') ORDER BY seq`)).toEqual([['no'], ['order_id']]);
  });

  it('is the same every time', () => {
    expect(blog()).toEqual(blog());
  });
});

describe('Names of constraints and indexes', () => {
  it('are cut at 60 bytes with a hash, and never meet', () => {
    const long = 'a'.repeat(50);
    class Long extends Entity('long', {
      id: integer().primaryKey().generated(),
      one: text().column(`${long}_one_column`).unique(),
      two: text().column(`${long}_two_column`).unique(),
      wide: text().column('ü'.repeat(60)).unique(),
    }) {}
    const names = tableOf(derive(Long), 'long').uniques.map((unique) => unique.name);
    for (const name of names) {
      expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(60);
      expect(name).toMatch(/^long_.+_[\da-f]{8}_key$/u);
    }
    expect(new Set(names).size).toBe(3);
  });

  it('are told apart where plain ones would be equal, or equal to a table', () => {
    class Left extends Entity('a', { id: integer().primaryKey().generated(), c: text().column('b_c').unique() }) {}
    class Right extends Entity('a_b', { id: integer().primaryKey().generated(), c: text().unique() }) {}
    class Third extends Entity('x', { id: integer().primaryKey().generated() }) {
      y = manyToOne(() => Left);
    }
    class Taken extends Entity('X_y_id_idx', { id: integer().primaryKey().generated() }) {}
    const schema = derive(Left, Right, Third, Taken);
    const names = schema.tables.flatMap(({ uniques, indexes }) => [...uniques, ...indexes]).map(({ name }) => name);
    expect(names[0]).toBe('a_b_c_key');
    expect(new Set([...names, 'x_y_id_idx']).size).toBe(names.length + 1);
    expect(tableOf(schema, 'x').indexes).toHaveLength(1);
  });
});

describe('A schema that cannot be', () => {
  it('has two links in one table', () => {
    class First extends Entity('first', { id: integer().primaryKey().generated() }) {
      seconds = manyToMany(() => Second, { through: 'links' });
      others = manyToMany(() => Second, { through: 'Links' });
    }
    class Second extends Entity('second', { id: integer().primaryKey().generated() }) {}
    expect(() => derive(First, Second)).toThrow(ConfigurationError);
  });

  it('has a default that its column would refuse, which is told without the value', () => {
    class Bad extends Entity('bad', {
      id: integer().primaryKey().generated(),
      price: decimal({ precision: 4, scale: 2 }).default('123456.78'),
    }) {}
    expect(() => derive(Bad)).toThrow(
      expect.objectContaining({
        code: 'configuration',
        entity: 'bad',
        property: 'price',
        message:
          'bad.price: the default does not fit the column: expected a decimal number as a string, ' +
          'with at most 2 digits before and 2 after the point, got a string',
      }),
    );
  });
});

describe('createSchema', () => {
  it('hands every definition to the session at once, and again without harm', async () => {
    const batches: (readonly { readonly sql: string; readonly table: string }[])[] = [];
    const registry = createRegistry([Post, Author, Tag, Profile], snakeCase, sqlite);
    const session = {
      executeAll: (nodes: readonly { readonly kind: 'definition'; readonly sql: string; readonly table: string }[]) => {
        batches.push(nodes);
        for (const { sql } of nodes) raw.db.run(sql);
      },
    };
    await createSchema({ registry, dialect: sqlite, session });
    await createSchema({ registry, dialect: sqlite, session });
    expect(batches).toHaveLength(2);
    expect(batches[0]?.map(({ table }) => table)).toEqual([
      'authors',
      'posts',
      'posts',
      'posts',
      'tags',
      'profiles',
      'post_tags',
      'post_tags',
    ]);
    expect(raw.all(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)).toEqual([
      ['authors'],
      ['post_tags'],
      ['posts'],
      ['profiles'],
      ['tags'],
    ]);
  });
});

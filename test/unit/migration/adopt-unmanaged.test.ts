import { describe, expect, it } from 'vitest';
import { adoptUnmanaged } from '../../../src/migration/diff/adopt-unmanaged.ts';
import { diffDatabases } from '../../../src/migration/diff/diff-databases.ts';
import type { DatabaseTable } from '../../../src/schema/database-model.ts';
import { column, foreignKey, index, model, table } from './database-parts.ts';

const AUTHORS = table('authors');
const POSTS = table('posts', {
  columns: [column('id'), column('author_id', { type: 'INTEGER', nullable: true }), column('slug', { nullable: true })],
});
const KEY = foreignKey(['author_id'], 'authors');

/** What is different between tables as they are, and as entities want them. */
function difference(current: readonly DatabaseTable[], wanted: readonly DatabaseTable[]): readonly string[] {
  const before = model(...current);
  return diffDatabases(before, adoptUnmanaged(before, model(...wanted))).flatMap((change) =>
    change.kind === 'alter-table' ? change.changes.map(({ kind }) => kind) : [change.kind],
  );
}

describe('of foreign keys', () => {
  const posts = (...foreignKeys: DatabaseTable['foreignKeys']) => ({ ...POSTS, foreignKeys });

  it('those that entities can declare are theirs', () => {
    expect(difference([AUTHORS, posts(KEY)], [AUTHORS, posts()])).toEqual(['drop-foreign-key']);
    const to = { ...KEY, referencedTable: 'users' };
    expect(difference([AUTHORS, table('users'), posts(KEY)], [AUTHORS, table('users'), posts(to)])).toEqual([
      'drop-foreign-key',
      'add-foreign-key',
    ]);
  });

  it.each([
    ['that refers to no primary key', { ...KEY, columns: ['slug'], referencedColumns: ['title'] }],
    ['over columns of another type', { ...KEY, columns: ['slug'] }],
  ])('one %s stays', (_title, key) => {
    expect(difference([AUTHORS, posts(key)], [AUTHORS, posts()])).toEqual([]);
  });

  it('one goes with what it refers to', () => {
    const key = { ...KEY, columns: ['slug'], referencedColumns: ['title'] };
    const bare = { ...AUTHORS, columns: AUTHORS.columns.filter(({ name }) => name === 'id') };
    expect(difference([AUTHORS, posts(key)], [bare, posts()])).toEqual(['drop-column', 'drop-foreign-key']);
    expect(difference([AUTHORS, posts(key)], [posts()])).toEqual(['drop-foreign-key', 'drop-table']);
  });

  it('the actions stay that entities have no word for, and no others', () => {
    const wanted = posts({ ...KEY, onDelete: 'no action' });
    expect(difference([AUTHORS, posts({ ...KEY, onDelete: 'restrict' })], [AUTHORS, wanted])).toEqual([]);
    expect(difference([AUTHORS, posts({ ...KEY, onDelete: 'set default' })], [AUTHORS, wanted])).toEqual([]);
    expect(difference([AUTHORS, posts({ ...KEY, onDelete: 'cascade' })], [AUTHORS, wanted])).toEqual([
      'drop-foreign-key',
      'add-foreign-key',
    ]);
    expect(difference([AUTHORS, posts({ ...KEY, onDelete: 'restrict' })], [AUTHORS, posts(KEY)])).toEqual([
      'drop-foreign-key',
      'add-foreign-key',
    ]);
  });

  it('the order of the columns says nothing', () => {
    const lines = table('lines', {
      columns: [column('no'), column('of')],
      primaryKey: { name: null, columns: ['of', 'no'] },
    });
    const key = { ...foreignKey(['line_of', 'line_no'], 'lines'), referencedColumns: ['of', 'no'] };
    const notes = (one: typeof key) =>
      table('notes', { columns: [column('id'), column('line_of'), column('line_no')], foreignKeys: [one] });
    const turned = { ...key, columns: ['line_no', 'line_of'], referencedColumns: ['no', 'of'] };
    const wanted = { ...lines, primaryKey: { name: null, columns: ['no', 'of'] } };
    expect(difference([lines, notes(key)], [wanted, notes(turned)])).toEqual([]);
    const crossed = { ...key, referencedColumns: ['no', 'of'] };
    expect(difference([lines, notes(key)], [lines, notes(crossed)])).toEqual(['drop-foreign-key', 'add-foreign-key']);
  });
});

describe('of tables', () => {
  it('one without a primary key is never dropped, with its foreign keys', () => {
    const log = table('log', { primaryKey: null, columns: POSTS.columns, foreignKeys: [KEY] });
    expect(difference([AUTHORS, log], [AUTHORS])).toEqual([]);
    expect(difference([AUTHORS, table('gone')], [AUTHORS])).toEqual(['drop-table']);
  });
});

describe('of indexes', () => {
  const posts = (...indexes: DatabaseTable['indexes']) => ({ ...POSTS, foreignKeys: [KEY], indexes });
  const two = index('two', 'author_id', 'slug');

  it('one for a foreign key that was there without one is not asked for', () => {
    expect(difference([AUTHORS, posts()], [AUTHORS, posts(index('one', 'author_id'))])).toEqual([]);
    const fresh = { ...POSTS, foreignKeys: [] };
    expect(difference([AUTHORS, fresh], [AUTHORS, posts(index('one', 'author_id'))])).toEqual([
      'add-index',
      'add-foreign-key',
    ]);
    expect(difference([AUTHORS, posts(two)], [AUTHORS, posts(index('one', 'author_id'))])).toEqual([
      'drop-index',
      'add-index',
    ]);
  });

  it('one that another serves stays, and one that none does goes', () => {
    expect(difference([AUTHORS, posts(two, index('one', 'author_id'))], [AUTHORS, posts(two)])).toEqual([]);
    expect(difference([AUTHORS, posts(index('slugs', 'slug'))], [AUTHORS, posts()])).toEqual(['drop-index']);
  });

  it('how much of a column is in one is not theirs to say', () => {
    const short = { ...two, parts: two.parts.map((part) => ({ ...part, prefix: 10 })), options: ["COMMENT 'x'"] };
    expect(difference([AUTHORS, posts(short)], [AUTHORS, posts(two)])).toEqual([]);
    expect(difference([AUTHORS, posts(short)], [AUTHORS, posts()])).toEqual(['drop-index']);
  });
});

describe('of columns', () => {
  const keyed = (more: object) => table('posts', { columns: [column('id', more)] });

  it('a default of a key or a relation stays, and others are theirs', () => {
    expect(difference([keyed({ default: "'x'" })], [keyed({})])).toEqual([]);
    const posts = (name: string, value: string | null) => ({
      ...POSTS,
      columns: POSTS.columns.map((one) => (one.name === name ? { ...one, default: value } : one)),
      foreignKeys: [KEY],
    });
    expect(difference([AUTHORS, posts('author_id', '1')], [AUTHORS, posts('author_id', null)])).toEqual([]);
    expect(difference([AUTHORS, posts('slug', "'x'")], [AUTHORS, posts('slug', null)])).toEqual(['alter-column']);
  });

  it('a key of SQLite may be NULL, and other columns are what is wanted', () => {
    expect(difference([keyed({ nullable: true })], [keyed({})])).toEqual([]);
  });

  it('what makes values stays where no entity can declare it', () => {
    const counted = (generated: 'auto-increment' | null) =>
      table('posts', { columns: [column('id'), column('no', { generated })] });
    expect(difference([counted('auto-increment')], [counted(null)])).toEqual([]);
    expect(difference([keyed({ generated: 'identity' })], [keyed({})])).toEqual(['alter-column']);
  });

  it('the collation stays unless the type changes', () => {
    const titled = (type: string, collation: string | null) =>
      table('posts', { columns: [column('id'), column('title', { type, collation })] });
    expect(difference([titled('text', null)], [titled('text', '"C"')])).toEqual([]);
    expect(difference([titled('varchar', null)], [titled('text', '"C"')])).toEqual(['alter-column']);
  });
});

describe('of checks', () => {
  const checked = (expression: string) => table('posts', { checks: [{ name: 'posts_title_check', expression }] });

  it.each([
    'length("title") <= 10',
    '(char_length(title) <= 10)',
    "`title` in ('a','it''s (x)')",
    "`title` in ('it\\'s')",
    '"title" IN (0, 1)',
    "(title = ANY (ARRAY['a'::text, 'b'::text]))",
  ])('those of a type go with it: %s', (expression) => {
    expect(difference([checked(expression)], [table('posts')])).toEqual(['drop-check']);
  });

  it.each([
    'length("title") >= 10',
    '(char_length(title) <= 10) OR (id > 0)',
    "`title` in ('a') and `id` > 0",
    "((title)::text = ANY (ARRAY['a'::text]))",
    '(title = ANY (ARRAY[1, 2]))',
    'title in (1,2)',
  ])('those of somebody else stay, whatever their names are: %s', (expression) => {
    expect(difference([checked(expression)], [table('posts')])).toEqual([]);
  });
});

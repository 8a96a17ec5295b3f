import { describe, expect, it } from 'vitest';
import { adoptUnmanaged } from '../../../src/migration/diff/adopt-unmanaged.ts';
import { diffDatabases } from '../../../src/migration/diff/diff-databases.ts';
import { inverseRenames, type Renames } from '../../../src/migration/diff/renames.ts';
import type { DatabaseColumn, DatabaseModel } from '../../../src/schema/database-model.ts';
import { column, foreignKey, index, model, table } from './database-parts.ts';

const renames = (tables: Record<string, string>, columns: Record<string, Record<string, string>> = {}): Renames => ({
  tables: new Map(Object.entries(tables)),
  columns: new Map(Object.entries(columns).map(([name, names]) => [name, new Map(Object.entries(names))])),
});

/** The kinds of the changes, those within tables too. */
const kinds = (before: DatabaseModel, after: DatabaseModel, given?: Renames): readonly string[] =>
  diffDatabases(before, after, given === undefined ? {} : { renames: given }).flatMap((change) =>
    change.kind === 'alter-table' ? change.changes.map(({ kind }) => kind) : [change.kind],
  );

describe('A difference', () => {
  const posts = table('posts', {
    checks: [{ name: 'posts_title_check', expression: 'length("title") <= 5' }],
    uniques: [{ name: 'posts_title_key', columns: ['title'], deferral: 'immediate', nullsEqual: false }],
    indexes: [index('posts_title_idx', 'title')],
  });
  const comments = table('comments', {
    columns: [column('id'), column('post_id')],
    foreignKeys: [foreignKey(['post_id'], 'posts')],
  });

  it('is empty between equal models, whatever the order of their properties', () => {
    const { name, columns, ...rest } = posts;
    expect(diffDatabases(model(posts, comments), model({ ...rest, columns, name }, comments))).toEqual([]);
  });

  it('creates referred-to tables first and drops them last', () => {
    const changes = diffDatabases(model(), model(comments, posts));
    expect(changes.map((change) => change.kind === 'create-table' && change.table.name)).toEqual(['posts', 'comments']);
    const back = diffDatabases(model(posts, comments), model());
    expect(back.map((change) => change.kind === 'drop-table' && change.table.name)).toEqual(['comments', 'posts']);
  });

  it('of a renamed table and column is two renames: keys, checks and indexes follow them', () => {
    const after = model(
      {
        ...posts,
        name: 'articles',
        columns: [posts.columns[0] as DatabaseColumn, column('headline')],
        checks: [{ name: 'posts_title_check', expression: 'length("headline") <= 5' }],
        uniques: [{ name: 'posts_title_key', columns: ['headline'], deferral: 'immediate', nullsEqual: false }],
        indexes: [index('posts_title_idx', 'headline')],
      },
      { ...comments, foreignKeys: [foreignKey(['post_id'], 'articles')] },
    );
    const given = renames({ posts: 'articles' }, { articles: { title: 'headline' } });
    expect(kinds(model(posts, comments), after, given)).toEqual(['rename-table', 'rename-column']);
    expect(kinds(after, model(posts, comments), inverseRenames(given))).toEqual(['rename-table', 'rename-column']);
  });

  it('of columns that trade names is two renames', () => {
    const before = table('t', { columns: [column('a'), column('b', { nullable: true })] });
    const after = table('t', { columns: [column('b'), column('a', { nullable: true })] });
    const given = renames({}, { t: { a: 'b', b: 'a' } });
    expect(kinds(model(before), model(after), given)).toEqual(['rename-column', 'rename-column']);
  });

  it('of a column that is renamed and of another type is a rename and a change', () => {
    const before = table('t', { columns: [column('a', { type: 'INTEGER' })] });
    const after = table('t', { columns: [column('b')] });
    expect(kinds(model(before), model(after), renames({}, { t: { a: 'b' } }))).toEqual([
      'rename-column',
      'alter-column',
    ]);
  });

  it('of a longer type, a default, or a nullability is one change of the column, never a drop', () => {
    for (const more of [{ type: 'VARCHAR(51)' }, { default: "'x'" }, { nullable: true }]) {
      const after = table('posts', { columns: [posts.columns[0] as DatabaseColumn, column('title', more)] });
      expect(kinds(model(table('posts')), model(after))).toEqual(['alter-column']);
    }
  });

  it('of the name of a constraint or an index is a rename of it', () => {
    const after = {
      ...posts,
      checks: [{ name: 'c', expression: 'length("title") <= 5' }],
      uniques: [{ name: 'u', columns: ['title'], deferral: 'immediate' as const, nullsEqual: false }],
      indexes: [index('i', 'title')],
    };
    expect(kinds(model(posts), model(after))).toEqual(['rename-check', 'rename-unique', 'rename-index']);
  });

  it('takes what is in the way away first, and adds what refers to it last', () => {
    const after = {
      ...comments,
      columns: [column('id'), column('author_id', { nullable: true })],
      foreignKeys: [foreignKey(['author_id'], 'posts')],
    };
    expect(kinds(model(posts, comments), model(posts, after))).toEqual([
      'drop-foreign-key',
      'drop-column',
      'add-column',
      'add-foreign-key',
    ]);
  });

  it('leaves the tables of Meshestra out', () => {
    expect(diffDatabases(model(table('__meshestra_migrations')), model())).toEqual([]);
  });
});

describe('What entities cannot speak of', () => {
  const wanted = table('posts');

  it('stays as the database has it', () => {
    const current = table('posts', {
      columns: [
        column('title', { collation: 'NOCASE', comment: 'shown', onConflict: 'IGNORE' }),
        column('id', { type: 'INTEGER', generated: 'auto-increment' }),
      ],
      checks: [{ name: 'posts_price_check', expression: 'price > 0' }],
      indexes: [{ ...index('partial', 'title'), where: 'title IS NOT NULL' }],
      comment: 'all posts',
      options: ['WITHOUT ROWID'],
      triggers: ['CREATE TRIGGER t AFTER INSERT ON posts BEGIN SELECT 1; END'],
    });
    expect(diffDatabases(model(current), adoptUnmanaged(model(current), model(wanted)))).toEqual([]);
  });

  it('does not keep an index, a unique constraint or a check of ours that is not wanted any more', () => {
    const current = table('posts', {
      checks: [{ name: 'posts_title_check', expression: 'length("title") <= 5' }],
      uniques: [{ name: 'posts_title_key', columns: ['title'], deferral: 'immediate', nullsEqual: false }],
      indexes: [index('posts_title_idx', 'title')],
    });
    expect(kinds(model(current), adoptUnmanaged(model(current), model(wanted)))).toEqual([
      'drop-check',
      'drop-unique',
      'drop-index',
    ]);
  });

  it('takes a unique index for a unique constraint, and a constraint of any name for ours', () => {
    const unique = { name: 'posts_title_key', columns: ['title'], deferral: 'immediate' as const, nullsEqual: false };
    const ours = table('posts', { uniques: [unique], foreignKeys: [foreignKey(['title'], 'posts')] });
    const theirs = table('posts', {
      indexes: [{ ...index('theirs', 'title'), unique: true }],
      foreignKeys: [{ ...foreignKey(['title'], 'posts'), name: 'theirs_too', deferral: 'deferred' }],
    });
    expect(diffDatabases(model(theirs), adoptUnmanaged(model(theirs), model(ours)))).toEqual([]);
  });

  it('gives a name up that something new is to have', () => {
    const unique = (name: string, of: string) => ({
      name,
      columns: [of],
      deferral: 'immediate' as const,
      nullsEqual: false,
    });
    const current = table('t', { columns: [column('b')], uniques: [unique('t_a_key', 'b')] });
    const next = table('t', {
      columns: [column('b'), column('a')],
      uniques: [unique('t_b_key', 'b'), unique('t_a_key', 'a')],
    });
    const target = adoptUnmanaged(model(current), model(next));
    expect(target.tables[0]?.uniques.map(({ name }) => name)).toEqual(['t_b_key', 't_a_key']);
    expect(kinds(model(current), target)).toEqual(['add-column', 'rename-unique', 'add-unique']);
  });
});

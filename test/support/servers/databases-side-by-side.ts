import { expect, it } from 'vitest';
import { contains, identifier, type NamingStrategy, type Persistence, sql } from '../../../src/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { Author, library, Post, Tag } from '../../conformance/model/library.ts';

/** Opens an empty database with the entities of the library, named by a strategy. */
export interface NamedDatabase {
  readonly name: string;
  readonly naming: NamingStrategy;
  open(entities: typeof library, naming: NamingStrategy): Promise<Persistence>;
}

/** Database names in capitals, and every foreign key and link behind a prefix. */
export const shouting: NamingStrategy = {
  column: (property) => property.toUpperCase(),
  foreignKey: (property, keyColumn) => `FK_${property}_${keyColumn}`.toUpperCase(),
  linkTable: (table, property) => `link_${table}_${property}`,
  linkColumn: (table, keyColumn) => `${table}_${keyColumn}`.toUpperCase(),
};

async function openAll(databases: readonly NamedDatabase[]): Promise<readonly Persistence[]> {
  return Promise.all(databases.map(({ open, naming }) => open(library, naming)));
}

const closeAll = (all: readonly Persistence[]): Promise<unknown> => Promise.all(all.map((db) => db.close()));

/** A piece of an application's life, with a pause wherever another database may have its turn. */
async function* life(db: Persistence, mark: string): AsyncGenerator<void, void, undefined> {
  const em = db.em();
  const author = em.create(Author, { name: mark, email: `${mark}@example.org` });
  const tags = ['red', 'blue'].map((name) => em.create(Tag, { name: `${mark} ${name}` }));
  yield;
  const posts = [1, 2, 3].map((n) => em.create(Post, { title: `${mark} ${n}`, author, tags }));
  await em.flush();
  yield;
  const other = db.em();
  const found = await other.find(
    Post,
    { title: contains(mark), author: { name: mark } },
    { populate: ['author', 'tags'], orderBy: { id: 'asc' } },
  );
  expect(found.map(({ title }) => title)).toEqual(posts.map(({ title }) => title));
  expect(found.map((post) => [post.author.get().name, post.tags.toArray().length])).toEqual(found.map(() => [mark, 2]));
  yield;
  for (const post of found) post.publishedAt = new Date(0);
  await other.flush();
  yield;
  await db.transaction(async (tx) => {
    const [first] = await tx.find(Post, { title: `${mark} 1` });
    if (first === undefined) throw new Error(`${mark}: the first post is gone`);
    first.views = 7;
    tx.remove(...(await tx.find(Post, { title: `${mark} 3` })));
  });
  yield;
  posts[0]?.tags.remove(...tags.slice(0, 1));
  await expectCode(async () => {
    const stale = posts[0] as Post;
    stale.title = 'mine';
    await em.flush();
  }, 'stale-entity');
}

async function expectOnlyOwn(db: Persistence, mark: string): Promise<void> {
  const posts = await db.em().find(Post, {}, { orderBy: { id: 'asc' } });
  expect(posts.map(({ title, views, version }) => [title, views, version])).toEqual([
    [`${mark} 1`, 7, 3],
    [`${mark} 2`, 0, 2],
  ]);
  expect((await db.em().find(Author)).map(({ name }) => name)).toEqual([mark]);
  expect(await db.em().count(Tag)).toBe(2);
}

/** What holds for the same classes in several databases at once. */
export function databasesSideBySide(databases: readonly NamedDatabase[]): void {
  const marks = databases.map(({ name }, index) => `${index}-${name}`);

  it('each lives its own life, step by step between those of the others', async () => {
    const all = await openAll(databases);
    const lives = all.map((db, index) => life(db, marks[index] as string));
    for (let isOver = false; !isOver; ) {
      isOver = true;
      for (const each of lives) isOver = (await each.next()).done === true && isOver;
    }
    for (const [index, db] of all.entries()) await expectOnlyOwn(db, marks[index] as string);
    await closeAll(all);
  });

  it('each lives its own life at the same time as the others', async () => {
    const all = await openAll(databases);
    await Promise.all(
      all.map(async (db, index) => {
        const own = life(db, marks[index] as string);
        while ((await own.next()).done !== true);
      }),
    );
    for (const [index, db] of all.entries()) await expectOnlyOwn(db, marks[index] as string);
    await closeAll(all);
  });

  it('the same property has the column that its database gives it', async () => {
    const all = await openAll(databases);
    for (const [index, db] of all.entries()) {
      const { naming } = databases[index] as NamedDatabase;
      const em = db.em();
      em.create(Post, { title: 't', publishedAt: new Date(0), author: em.create(Author, { name: 'a' }) });
      await em.flush();
      const [publishedAt, author] = [naming.column('publishedAt'), naming.foreignKey('author', naming.column('id'))];
      const { rows } = await db
        .em()
        .execute(
          sql`SELECT ${identifier(author)} FROM posts WHERE ${identifier(publishedAt)} IS NOT NULL ORDER BY ${identifier(naming.column('id'))}`,
        );
      expect(rows).toEqual([[1]]);
    }
    await closeAll(all);
  });

  it('an error names the columns of its own database', async () => {
    const all = await openAll(databases);
    const errors = await Promise.all(
      all.map((db) => {
        const em = db.em();
        for (const name of ['a', 'b']) em.create(Author, { name, email: 'the same' });
        return expectCode(() => em.flush(), 'unique-violation');
      }),
    );
    expect(errors.map((error) => (error as { columns?: unknown }).columns)).toEqual(
      databases.map(({ naming }) => [naming.column('email')]),
    );
    await closeAll(all);
  });

  it('entities are copied from one to the other, and each keeps its own keys, states and edits', async () => {
    const [source, ...targets] = await openAll(databases);
    if (source === undefined) throw new Error('there are no databases');
    const from = source.em();
    for (const n of [1, 2, 3]) from.create(Author, { name: `author ${n}` });
    await from.flush();
    const originals = (await from.find(Author, {}, { orderBy: { id: 'asc' } })).slice(1);
    for (const target of targets) {
      const to = target.em();
      const copies = originals.map(({ name }) => to.create(Author, { name }));
      await to.flush();
      expect(copies.map(({ id, name }) => [id, name])).toEqual([
        [1, 'author 2'],
        [2, 'author 3'],
      ]);
      for (const copy of copies) copy.name += ', copied';
      await to.flush();
      expect([from.stateOf(copies[0] as Author), to.stateOf(originals[0] as Author)]).toEqual([
        'transient',
        'transient',
      ]);
    }
    expect(originals.map((each) => [each.id, each.name, from.changes(each).size])).toEqual([
      [2, 'author 2', 0],
      [3, 'author 3', 0],
    ]);
    expect((await from.plan()).statements).toEqual([]);
    await closeAll([source, ...targets]);
  });

  it('one that is closed leaves the others at work', async () => {
    const all = await openAll(databases);
    for (const [index, db] of all.entries()) {
      await db.close();
      for (const other of all.slice(index + 1)) expect(await other.em().count(Author)).toBe(0);
    }
  });
}

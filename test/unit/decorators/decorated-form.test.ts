import { readFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Persistence } from '../../../src/index.ts';
import { compileDecorated, decoratorCompilers, transpile } from '../../support/compile-decorated.ts';
import type * as Library from '../../support/decorated-library.ts';
import { refusalOf } from '../../support/registry-of.ts';

describe.each(decoratorCompilers)('the decorated form as emitted by $name', (compiler) => {
  let library: typeof Library;
  let db: Persistence;
  beforeAll(async () => {
    library = await compileDecorated(compiler);
  });
  beforeEach(async () => {
    const { createPersistence, createSchema, sqljs } = library;
    db = await createPersistence({ driver: sqljs(), entities: library.library });
    await createSchema(db);
    return () => db.close();
  });

  async function write(): Promise<void> {
    const { Author, Novel, Post, Tag } = library;
    const em = db.em();
    const ada = em.create(Author, { name: 'Ada', password: 'x', settings: { theme: 'dark' } });
    const notes = em.create(Post, { title: 'Notes', author: ada, tags: [em.create(Tag, { name: 'maths' })] });
    em.create(Novel, { title: 'Emma', author: ada, editor: ada, pages: 474, sequel: notes });
    await em.flush();
  }

  it('writes and reads entities with their relations', async () => {
    await write();
    const { Author, Post, Novel, eq, gt, some } = library;
    const em = db.em();
    const posts = await em.find(
      Post,
      {},
      { populate: ['author.posts', 'tags', 'sequel', 'prequel'], orderBy: { id: 'asc' } },
    );
    expect(posts.map((post) => [post.constructor, post.title, post.version])).toEqual([
      [Post, 'Notes', 1],
      [Novel, 'Emma', 1],
    ]);
    const [notes, emma] = posts;
    expect(notes?.author.get()).toBe(emma?.author.get());
    expect(notes?.author.get().posts.toArray()).toEqual(posts);
    expect(notes?.tags.toArray().map((tag) => tag.name)).toEqual(['maths']);
    expect([emma?.sequel.get(), notes?.prequel.get(), notes?.sequel.get()]).toEqual([notes, emma, null]);
    expect(
      await em.find(Author, { settings: eq({ theme: 'dark' }), posts: some<Library.Post>({ title: 'Notes' }) }),
    ).toHaveLength(1);
    const novels = await em.find(Novel, { pages: gt(400), author: { name: 'Ada' } });
    expect(novels.map((novel) => novel.isLong)).toEqual([true]);
  });

  it('embeds values of decorated classes', async () => {
    const { Bill, Money, eq, toPlain } = library;
    const em = db.em();
    const bill = em.create(Bill, { total: { amount: 3 }, kept: { amount: 1, note: 'n' } });
    const plain = Object.assign(new Bill(), { total: Object.assign(new Money(), { amount: 4, currency: 'USD' }) });
    em.persist(plain);
    expect([bill.total instanceof Money, bill.tip]).toEqual([true, null]);
    await em.flush();
    const [first, second] = await db.em().find(Bill, {}, { orderBy: { total: { amount: 'asc' } } });
    expect([first?.total.shown, first?.kept?.shown, first?.tip, second?.total.shown]).toEqual([
      '3 EUR',
      '1 EUR',
      null,
      '4 USD',
    ]);
    const same = { amount: 1, currency: 'EUR', note: 'n' };
    expect(await db.em().count(Bill, { total: { currency: 'EUR' }, kept: eq(same), tip: null })).toBe(1);
    expect(JSON.stringify(first)).toBe(
      '{"id":1,"total":{"amount":3,"currency":"EUR"},"tip":null,"kept":{"amount":1,"currency":"EUR"}}',
    );
    expect(toPlain(first as object)).toEqual(JSON.parse(JSON.stringify(first)));
    bill.total.amount = 5;
    await em.flush();
    expect((await db.em().findById(Bill, 1))?.total.shown).toBe('5 EUR');
  });

  it('fills defaults, and writes changes with their versions', async () => {
    await write();
    const { Author, Post } = library;
    const em = db.em();
    const author = await em.findById(Author, 1);
    expect(author).toMatchObject({ role: 'writer', bio: null, settings: { theme: 'dark' } });
    expect(author?.createdAt).toBeInstanceOf(Date);
    const post = await em.findById(Post, 1);
    if (author === null || post === null) throw new Error('nothing was written');
    post.title = 'More notes';
    author.settings.theme = 'light';
    expect([...em.changes(author).keys()]).toEqual(['settings']);
    await em.flush();
    expect(post.version).toBe(2);
    expect(await db.em().count(Post, { title: 'More notes', version: 2 })).toBe(1);
  });

  it('keeps fields, private fields and methods that are no columns', async () => {
    await write();
    const author = await db.em().findById(library.Author, 1);
    expect([author?.secret, author?.visit(), author?.visit()]).toEqual(['secret', 1, 2]);
    const [meta] = db.registry.entities;
    expect([...(meta?.properties.keys() ?? [])]).toEqual([
      'id',
      'name',
      'bio',
      'password',
      'role',
      'settings',
      'createdAt',
    ]);
    expect(meta?.indexes).toEqual([{ columns: ['name'], unique: false }]);
  });

  it('shows entities as JSON and as plain objects without hidden columns', async () => {
    await write();
    const { Author, Novel, Tag, toPlain } = library;
    const em = db.em();
    const author = await em.findById(Author, 1, { populate: ['posts'] });
    const novel = await em.findById(Novel, 2);
    const tag = await em.findById(Tag, 1);
    if (author === null || novel === null) throw new Error('nothing was written');
    expect(toPlain(author)).toEqual({
      id: 1,
      name: 'Ada',
      bio: null,
      role: 'writer',
      settings: { theme: 'dark' },
      createdAt: author.createdAt,
      posts: [1, 2],
      visits: 0,
    });
    expect(JSON.parse(JSON.stringify(novel))).toEqual({
      id: 2,
      title: 'Emma',
      version: 1,
      pages: 474,
      author: 1,
      editor: 1,
      sequel: 1,
    });
    expect(JSON.stringify(tag)).toBe('"maths"');
  });

  it('takes a relation into the key', async () => {
    const { createPersistence, createSchema, declareKeyRelation, sqljs } = library;
    const keyed = await createPersistence({ driver: sqljs(), entities: declareKeyRelation() });
    await createSchema(keyed);
    const part = keyed.registry.entities.find(({ table }) => table === 'parts');
    expect(part?.primaryKey.map(({ name }) => name)).toEqual(['no', 'owner_id']);
    await keyed.close();
  });

  it('runs the hooks that a class declares, in its options and as methods', async () => {
    const { Stamp } = library;
    const em = db.em();
    const stamp = em.create(Stamp, { name: 'first' });
    await em.flush();
    expect(stamp.trace).toEqual(['option', 'method']);
    const other = db.em();
    const [read] = (await other.find(Stamp)) as [Library.Stamp];
    expect([Stamp.loaded.splice(0), other.changes(read).size]).toEqual([['first'], 0]);
    read.name = 'edited';
    await other.flush();
    const [again] = await db.em().find(Stamp);
    expect(again?.trace).toEqual(['option', 'method', 'edited']);
    expect(Stamp.loaded.splice(0)).toEqual(['edited']);
  });

  it('tells of a class above that has no @Mapped', async () => {
    const Next = library.declareStrays();
    const opened = library.createPersistence({ driver: library.sqljs(), entities: [Next] });
    await expect(opened).rejects.toMatchObject({
      code: 'configuration',
      entity: 'next',
      property: 'stray',
      message:
        'next.stray: not a field of this class; is @Mapped missing on a class above, or useDefineForClassFields off?',
    });
  });

  it('refuses what cannot be declared, and goes on with the next class', () => {
    expect(refusalOf(library.declareOrphan)).toMatchObject({
      code: 'configuration',
      message: "@Subtype('orphan'): the class does not extend an entity class",
    });
    expect(refusalOf(library.declareSymbol)).toMatchObject({ code: 'configuration' });
    expect(refusalOf(library.declareNoColumn)).toMatchObject({
      code: 'configuration',
      message: '@Column: name is not a named field with a column such as text()',
    });
    expect(refusalOf(library.declareRefused)).toMatchObject({ code: 'configuration', property: 'then' });
    expect(library.declareKeyRelation()).toHaveLength(2);
  });
});

describe('the compilers under test', () => {
  it.each(decoratorCompilers.filter(({ options }) => options !== null))(
    '$name reads the decorators',
    async ({ name, options }) => {
      const source = await readFile(new URL('../../support/decorated-library.ts', import.meta.url), 'utf8');
      const text = transpile(source, options ?? {});
      expect(/^\s*@Mapped\(/m.test(text)).toBe(name.includes('ESNext'));
      expect(text.includes('__esDecorate')).toBe(!name.includes('ESNext'));
    },
  );
});

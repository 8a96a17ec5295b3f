import { describe, expect } from 'vitest';
import { type EntityManager, isIn, type Persistence } from '../../src/index.ts';
import { computedColumns } from './flush/computed-columns.ts';
import { customTypes } from './flush/custom-types.ts';
import { databaseDefaults } from './flush/database-defaults.ts';
import { enumsAndJson } from './flush/enums-and-json.ts';
import { keyChanges } from './flush/key-changes.ts';
import { uniqueValues } from './flush/unique-values.ts';
import { updateInstants } from './flush/update-instants.ts';
import { validationLaws } from './flush/validation.ts';
import { versions } from './flush/versions.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, Comment, library, Post, Profile, Tag, Topic } from './model/library.ts';
import { Chicken, City, Country, circles, Egg } from './model/shop.ts';
import { watchStatements, writing } from './statements.ts';
import type { Subject } from './subject.ts';

async function get<T extends object>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}

async function openPosts(subject: Subject, count: number): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const author = em.create(Author, { name: 'author' });
  for (let n = 1; n <= count; n += 1) em.create(Post, { title: `post ${n}`, author });
  await em.flush();
  return db;
}

const posts = (em: EntityManager) => em.find(Post, {}, { orderBy: { id: 'asc' } });

const inserts: Laws = {
  'generated keys come to the entities that they belong to': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const created = Array.from({ length: 1000 }, (_, n) => em.create(Tag, { name: `tag ${n}` }));
    await em.flush();
    const rows = new Map((await db.em().find(Tag)).map((tag) => [tag.id, tag.name]));
    expect(created.every((tag) => rows.get(tag.id) === tag.name)).toBe(true);
    expect(new Set(created.map(({ id }) => id)).size).toBe(1000);
  },
  'keys come right beside given ones and after deleted rows': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const given = [
      em.create(Tag, { name: 'a' }),
      em.create(Tag, { id: 50, name: 'b' }),
      em.create(Tag, { name: 'c' }),
      em.create(Tag, { id: 7, name: 'd' }),
    ];
    await em.flush();
    em.remove(...given.slice(1, 2));
    await em.flush();
    const more = [em.create(Tag, { name: 'e' }), em.create(Tag, { name: 'f' })];
    await em.flush();
    for (const tag of [...given.slice(0, 1), ...given.slice(2), ...more]) {
      expect((await get(db.em().findById(Tag, tag.id))).name).toBe(tag.name);
    }
  },
  'rows of one table are written together': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    for (let n = 0; n < 100; n += 1) em.create(Tag, { name: `tag ${n}` });
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(1);
  },
  'a graph of several tables is written in the order of its foreign keys, whatever the order of creation': async (
    subject,
  ) => {
    await using db = await subject.open(library);
    const em = db.em();
    const comment = new Comment({ body: 'first' });
    const post = new Post({ title: 'second' });
    const author = new Author({ name: 'third' });
    comment.post.set(post);
    post.author.set(author);
    em.persist(comment, post, author);
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts).map((text) => /INSERT INTO \W(\w+)/.exec(text)?.[1])).toEqual([
      'authors',
      'posts',
      'comments',
    ]);
    expect([comment.post.id, post.author.id]).toEqual([post.id, author.id]);
  },
  'defaults, versions and NULL are filled in, and the entity is as its row': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const author = em.create(Author, { name: 'a' });
    const post = em.create(Post, { title: 't', author });
    await em.flush();
    expect([post.views, post.version, post.publishedAt, author.email]).toEqual([0, 1, null, null]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a missing value is refused with entity and property before any statement': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    em.create(Author, { name: 'fine' });
    em.create(Tag, {} as never);
    const statements = watchStatements(db);
    expect(await expectCode(() => em.flush(), 'validation')).toMatchObject({ entity: 'tags', property: 'name' });
    expect(statements.texts).toEqual([]);
    expect(await db.em().count(Author)).toBe(0);
  },
  'a key that the database handed out again belongs to the new row only': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const old = em.create(Tag, { name: 'old' });
    await em.flush();
    const other = db.em();
    other.remove(await get(other.findById(Tag, old.id)));
    await other.flush();
    const fresh = em.create(Tag, { name: 'new' });
    await em.flush();
    if (fresh.id === old.id) expect(em.stateOf(old)).toBe('detached');
    old.name = 'ghost';
    fresh.name = 'renamed';
    await em.flush().catch(() => undefined);
    expect((await db.em().find(Tag)).map(({ name }) => name)).not.toContain('ghost');
    expect((await em.findById(Tag, fresh.id)) === fresh).toBe(true);
  },
};

const circular: Laws = {
  'rows that refer to each other in one table are written together, however deep they go': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    let parent: Topic | null = null;
    const chain: Topic[] = [];
    for (let n = 0; n < 10_000; n += 1) {
      parent = em.create(Topic, { name: `${n}`, parent });
      chain.push(parent);
    }
    const statements = watchStatements(db);
    await em.flush();
    expect(statements.texts.length).toBeLessThanOrEqual(102);
    const read = await db.em().find(Topic, {}, { orderBy: { id: 'asc' } });
    expect(read.map((topic) => topic.parent.id)).toEqual([null, ...chain.slice(0, -1).map(({ id }) => id)]);
    expect(read.map(({ name }) => name)).toEqual(chain.map(({ name }) => name));
  },
  'the order of creation does not matter within a table': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const topics = Array.from({ length: 50 }, (_, n) => em.create(Topic, { name: `${n}` }));
    for (const [n, topic] of topics.entries()) topic.parent.set(topics[n + 1] ?? null);
    await em.flush();
    const read = await db.em().find(Topic, {}, { populate: ['parent'] });
    for (const topic of read)
      expect(topic.parent.get()?.name ?? null).toBe(topic.name === '49' ? null : `${Number(topic.name) + 1}`);
  },
  'a row that refers to itself is written': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const topic = em.create(Topic, { name: 'self' });
    topic.parent.set(topic);
    await em.flush();
    expect(topic.parent.id).toBe(topic.id);
    expect((await get(db.em().findById(Topic, topic.id))).parent.id).toBe(topic.id);
    em.remove(topic);
    await em.flush();
    expect(await db.em().count(Topic)).toBe(0);
  },
  'a circle in one table is closed by an update': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const ring = Array.from({ length: 5 }, (_, n) => em.create(Topic, { name: `${n}` }));
    for (const [n, topic] of ring.entries()) topic.parent.set(ring[(n + 1) % ring.length] as Topic);
    await em.flush();
    expect((await em.plan()).statements).toEqual([]);
    const read = await db.em().find(Topic, {}, { populate: ['parent'], orderBy: { id: 'asc' } });
    for (const topic of read) expect(topic.parent.get()?.name).toBe(`${(Number(topic.name) + 1) % 5}`);
  },
  'a circle over two tables is closed where the key may be NULL': async (subject) => {
    await using db = await subject.open(circles);
    const em = db.em();
    const country = em.create(Country, { name: 'France' });
    const capital = em.create(City, { name: 'Paris', country });
    country.capital.set(capital);
    em.create(City, { name: 'Lyon', country });
    await em.flush();
    const [read] = await db.em().find(Country, {}, { populate: ['capital.country', 'cities'] });
    expect([read?.capital.get()?.name, read?.capital.get()?.country.get().name, read?.cities.length]).toEqual([
      'Paris',
      'France',
      2,
    ]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a circle over two tables is deleted where the key may be NULL': async (subject) => {
    await using db = await subject.open(circles);
    const em = db.em();
    const country = em.create(Country, { name: 'France' });
    const capital = em.create(City, { name: 'Paris', country });
    country.capital.set(capital);
    await em.flush();
    em.remove(country, capital);
    await em.flush();
    expect([await db.em().count(Country), await db.em().count(City)]).toEqual([0, 0]);
  },
  'a circle that cannot be written names its tables, and writes nothing': async (subject) => {
    await using db = await subject.open(circles);
    const em = db.em();
    const chicken = new Chicken({});
    const egg = new Egg({});
    chicken.egg.set(egg);
    egg.chicken.set(chicken);
    em.persist(chicken, egg);
    em.create(Country, { name: 'innocent' });
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error.message).toMatch(/chickens -> eggs -> chickens|eggs -> chickens -> eggs/);
    expect(await db.em().count(Country)).toBe(0);
  },
};

const updates: Laws = {
  'only changed columns of changed entities are written': async (subject) => {
    await using db = await openPosts(subject, 3);
    const em = db.em();
    const [first] = await posts(em);
    if (first === undefined) throw new Error('no post');
    first.title = 'changed';
    const [statement, ...others] = writing((await em.plan()).statements);
    expect(others).toEqual([]);
    expect(statement).toMatch(/UPDATE \Wposts\W SET \Wtitle\W = \S+, \Wversion\W = \S+ (?:FROM|WHERE)/);
    await em.flush();
    expect((await posts(db.em())).map(({ title }) => title)).toEqual(['changed', 'post 2', 'post 3']);
  },
  'three hundred rows with the same changed columns are one statement': async (subject) => {
    await using db = await openPosts(subject, 300);
    const em = db.em();
    for (const post of await posts(em)) post.title = `new ${post.id}`;
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(1);
    expect((await posts(db.em())).every((post) => post.title === `new ${post.id}` && post.version === 2)).toBe(true);
  },
  'different changes become a statement for each set of columns': async (subject) => {
    await using db = await openPosts(subject, 30);
    const em = db.em();
    for (const post of await posts(em)) {
      if (post.id % 3 !== 0) post.title = 'new';
      if (post.id % 3 !== 1) post.views = post.id;
    }
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(3);
    for (const post of await posts(db.em())) {
      expect([post.title === 'new', post.views === post.id]).toEqual([post.id % 3 !== 0, post.id % 3 !== 1]);
    }
  },
  'a change that is taken back by hand is none': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const [post] = await posts(em);
    if (post === undefined) throw new Error('no post');
    const author = await post.author.load();
    post.title = 'x';
    post.title = 'post 1';
    post.editor.set(author);
    post.editor.set(null);
    post.author.set(author);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a foreign key to a new row is written after it': async (subject) => {
    await using db = await openPosts(subject, 2);
    const em = db.em();
    const editor = em.create(Author, { name: 'editor' });
    for (const post of await posts(em)) post.editor.set(editor);
    await em.flush();
    expect(await db.em().count(Post, { editor: { name: 'editor' } })).toBe(2);
  },
  'a value that does not fit is refused with entity and property': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const [post] = await posts(em);
    if (post === undefined) throw new Error('no post');
    for (const bad of [null, undefined, 7]) {
      post.title = bad as never;
      expect(await expectCode(() => em.flush(), 'validation')).toMatchObject({ entity: 'posts', property: 'title' });
    }
    expect((await posts(db.em()))[0]).toMatchObject({ title: 'post 1', version: 1 });
  },
};

const deletes: Laws = {
  'many rows are deleted by one statement': async (subject) => {
    await using db = await openPosts(subject, 1000);
    const em = db.em();
    em.remove(...(await em.find(Tag)), ...(await posts(em)));
    const statements = watchStatements(db);
    await em.flush();
    // The cascade of removals asks for comments; links go with their rows.
    expect(statements.texts.filter((text) => /\bDELETE\b/.test(text))).toHaveLength(1);
    expect(await db.em().count(Post)).toBe(0);
  },
  'rows are deleted before those that they refer to': async (subject) => {
    await using db = await openPosts(subject, 2);
    const em = db.em();
    const [first] = await posts(em);
    em.create(Comment, { body: 'c', post: first as Post });
    await em.flush();
    em.remove(...(await em.find(Author)), ...(await em.find(Comment)), ...(await posts(em)));
    await em.flush();
    expect([await db.em().count(Author), await db.em().count(Post), await db.em().count(Comment)]).toEqual([0, 0, 0]);
  },
  'a new entity that is removed is never written': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const tag = em.create(Tag, { name: 'never' });
    em.remove(tag);
    expect([em.stateOf(tag), (await em.plan()).statements]).toEqual(['transient', []]);
  },
  'persist takes a removal back': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const [post] = await posts(em);
    em.remove(post as Post);
    em.persist(post as Post);
    await em.flush();
    expect(await db.em().count(Post)).toBe(1);
  },
  'a row that refers to one that is to be removed is refused': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const [editor, author] = [em.create(Author, { name: 'gone' }), await get(em.findById(Author, 1))];
    await em.flush();
    em.remove(editor);
    em.create(Post, { title: 'x', author, editor });
    await expectCode(() => em.flush(), 'validation');
  },
  'only what this EntityManager knows can be removed': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    await expectCode(() => em.remove(new Tag({ name: 'x' })), 'validation');
    const [foreign] = await posts(db.em());
    await expectCode(() => em.remove(foreign as Post), 'validation');
    await expectCode(() => em.remove({} as never), 'validation');
    await expectCode(() => em.persist(null as never), 'validation');
    await expectCode(() => em.persist({ id: 1 } as never), 'validation');
  },
  'a removed and flushed entity is detached, and cannot be persisted again': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const [post] = (await posts(em)) as [Post];
    em.remove(post);
    await em.flush();
    expect(em.stateOf(post)).toBe('detached');
    await expectCode(() => em.persist(post), 'validation');
    await expectCode(() => em.remove(post), 'validation');
  },
};

const memory: Laws = {
  'a second flush sends nothing': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const author = em.create(Author, { name: 'a', email: 'e', rating: 1.5, settings: { theme: 'x' } });
    em.create(Profile, { id: '00000000-0000-4000-8000-000000000001', site: 's', author });
    const post = em.create(Post, {
      title: 't',
      author,
      editor: author,
      publishedAt: new Date(0),
      tags: [em.create(Tag, { name: 't' })],
    });
    em.create(Comment, { body: 'b', post });
    await em.flush();
    const statements = watchStatements(db);
    await em.flush();
    post.title = 'u';
    post.tags.clear();
    await em.flush();
    statements.reset();
    await em.flush();
    expect(statements.texts).toEqual([]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'plan() shows what flush() sends, and sends nothing itself': async (subject) => {
    await using db = await openPosts(subject, 2);
    const em = db.em();
    const [first, second] = (await posts(em)) as [Post, Post];
    first.title = 'x';
    second.tags.add(em.create(Tag, { name: 'a' }));
    em.create(Topic, { name: 'p', parent: em.create(Topic, { name: 'q' }) });
    const statements = watchStatements(db);
    const plan = await em.plan();
    expect(statements.texts).toEqual([]);
    await em.flush();
    expect(statements.texts).toEqual(plan.statements);
  },
  'states follow an entity through its life': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const tag = new Tag({ name: 'a' });
    const states = [em.stateOf(tag)];
    em.persist(tag);
    states.push(em.stateOf(tag));
    await em.flush();
    states.push(em.stateOf(tag));
    em.remove(tag);
    states.push(em.stateOf(tag));
    await em.flush();
    states.push(em.stateOf(tag));
    expect(states).toEqual(['transient', 'pending', 'persistent', 'deleted', 'detached']);
    const other = em.create(Tag, { name: 'b' });
    await em.flush();
    em.clear();
    expect(em.stateOf(other)).toBe('detached');
  },
  'changes() tells the edits of columns and to-one relations': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const post = await get(em.findById(Post, 1));
    const author = await post.author.load();
    expect(em.changes(post).size).toBe(0);
    post.title = 'x';
    post.publishedAt = new Date(5);
    post.editor.set(author);
    expect(Object.fromEntries(em.changes(post))).toEqual({
      title: { before: 'post 1', after: 'x' },
      publishedAt: { before: null, after: new Date(5) },
      editor: { before: null, after: 1 },
    });
    await em.flush();
    expect(em.changes(post).size).toBe(0);
    expect(em.changes(new Tag({ name: 'x' })).size).toBe(0);
  },
  'revert() takes the edits of an entity back': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const post = await get(em.findById(Post, 1));
    post.title = 'x';
    post.publishedAt = new Date(5);
    em.remove(post);
    em.revert(post);
    expect([post.title, post.publishedAt, em.stateOf(post), em.changes(post).size]).toEqual([
      'post 1',
      null,
      'persistent',
      0,
    ]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'refresh() reads a row anew, and gives the edits up': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const post = await get(em.findById(Post, 1, { populate: ['tags', 'author'] }));
    const other = db.em();
    const theirs = await get(other.findById(Post, 1));
    theirs.title = 'theirs';
    theirs.tags.add(other.create(Tag, { name: 'theirs' }));
    await other.flush();
    post.title = 'mine';
    await em.refresh(post);
    expect([post.title, post.version, em.changes(post).size, post.tags.isLoaded]).toEqual(['theirs', 2, 0, false]);
    expect((await post.tags.load()).map(({ name }) => name)).toEqual(['theirs']);
    other.remove(theirs);
    await other.flush();
    await expectCode(() => em.refresh(post), 'not-found');
    await expectCode(() => em.refresh(new Tag({ name: 'x' })), 'validation');
  },
  'clear() forgets entities and unflushed work': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const post = await get(em.findById(Post, 1));
    post.title = 'lost';
    em.create(Tag, { name: 'lost' });
    em.clear();
    await em.flush();
    expect([await db.em().count(Tag), (await get(db.em().findById(Post, 1))).title]).toEqual([0, 'post 1']);
    expect((await em.findById(Post, 1)) === post).toBe(false);
    await expectCode(() => em.persist(post), 'validation');
  },
  'edits that are made while a flush runs are kept for the next': async (subject) => {
    await using db = await openPosts(subject, 2);
    const em = db.em();
    await em.find(Post, {}, { populate: ['tags'] });
    const [first, second] = (await posts(em)) as [Post, Post];
    const [a, b] = [em.create(Tag, { name: 'a' }), em.create(Tag, { name: 'b' })];
    await em.flush();
    const editor = await get(em.findById(Author, 1));
    first.title = 'once';
    first.tags.add(a);
    const fresh = em.create(Tag, { name: 'fresh' });
    const gone = em.create(Tag, { name: 'gone' });
    const stop = db.on('statement', ({ sql }) => {
      if (!/\bUPDATE\b/.test(sql)) return;
      stop();
      first.title = 'twice';
      first.editor.set(editor);
      first.tags.remove(a);
      first.tags.add(b);
      second.views = 7;
      fresh.name = 'renamed';
      em.create(Tag, { name: 'later' });
      em.remove(gone);
    });
    await em.flush();
    const between = await get(db.em().findById(Post, 1, { populate: ['tags'] }));
    expect([between.title, between.editor.id]).toEqual(['once', null]);
    await em.flush();
    const [one, two] = await db.em().find(Post, {}, { populate: ['tags'], orderBy: { id: 'asc' } });
    expect([one?.title, one?.editor.id, one?.tags.toArray().map(({ name }) => name), two?.views]).toEqual([
      'twice',
      1,
      ['b'],
      7,
    ]);
    expect(
      (await db.em().find(Tag, { name: isIn(['renamed', 'fresh', 'later', 'gone']) })).map(({ name }) => name).sort(),
    ).toEqual(['later', 'renamed']);
    expect((await em.plan()).statements).toEqual([]);
  },
  'flushes at the same time run one after the other, and write everything once': async (subject) => {
    await using db = await openPosts(subject, 1);
    const em = db.em();
    const all: Promise<void>[] = [];
    for (let n = 0; n < 10; n += 1) {
      em.create(Tag, { name: `tag ${n}` });
      all.push(em.flush());
    }
    await Promise.all(all);
    expect(await db.em().count(Tag)).toBe(10);
  },
  'a hundred thousand entities are written in one flush': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    for (let n = 0; n < 100_000; n += 1) em.create(Topic, { name: `topic ${n}` });
    await em.flush();
    expect(await db.em().count(Topic)).toBe(100_000);
  },
};

/** The unit of work: what is written, in which order and how many statements, and what memory knows afterwards. */
export function flushSuite(subject: Subject): void {
  describe(`${subject.name}: flush`, () => {
    registerLaws(subject, 'flush', {
      ...inserts,
      ...circular,
      ...updates,
      ...deletes,
      ...memory,
      ...uniqueValues,
      ...keyChanges,
      ...versions,
      ...databaseDefaults,
      ...computedColumns,
      ...updateInstants,
      ...validationLaws,
      ...customTypes,
      ...enumsAndJson,
    });
  });
}

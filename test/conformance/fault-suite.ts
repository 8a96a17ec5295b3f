import { describe, expect } from 'vitest';
import type { EntityManager, EntityState, Persistence } from '../../src/index.ts';
import { PersistenceError as AnyError, DriverError, type PersistenceError } from '../../src/port.ts';
import { type RecordingDriver, recordingDriver } from '../support/recording-driver.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, Comment, library, Post, Profile, Tag, Topic } from './model/library.ts';
import type { Subject } from './subject.ts';

interface Faulty {
  readonly db: Persistence;
  readonly driver: RecordingDriver;
}

async function open(subject: Subject): Promise<Faulty> {
  let driver: RecordingDriver | undefined;
  const db = await subject.open(library, (inner) => {
    driver = recordingDriver(inner);
    return driver;
  });
  if (driver === undefined) throw new Error('the subject does not wrap its driver');
  const em = db.em();
  const [ada, bob] = [em.create(Author, { name: 'Ada' }), em.create(Author, { name: 'Bob' })];
  const tags = ['a', 'b', 'c'].map((name) => em.create(Tag, { name }));
  for (const n of [1, 2, 3, 4]) {
    const post = em.create(Post, { title: `post ${n}`, author: n % 2 === 0 ? ada : bob, tags: tags.slice(0, n % 3) });
    em.create(Comment, { body: `comment ${n}`, post });
  }
  await em.flush();
  return { db, driver };
}

/**
 * The same with each key replaced by its rank among those of its table: an engine may leave out keys of rows that were
 * taken back. Keys keep their order, so that a row with the key of another still shows.
 */
function ranked(contents: string): string {
  const tables = JSON.parse(contents) as Record<string, unknown>[][];
  const [authors, posts, tags, topics, profiles] = tables.map((rows) => rows.map(({ id }) => id));
  const comments = tables[1]?.flatMap(({ comments: ids }) => ids).sort((a, b) => Number(a) - Number(b));
  const places = {
    author: authors,
    editor: authors,
    profile: profiles,
    tags,
    comments,
    parent: topics,
    similar: topics,
  };
  const rank = (keys: readonly unknown[] = [], key: unknown): unknown =>
    Array.isArray(key) ? key.map((one) => keys.indexOf(one)) : key === null ? null : keys.indexOf(key);
  return JSON.stringify(
    tables.map((rows, table) =>
      rows.map((row) =>
        Object.entries(row).map(([name, value]) => {
          const keys = name === 'id' ? [authors, posts, tags, topics, profiles][table] : places[name as 'author'];
          return [name, keys === undefined ? value : rank(keys, value)];
        }),
      ),
    ),
  );
}

/** Everything that the database holds, as text. */
async function contents(db: Persistence): Promise<string> {
  const em = db.em();
  const byId = { orderBy: { id: 'asc' } } as const;
  return JSON.stringify([
    await em.find(Author, {}, { populate: ['profile'], ...byId }),
    await em.find(Post, {}, { populate: ['tags', 'comments'], ...byId }),
    await em.find(Tag, {}, byId),
    await em.find(Topic, {}, { populate: ['similar'], ...byId }),
    await em.find(Profile, {}, byId),
  ]);
}

/** What memory knows of the entities of a scenario. */
function picture(em: EntityManager, entities: readonly object[]): unknown {
  return entities.map((entity): [EntityState, unknown, unknown] => [
    em.stateOf(entity),
    em.stateOf(entity) === 'detached' ? null : Object.fromEntries(em.changes(entity)),
    Object.fromEntries(
      Object.entries(entity).filter(
        ([, value]) => typeof value !== 'object' || value === null || value instanceof Date,
      ),
    ),
  ]);
}

/** Makes edits, and gives the entities whose memory is to be compared. */
type Scenario = (em: EntityManager) => Promise<readonly object[]>;

const scenarios: Readonly<Record<string, Scenario>> = {
  'new rows of several tables with links': async (em) => {
    const author = em.create(Author, { name: 'new', email: 'new@x' });
    const profile = em.create(Profile, { id: '00000000-0000-4000-8000-000000000009', site: 's', author });
    const tag = em.create(Tag, { name: 'new' });
    const posts = [1, 2, 3].map((n) => em.create(Post, { title: `new ${n}`, author, tags: [tag] }));
    return [author, profile, tag, ...posts, em.create(Comment, { body: 'new', post: posts[0] as Post })];
  },
  'a tree, a ring and links within one table': async (em) => {
    const root = em.create(Topic, { name: 'root' });
    const child = em.create(Topic, { name: 'child', parent: root });
    const ring = [em.create(Topic, { name: 'x' }), em.create(Topic, { name: 'y' })] as const;
    ring[0].parent.set(ring[1]);
    ring[1].parent.set(ring[0]);
    child.similar.add(root, ...ring);
    return [root, child, ...ring];
  },
  'updates of several shapes, a move and a new editor': async (em) => {
    const posts = await em.find(Post, {}, { orderBy: { id: 'asc' }, populate: ['author', 'tags'] });
    const [one, two, three, four] = posts as unknown as [Post, Post, Post, Post];
    one.title = 'changed';
    two.views = 9;
    two.title = 'changed';
    three.author.set(await four.author.load());
    four.editor.set(em.create(Author, { name: 'editor' }));
    return posts;
  },
  'removals that cascade, beside everything else': async (em) => {
    const posts = await em.find(Post, {}, { orderBy: { id: 'asc' }, populate: ['comments', 'tags'] });
    const [one, two, three, four] = posts;
    if (one === undefined || two === undefined || three === undefined || four === undefined)
      throw new Error('four posts');
    em.remove(one);
    two.comments.clear();
    two.tags.clear();
    three.tags.set([em.create(Tag, { name: 'fresh' })]);
    four.views = 1;
    const comment = em.create(Comment, { body: 'fresh', post: four });
    return [...posts, comment, ...two.tags];
  },
};

/** The error that stands for a lost connection, or for any other failure in the middle of a flush. */
const fault = (): PersistenceError => new DriverError('an injected fault');

/** Fails each statement in turn, until the flush gets through; after each failure all is as before, and a retry works. */
async function failEach(subject: Subject, scenario: Scenario): Promise<void> {
  const reference = await open(subject);
  const direct = reference.db.em();
  await scenario(direct);
  await direct.flush();
  const wanted = ranked(await contents(reference.db));
  await reference.db.close();
  let failures = 0;
  for (let place = 1; ; place += 1) {
    const { db, driver } = await open(subject);
    const before = await contents(db);
    const em = db.em();
    const entities = await scenario(em);
    const plan = await em.plan();
    const memory = picture(em, entities);
    driver.failAt({ at: place, error: fault() });
    const failed = await em.flush().then(
      () => false,
      (error: unknown) => {
        expect(error).toBeInstanceOf(AnyError);
        return true;
      },
    );
    if (!driver.raised) {
      expect(failed).toBe(false);
      await db.close();
      break;
    }
    failures += 1;
    expect(await contents(db), `the database after statement ${place} failed`).toBe(before);
    expect(picture(em, entities), `memory after statement ${place} failed`).toEqual(memory);
    expect((await em.plan()).statements).toEqual(plan.statements);
    await em.flush();
    expect(ranked(await contents(db)), `the database after the retry of statement ${place}`).toBe(wanted);
    driver.reset();
    await em.flush();
    expect(driver.count).toBe(0);
    await db.close();
  }
  expect(failures).toBeGreaterThan(2);
}

const everyStatement: Laws = Object.fromEntries(
  Object.entries(scenarios).map(([name, scenario]) => [
    `whichever statement fails, nothing is written, memory is as before, and a retry writes all once: ${name}`,
    (subject: Subject) => failEach(subject, scenario),
  ]),
);

const violations: Laws = {
  'a violated constraint leaves everything as it was, and the retry writes the union': async (subject) => {
    const { db } = await open(subject);
    const em = db.em();
    const good = em.create(Tag, { name: 'good' });
    const bad = em.create(Tag, { name: 'a' });
    const [post] = await em.find(Post, { title: 'post 1' });
    if (post === undefined) throw new Error('no post');
    post.title = 'edited';
    await expectCode(() => em.flush(), 'unique-violation');
    expect([good.id, bad.id, em.stateOf(good), em.stateOf(bad), post.version]).toEqual([
      undefined,
      undefined,
      'pending',
      'pending',
      1,
    ]);
    bad.name = 'better';
    const more = em.create(Tag, { name: 'more' });
    await em.flush();
    const read = await db.em().find(Tag, {}, { orderBy: { id: 'asc' } });
    expect(read.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'good', 'better', 'more']);
    expect([good.id, bad.id, more.id]).toEqual(read.slice(3).map(({ id }) => id));
    expect(post.version).toBe(2);
    await db.close();
  },
  'a COMMIT that fails leaves memory as it was': async (subject) => {
    const { db, driver } = await open(subject);
    const em = db.em();
    const tag = em.create(Tag, { name: 'new' });
    driver.failAt({ at: 'commit', error: fault() });
    await expectCode(() => em.flush(), 'driver');
    expect([driver.raised, tag.id, em.stateOf(tag), await db.em().count(Tag)]).toEqual([true, undefined, 'pending', 3]);
    await em.flush();
    expect(await db.em().count(Tag)).toBe(4);
    await db.close();
  },
  'a read that fails is that error, and the next read works': async (subject) => {
    const { db, driver } = await open(subject);
    const em = db.em();
    const error = fault();
    driver.failAt({ at: 1, error });
    await expect(em.find(Post)).rejects.toBe(error);
    const posts = await em.find(Post);
    driver.failAt({ at: 1, error });
    await expect(Promise.all(posts.map((post) => post.comments.load()))).rejects.toBe(error);
    expect((await Promise.all(posts.map((post) => post.comments.load()))).flat()).toHaveLength(4);
    await db.close();
  },
  'a fault inside a transaction is one error, and takes the whole transaction back': async (subject) => {
    const { db, driver } = await open(subject);
    const before = await contents(db);
    const em = db.em();
    const error = fault();
    // Each flush inside of a transaction is a savepoint, an INSERT, and a release.
    driver.failAt({ at: 5, error });
    const failing = em.transaction(async (tx) => {
      tx.create(Tag, { name: 'one' });
      await tx.flush();
      tx.create(Tag, { name: 'two' });
      await tx.flush();
    });
    await expect(failing).rejects.toBe(error);
    expect(await contents(db)).toBe(before);
    await em.flush();
    expect((await db.em().find(Tag, {}, { orderBy: { id: 'asc' } })).map(({ name }) => name)).toEqual([
      'a',
      'b',
      'c',
      'one',
      'two',
    ]);
    await db.close();
  },
  'an aborted EntityManager sends nothing': async (subject) => {
    const { db } = await open(subject);
    const controller = new AbortController();
    const em = db.em({ signal: controller.signal });
    const [post] = await em.find(Post);
    controller.abort();
    await expectCode(() => em.find(Post), 'aborted');
    (post as Post).title = 'aborted';
    await expectCode(() => em.flush(), 'aborted');
    expect(await db.em().count(Post, { title: 'aborted' })).toBe(0);
    await db.close();
  },
};

/** A flush is all or nothing, in the database and in memory, wherever it fails. */
export function faultSuite(subject: Subject): void {
  describe(`${subject.name}: failing flushes`, () => {
    registerLaws(subject, 'failing flushes', { ...everyStatement, ...violations });
  });
}

import { expect } from 'vitest';
import { type Failure, type MemoryDriver, memory } from '../../../adapters/memory/index.ts';
import type { EntityManager, Persistence, TransactionOptions } from '../../../src/index.ts';
import { sql } from '../../../src/index.ts';
import { DeadlockError, SerializationFailureError, UniqueViolationError } from '../../../src/port.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Author, library, Post, Tag } from '../model/library.ts';
import type { Subject } from '../subject.ts';

interface Opened extends AsyncDisposable {
  readonly db: Persistence;
  readonly driver: MemoryDriver;
}

async function open(subject: Subject): Promise<Opened> {
  let driver: MemoryDriver | undefined;
  const db = await subject.open(library, (inner) => {
    driver = memory({ backing: inner });
    return driver;
  });
  if (driver === undefined) throw new Error('the subject does not wrap its driver');
  const em = db.em();
  const author = em.create(Author, { name: 'author' });
  em.create(Post, { title: 'post', author, tags: [em.create(Tag, { name: 'old' })] });
  await em.flush();
  driver.reset();
  return { db, driver, [Symbol.asyncDispose]: () => db.close() };
}

const quickly = { attempts: 4, backoff: 0 };
const COMMIT = /^COMMIT$/;
const conflict = () => new SerializationFailureError('somebody was faster');
const names = async (db: Persistence): Promise<string[]> =>
  (await db.em().find(Tag, {}, { orderBy: { id: 'asc' } })).map(({ name }) => name);

/** Runs work whose first tries fail, one with each fault; gives how often it was tried. */
async function tries(
  { db, driver }: Opened,
  faults: readonly Failure[],
  work: (tx: EntityManager) => Promise<unknown>,
  options: TransactionOptions = {},
  em: EntityManager = db.em(),
): Promise<number> {
  let tried = 0;
  await em.transaction(
    async (tx) => {
      const fault = faults[tried];
      tried += 1;
      if (fault !== undefined) driver.fail(fault);
      await work(tx);
    },
    { retry: quickly, ...options },
  );
  return tried;
}

/** What conflicts lead to. */
export const retryLaws: Laws = {
  'a transaction that met another one is tried again from its beginning': async (subject) => {
    await using opened = await open(subject);
    const faults: Failure[] = [
      { at: 1, error: conflict() },
      { match: COMMIT, error: new DeadlockError('a ring of locks') },
    ];
    const work = async (tx: EntityManager) => void tx.create(Tag, { name: 'new' });
    expect(await tries(opened, faults, work)).toBe(3);
    expect(await names(opened.db)).toEqual(['old', 'new']);
  },
  'each try finds the entities as they are in the database then': async (subject) => {
    await using opened = await open(subject);
    const { db } = opened;
    const em = db.em();
    const known = (await em.findOne(Author, {})) as Author;
    const seen: unknown[] = [];
    const made: Tag[] = [];
    const loaded: Post[] = [];
    const work = async (tx: EntityManager) => {
      seen.push([known.name, known.rating, await known.posts.count()]);
      const [post] = (await tx.find(Post, {}, { populate: ['tags'] })) as unknown as [
        Post & { tags: { toArray(): Tag[]; add(tag: Tag): void } },
      ];
      loaded.push(post);
      seen.push([post.views, post.tags.toArray().map(({ name }) => name)]);
      known.rating = (known.rating ?? 0) + 1;
      post.views += 1;
      made.push(tx.create(Tag, { name: `made ${made.length}` }));
      post.tags.add(made.at(-1) as Tag);
      await tx.flush();
      if (made.length > 1) return;
      throw conflict();
    };
    const failing = em.transaction(
      async (tx) => {
        if (made.length === 1) {
          expect([tx.stateOf(made[0] as Tag), tx.stateOf(loaded[0] as Post)]).toEqual(['transient', 'detached']);
        }
        await work(tx);
      },
      { retry: quickly },
    );
    await failing;
    expect(seen).toEqual([
      ['author', null, 1],
      [0, ['old']],
      ['author', null, 1],
      [0, ['old']],
    ]);
    expect([em.stateOf(known), known.rating, em.stateOf(made[1] as Tag)]).toEqual(['persistent', 1, 'persistent']);
    const [post] = (await db.em().find(Post, {}, { populate: ['tags'] })) as unknown as [
      Post & { tags: { toArray(): Tag[] } },
    ];
    expect([
      post.views,
      post.version,
      post.tags
        .toArray()
        .map(({ name }) => name)
        .sort(),
    ]).toEqual([1, 2, ['made 1', 'old']]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'entities that were known before are read anew, and detached where they are gone': async (subject) => {
    await using opened = await open(subject);
    const { db } = opened;
    const em = db.em();
    const author = (await em.findOne(Author, {})) as Author;
    const post = (await em.findOne(Post, {})) as Post;
    const tag = (await em.findOne(Tag, {})) as Tag;
    await db.em().execute(sql`UPDATE authors SET name = ${'renamed'}`);
    await db.em().execute(sql`DELETE FROM post_tags`);
    await db.em().execute(sql`DELETE FROM tags`);
    const seen: unknown[] = [];
    const work = async (tx: EntityManager) => {
      seen.push([author.name, tx.stateOf(tag), (await post.tags.load()).length]);
      author.rating = 3;
      await tx.count(Post);
    };
    expect(await tries(opened, [{ at: 2, error: conflict() }], work, {}, em)).toBe(2);
    expect(seen).toEqual([
      ['author', 'persistent', 0],
      ['renamed', 'detached', 0],
    ]);
    expect(await db.em().findOne(Author, {})).toMatchObject({ name: 'renamed', rating: 3 });
  },
  'the last failure is the answer, and leaves memory as any rolled-back transaction does': async (subject) => {
    await using opened = await open(subject);
    const { db } = opened;
    const em = db.em();
    const errors = [conflict(), conflict(), conflict(), conflict()];
    const made: Tag[] = [];
    const failing = tries(
      opened,
      errors.map((error) => ({ match: COMMIT, error })),
      async (tx) => void made.push(tx.create(Tag, { name: 'new' })),
      {},
      em,
    );
    await expect(failing).rejects.toBe(errors[3]);
    expect(made.map((tag) => [tag.id, em.stateOf(tag)])).toEqual([
      ...[1, 2, 3].map(() => [undefined, 'transient']),
      [undefined, 'pending'],
    ]);
    expect(await names(db)).toEqual(['old']);
    await em.flush();
    expect(await names(db)).toEqual(['old', 'new']);
  },
  'nothing is tried again that may be in the database, that another try does not help, or that nobody asked for':
    async (subject) => {
      await using opened = await open(subject);
      const { db } = opened;
      const lost = new SerializationFailureError('the answer was lost', { outcome: 'unknown' });
      const hopeless = new SerializationFailureError('never', { retryable: false });
      const work = async (tx: EntityManager) => void tx.create(Tag, { name: 'new' });
      for (const error of [lost, hopeless, new UniqueViolationError('there already')]) {
        await expect(tries(opened, [{ match: COMMIT, error }], work)).rejects.toBe(error);
      }
      const unasked = conflict();
      opened.driver.fail({ match: COMMIT, error: unasked });
      await expect(db.transaction(work)).rejects.toBe(unasked);
      const own = new Error('of the application');
      await expect(db.transaction(() => Promise.reject(own), { retry: quickly })).rejects.toBe(own);
      expect(await names(db)).toEqual(['old']);
    },
  'an abort between two tries leaves nothing of the failed one in memory': async (subject) => {
    await using opened = await open(subject);
    const em = opened.db.em();
    const author = (await em.findOne(Author, {})) as Author;
    const stop = new AbortController();
    const failing = em.transaction(
      async (tx) => {
        tx.create(Post, { title: 'new', author });
        expect(await author.posts.load()).toHaveLength(2);
        setTimeout(() => stop.abort(), 20);
        throw conflict();
      },
      { retry: { backoff: 10_000, maxBackoff: 10_000 }, signal: stop.signal },
    );
    await expectCode(() => failing, 'aborted');
    expect([author.posts.isLoaded, (await em.plan()).statements]).toEqual([false, []]);
    expect((await author.posts.load()).map((post) => [post.title, em.stateOf(post)])).toEqual([['post', 'persistent']]);
  },
  'the codes may be chosen: a stale entity, too': async (subject) => {
    await using opened = await open(subject);
    const { db } = opened;
    const em = db.em();
    const post = (await em.findOne(Post, {})) as Post;
    await db.em().execute(sql`UPDATE posts SET version = ${5}, views = ${7}`);
    const increment = async () => {
      post.views += 1;
    };
    await expectCode(() => em.transaction(increment, { retry: quickly }), 'stale-entity');
    em.revert();
    await em.transaction(increment, { retry: { ...quickly, codes: ['stale-entity'] } });
    expect(await db.em().findOne(Post, {})).toMatchObject({ views: 8, version: 6 });
  },
  'only the outermost transaction is tried again': async (subject) => {
    await using opened = await open(subject);
    const { db, driver } = opened;
    for (const propagation of ['nested', 'required'] as const) {
      const counts = { outer: 0, inner: 0 };
      const outer = async (tx: EntityManager) => {
        counts.outer += 1;
        await tx.transaction(
          async (inner) => {
            counts.inner += 1;
            if (counts.inner === 1) driver.fail({ at: 1, error: conflict() });
            await inner.count(Tag);
          },
          { propagation, retry: quickly },
        );
      };
      await db.transaction(outer, { retry: quickly });
      expect(counts).toEqual({ outer: 2, inner: 2 });
      counts.inner = 0;
      await expectCode(() => db.transaction(outer), 'serialization-failure');
      expect(counts).toEqual({ outer: 3, inner: 1 });
    }
  },
  'unflushed edits from before are refused, since a second try would not make them again': async (subject) => {
    await using opened = await open(subject);
    const { db, driver } = opened;
    const em = db.em();
    em.create(Tag, { name: 'before' });
    const work = async (tx: EntityManager) => tx.count(Tag);
    await expectCode(() => em.transaction(work, { retry: quickly }), 'validation');
    expect(driver.texts).toEqual([]);
    await em.flush();
    expect(await em.transaction(work, { retry: quickly })).toBe(2);
  },
  'a misspelt policy is a validation error': async (subject) => {
    await using opened = await open(subject);
    const { db, driver } = opened;
    for (const retry of [
      { attempts: 0 },
      { attempts: 1.5 },
      { backoff: -1 },
      { maxBackoff: Number.NaN },
      { codes: 'x' },
    ])
      await expectCode(() => db.transaction(async () => 1, { retry: retry as object }), 'validation');
    expect(driver.texts).toEqual([]);
  },
};

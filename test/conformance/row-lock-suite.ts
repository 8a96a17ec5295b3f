import { describe, expect } from 'vitest';
import { type EntityManager, like, type Persistence, query, sql } from '../../src/index.ts';
import { Cell, cells, VersionedCell } from './isolation/cells.ts';
import { type Meeting, setScene } from './isolation/interleaving.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, library, Post } from './model/library.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';

async function open(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const author = em.create(Author, { name: 'first', rating: 1 });
  for (const n of [1, 2]) em.create(Post, { title: `post ${n}`, author });
  await em.flush();
  return db;
}

async function get<T>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}

/** What everybody refuses who cannot lock. */
const without: Laws = {
  'a lock is unsupported-by-driver, and says what to do instead': async (subject) => {
    await using db = await open(subject);
    for (const lock of ['update', 'share'] as const) {
      const error = await expectCode(
        () => db.transaction((tx) => tx.find(Post, {}, { lock })),
        'unsupported-by-driver',
      );
      expect(error.message).toMatch(/posts.*version\(\)/);
    }
    await expectCode(() => db.em().findById(Post, 1, { lock: 'update' }), 'unsupported-by-driver');
  },
};

const reading: Laws = {
  'a lock outside of a transaction, or in one that only reads, is transaction-scope': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    await expectCode(() => em.find(Post, {}, { lock: 'update' }), 'transaction-scope');
    await expectCode(() => em.findOne(Post, {}, { lock: 'share' }), 'transaction-scope');
    await expectCode(() => em.findById(Post, 1, { lock: 'update' }), 'transaction-scope');
    await expectCode(
      () => db.transaction((tx) => tx.findById(Post, 1, { lock: 'update' }), { readOnly: true }),
      'transaction-scope',
    );
  },
  'a lock that there is not is refused': async (subject) => {
    await using db = await open(subject);
    const refused = (options: object) =>
      expectCode(() => db.transaction((tx) => tx.find(Post, {}, options)), 'validation');
    await refused({ lock: 'for ever' });
    await refused({ lock: 'update', onLocked: 'panic' });
  },
  'a locked read always asks the database, and says so in its SQL': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      await tx.find(Post);
      const statements = watchStatements(db);
      const posts = await tx.find(
        Post,
        { title: like('post%') },
        { lock: 'update', orderBy: { id: 'desc' }, limit: 1 },
      );
      expect(posts.map(({ id }) => id)).toEqual([2]);
      expect((await tx.findById(Post, 1, { lock: 'share', onLocked: 'nowait' }))?.id).toBe(1);
      expect(await tx.findById(Post, 3, { lock: 'update', onLocked: 'skip' })).toBeNull();
      expect((await tx.findOne(Post, { id: 2 }, { lock: 'update', onLocked: 'skip' }))?.id).toBe(2);
      expect(statements.texts.map((text) => /(FOR|LOCK IN) .*$/.exec(text)?.[0].replace(/ OF \S+/, ''))).toEqual([
        'FOR UPDATE',
        expect.stringMatching(/SHARE.* NOWAIT$/),
        'FOR UPDATE SKIP LOCKED',
        'FOR UPDATE SKIP LOCKED',
      ]);
    });
  },
  'criteria over a relation that may be empty, a description of a read, and population can be locked': async (
    subject,
  ) => {
    await using db = await open(subject);
    const em = db.em();
    (await get(em.findById(Post, 2))).editor.set(await get(em.findById(Author, 1)));
    await em.flush();
    await db.transaction(async (tx) => {
      const options = { populate: ['editor', 'comments', 'tags'], lock: 'update', limit: 5 } as const;
      const [post] = await tx.all(query(Post, { editor: { name: 'first' } }, options));
      expect([post?.id, post?.editor.get()?.name, post?.comments.length]).toEqual([2, 'first', 0]);
      expect((await tx.find(Post, { editor: null }, { lock: 'share' })).map(({ id }) => id)).toEqual([1]);
    });
  },
  'what is in memory is as its row afterwards, and a version check holds': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      const post = await get(tx.findById(Post, 1));
      await tx.execute(sql`UPDATE posts SET title = ${'theirs'}, version = 7 WHERE id = 1`, { writes: ['posts'] });
      expect((await get(tx.findById(Post, 1))).title).toBe('post 1');
      expect((await get(tx.findById(Post, 1, { lock: 'update' }))) === post).toBe(true);
      expect([post.title, post.version, tx.changes(post).size]).toEqual(['theirs', 7, 0]);
      expect((await tx.plan()).statements).toEqual([]);
      post.views = 5;
    });
    expect(await db.em().findById(Post, 1)).toMatchObject({ title: 'theirs', views: 5, version: 8 });
  },
  'unflushed edits stay beside what the row says': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      const author = await get(tx.findById(Author, 1));
      author.name = 'mine';
      await tx.execute(sql`UPDATE authors SET name = ${'theirs'}, rating = 9 WHERE id = 1`, { writes: ['authors'] });
      await tx.find(Author, {}, { lock: 'update' });
      expect([author.name, author.rating, [...tx.changes(author).keys()]]).toEqual(['mine', 9, ['name']]);
    });
    expect(await db.em().findById(Author, 1)).toMatchObject({ name: 'mine', rating: 9 });
  },
  'an unflushed edit of a relation stays, too': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      const [post, author] = [await get(tx.findById(Post, 1)), await get(tx.findById(Author, 1))];
      post.editor.set(author);
      await tx.findById(Post, 1, { lock: 'update' });
      expect([post.editor.id, [...tx.changes(post).keys()]]).toEqual([1, ['editor']]);
    });
    expect(await db.em().count(Post, { editor: 1 })).toBe(1);
  },
  'an edited entity whose version has changed is stale-entity at the lock, and nothing in memory changes': async (
    subject,
  ) => {
    await using db = await open(subject);
    const em = db.em();
    const post = await get(em.findById(Post, 1));
    const other = await get(em.findById(Post, 2));
    post.title = 'mine';
    const error = await expectCode(
      () =>
        em.transaction(async (tx) => {
          await tx.execute(sql`UPDATE posts SET title = ${'theirs'}, version = 2`, { writes: ['posts'] });
          await tx.find(Post, {}, { lock: 'update' });
        }),
      'stale-entity',
    );
    expect(error).toMatchObject({ entity: 'posts', rows: [{ key: 1, expectedVersion: 1 }] });
    expect([post.title, post.version, other.title, other.version]).toEqual(['mine', 1, 'post 2', 1]);
  },
  'an update that was waited for loses nothing': async (subject) => {
    await using db = await subject.open(cells);
    const em = db.em();
    em.create(VersionedCell, { id: 1, value: 0 });
    await em.flush();
    const increment = async (tx: EntityManager): Promise<void> => {
      (await get(tx.findById(VersionedCell, 1, { lock: 'update' }))).value += 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => db.transaction(increment)));
    expect(await db.em().findById(VersionedCell, 1)).toMatchObject({ value: 8, version: 9 });
  },
};

/** What two sessions of a server see of each other's locks. */
const meetingLaws = (meetingOf: (db: Persistence) => Promise<Meeting>): Laws => {
  const lockCell = (id: number, lock: 'update' | 'share', onLocked?: 'nowait' | 'skip') => async (tx: EntityManager) =>
    (await tx.findById(Cell, id, { lock, ...(onLocked === undefined ? {} : { onLocked }) }))?.value;
  const scene = async (subject: Subject) => {
    const db = await subject.open(cells);
    const set = await setScene(db, await meetingOf(db), undefined);
    return { db, set, one: await set.begin(), two: await set.begin() };
  };
  return {
    'a row that is locked for update is waited for, and then read as it is': async (subject) => {
      const { db, set, one, two } = await scene(subject);
      await one.run(lockCell(1, 'update'));
      const waiting = await two.run(lockCell(1, 'update'));
      expect(two.isBusy).toBe(true);
      await one.write(1, 11);
      await one.commit();
      expect(await waiting()).toEqual({ value: 11 });
      await two.commit();
      await set.end();
      await db.close();
    },
    'share goes with share, and keeps writers out': async (subject) => {
      const { db, set, one, two } = await scene(subject);
      await one.run(lockCell(1, 'share'));
      expect(await (await two.run(lockCell(1, 'share', 'nowait')))()).toEqual({ value: 10 });
      await two.commit();
      const three = await set.begin();
      const waiting = await three.write(1, 12);
      expect(three.isBusy).toBe(true);
      await one.commit();
      await waiting();
      await three.commit();
      await set.end();
      expect(await set.cells()).toEqual({ 1: 12, 2: 20 });
      await db.close();
    },
    'nowait is lock-timeout at once, and may be tried again': async (subject) => {
      const { db, set, one, two } = await scene(subject);
      await one.run(lockCell(1, 'update'));
      expect(await (await two.run(lockCell(1, 'share', 'nowait')))()).toEqual({ failed: true });
      expect(two.error).toMatchObject({ code: 'lock-timeout', retryable: true, outcome: 'rolled-back' });
      await one.commit();
      await set.end();
      await db.close();
    },
    'skip leaves out what is locked': async (subject) => {
      const { db, set, one, two } = await scene(subject);
      await one.run(lockCell(1, 'update'));
      const free = await two.run(async (tx) => {
        const found = await tx.find(Cell, {}, { lock: 'update', onLocked: 'skip', orderBy: { id: 'asc' } });
        return found.map(({ id }) => id);
      });
      expect(await free()).toEqual({ value: [2] });
      await one.commit();
      await two.commit();
      await set.end();
      await db.close();
    },
  };
};

/**
 * Pessimistic locks: locked reads, what they do to entities in memory, and what other sessions may do meanwhile.
 *
 * @param locks - `none` where the engine has no row locks; `alone` where it has, but no second session can meet the first;
 * else how the sessions of an open database are watched
 */
export function rowLockSuite(
  subject: Subject,
  locks: 'none' | 'alone' | ((db: Persistence) => Promise<Meeting>),
): void {
  describe(`${subject.name}: row locks`, () => {
    const met = typeof locks === 'function' ? meetingLaws(locks) : {};
    registerLaws(subject, 'row locks', locks === 'none' ? without : { ...reading, ...met });
  });
}

import { expect } from 'vitest';
import type { EntityManager, Persistence } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Author, library, Post, Tag } from '../model/library.ts';
import { turn } from '../turn.ts';

const names = async (db: Persistence): Promise<string[]> =>
  (await db.em().find(Tag, {}, { orderBy: { name: 'asc' } })).map(({ name }) => name);

/** Runs `work` once, at the first statement or change that a persistence object tells of from now on. */
function atFirst(db: Persistence, event: 'statement' | 'change', work: () => void): void {
  const stop = db.on(event, () => {
    stop();
    work();
  });
}

const listeners: Laws = {
  'a flush that a listener begins while one runs is written after it': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    em.create(Tag, { name: 'flushed' });
    let second: Promise<void> | undefined;
    atFirst(db, 'statement', () => {
      em.create(Tag, { name: 'by the listener' });
      second = em.flush();
    });
    await em.flush();
    await second;
    expect(await names(db)).toEqual(['by the listener', 'flushed']);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a write that a listener begins inside of a transaction of another EntityManager is not part of it': async (
    subject,
  ) => {
    await using db = await subject.open(library);
    let outside: Promise<void> | undefined;
    const failing = db.transaction(async (tx) => {
      atFirst(db, 'statement', () => {
        const em = db.em();
        em.create(Tag, { name: 'outside' });
        outside = em.flush();
      });
      tx.create(Tag, { name: 'inside' });
      await tx.flush();
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await outside;
    expect(await names(db)).toEqual(['outside']);
  },
  'a write that a listener begins on the EntityManager of an open transaction is transaction-scope': async (
    subject,
  ) => {
    await using db = await subject.open(library);
    const em = db.em();
    let refused: Promise<unknown> | undefined;
    await em.transaction(async (tx) => {
      atFirst(db, 'statement', () => {
        refused = expectCode(() => em.flush(), 'transaction-scope');
      });
      tx.create(Tag, { name: 'inside' });
      await tx.flush();
    });
    await refused;
    expect(await names(db)).toEqual(['inside']);
  },
  'a listener of changes may write: its commit comes after the one that it was told of': async (subject) => {
    await using db = await subject.open(library);
    const told: string[][] = [];
    let second: Promise<void> | undefined;
    db.on('change', ({ tables }) => told.push([...tables]));
    atFirst(db, 'change', () => {
      second = db.transaction(async (tx) => {
        expect(await tx.count(Tag)).toBe(1);
        tx.create(Author, { name: 'by the listener' });
      });
    });
    await db.transaction(async (tx) => void tx.create(Tag, { name: 'first' }));
    await second;
    expect([told, await db.em().count(Author)]).toEqual([[['tags'], ['authors']], 1]);
  },
};

const handles: Laws = {
  'of two transactions at once on one EntityManager the second is transaction-scope, and the first commits': async (
    subject,
  ) => {
    await using db = await subject.open(library);
    const em = db.em();
    const first = em.transaction(async (tx) => {
      await turn();
      tx.create(Tag, { name: 'first' });
    });
    await expectCode(() => em.transaction(async (tx) => void tx.create(Tag, { name: 'second' })), 'transaction-scope');
    await expectCode(() => em.flush(), 'transaction-scope');
    await first;
    expect(await names(db)).toEqual(['first']);
  },
  'of two savepoints at once on one handle the second is transaction-scope, and the first goes on': async (subject) => {
    await using db = await subject.open(library);
    await db.transaction(async (tx) => {
      const first = tx.transaction(async (inner) => {
        await turn();
        inner.create(Tag, { name: 'first' });
      });
      await expectCode(() => tx.transaction(async () => undefined), 'transaction-scope');
      await first;
      await tx.transaction(async (inner) => void inner.create(Tag, { name: 'second' }));
    });
    expect(await names(db)).toEqual(['first', 'second']);
  },
  'work that joins at the same time shares the transaction, and its flushes follow each other': async (subject) => {
    await using db = await subject.open(library);
    await db.transaction(async (tx) => {
      const one = (name: string) =>
        tx.transaction(
          async (em) => {
            await turn();
            em.create(Tag, { name });
            await em.flush();
            expect(await em.count(Tag, { name })).toBe(1);
          },
          { propagation: 'required' },
        );
      await Promise.all(['a', 'b', 'c', 'd'].map(one));
    });
    expect(await names(db)).toEqual(['a', 'b', 'c', 'd']);
  },
  'a savepoint that the work does not wait for makes the transaction fail, and nothing is written': async (subject) => {
    await using db = await subject.open(library);
    let inner: Promise<unknown> | undefined;
    const failing = db.transaction(async (tx) => {
      tx.create(Tag, { name: 'outer' });
      inner = tx
        .transaction(async (em) => {
          await turn();
          em.create(Tag, { name: 'inner' });
        })
        .then(
          () => 'committed',
          (error: { code: string }) => error.code,
        );
    });
    await expectCode(() => failing, 'transaction-scope');
    expect(await inner).toBe('transaction-scope');
    expect(await names(db)).toEqual([]);
  },
  'a savepoint that still runs when the transaction fails writes nothing any more, and the EntityManager goes on':
    async (subject) => {
      await using db = await subject.open(library);
      const em = db.em();
      const made: Tag[] = [];
      let inner: Promise<unknown> | undefined;
      const failing = em.transaction(async (tx) => {
        made.push(tx.create(Tag, { name: 'outer' }));
        await tx.flush();
        const nested = tx.transaction(async (em) => {
          (made[0] as Tag).name = 'renamed';
          made.push(em.create(Tag, { name: 'inner' }));
          await em.flush();
          for (let n = 0; n < 50; n += 1) await turn();
          em.create(Tag, { name: 'late' });
        });
        inner = expectCode(() => nested, 'transaction-scope');
        await turn();
        await turn();
        throw new Error('elsewhere');
      });
      await expect(failing).rejects.toThrow('elsewhere');
      const states = () => made.map((tag) => [tag.id, em.stateOf(tag)]);
      const undone = [1, 2].map(() => [undefined, 'pending']);
      expect(states()).toEqual(undone);
      await inner;
      expect([states(), await names(db)]).toEqual([undone, []]);
      await em.flush();
      expect(await names(db)).toEqual(['inner', 'renamed']);
    },
  'savepoints of every depth end with the transaction around them': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const inner: Promise<unknown>[] = [];
    const opened: EntityManager[] = [];
    const nest = (handle: EntityManager, depth: number): Promise<void> =>
      handle.transaction(async (own) => {
        opened.push(own);
        own.create(Tag, { name: `level ${depth}` });
        await own.flush();
        if (depth === 3) for (let n = 0; n < 50; n += 1) await turn();
        else await nest(own, depth + 1);
      });
    const failing = em.transaction(async (tx) => {
      inner.push(expectCode(() => nest(tx, 1), 'transaction-scope'));
      while (opened.length < 3) await turn();
      await turn();
      throw new Error('elsewhere');
    });
    await expect(failing).rejects.toThrow('elsewhere');
    await em.find(Tag);
    await Promise.all(inner);
    for (const handle of opened) await expectCode(() => handle.flush(), 'transaction-scope');
    expect([await em.count(Tag), (await em.plan()).statements.length > 0]).toEqual([0, true]);
    await em.flush();
    expect(await names(db)).toEqual(['level 1', 'level 2', 'level 3']);
  },
  'flushes that wait for each other when the transaction fails write nothing any more': async (subject) => {
    await using db = await subject.open(library);
    const em = db.em();
    const flushes: Promise<unknown>[] = [];
    const failing = em.transaction(async (tx) => {
      for (const name of ['a', 'b', 'c', 'd']) {
        tx.create(Tag, { name });
        flushes.push(tx.flush().catch((error: { code: string }) => error.code));
      }
      throw new Error('at once');
    });
    await expect(failing).rejects.toThrow('at once');
    await Promise.all(flushes);
    expect(await names(db)).toEqual([]);
    em.clear();
    em.create(Tag, { name: 'after' });
    await em.flush();
    expect(await names(db)).toEqual(['after']);
  },
  'joined work that the transaction does not wait for is transaction-scope after its end': async (subject) => {
    await using db = await subject.open(library);
    let joined: Promise<unknown> | undefined;
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'in time' });
      const late = tx.transaction(
        async (em) => {
          for (let n = 0; n < 50; n += 1) await turn();
          em.create(Tag, { name: 'late' });
        },
        { propagation: 'required' },
      );
      joined = expectCode(() => late, 'transaction-scope');
    });
    await joined;
    expect(await names(db)).toEqual(['in time']);
  },
  'a lazy relation that is loaded while the transaction ends is read in it or refused, and never hangs': async (
    subject,
  ) => {
    await using db = await subject.open(library);
    const setUp = db.em();
    setUp.create(Post, { title: 'post', author: setUp.create(Author, { name: 'author' }) });
    await setUp.flush();
    const em = db.em();
    let loading: Promise<unknown> | undefined;
    await em.transaction(async (tx) => {
      const post = (await tx.findOne(Post, {})) as Post;
      loading = post.author.load().then(
        (author) => (author as Author).name,
        (error: { code: string }) => error.code,
      );
    });
    expect(['author', 'transaction-scope']).toContain(await loading);
  },
};

const many: Laws = {
  'many units of work that flush at once lose nothing, and none sees half of another': async (subject) => {
    await using db = await subject.open(library);
    const pairs = Array.from({ length: 12 }, (_, n) => n);
    const write = async (n: number) => {
      const em = db.em();
      const author = em.create(Author, { name: `author ${n}` });
      em.create(Post, { title: `post ${n}`, author });
      em.create(Tag, { name: `tag ${String(n).padStart(2, '0')}` });
      await em.flush();
    };
    const look = async () => {
      // One statement, and so one moment.
      const posts = await db.em().find(Post, {}, { populate: ['author'] });
      for (const { title, author } of posts) expect(author.get().name).toBe(title.replace('post', 'author'));
    };
    await Promise.all(pairs.flatMap((n) => [write(n), look()]));
    expect(await names(db)).toEqual(pairs.map((n) => `tag ${String(n).padStart(2, '0')}`));
    expect([await db.em().count(Author), await db.em().count(Post)]).toEqual([12, 12]);
  },
  'transactions, flushes and reads of one row at once end in the sum of all': async (subject) => {
    await using db = await subject.open(library);
    const setUp = db.em();
    setUp.create(Post, { title: 'post', author: setUp.create(Author, { name: 'author' }) });
    await setUp.flush();
    const increment = (em: EntityManager) => async () => {
      const post = (await em.findOne(Post, {})) as Post;
      await turn();
      post.views += 1;
    };
    const retry = {
      attempts: 60,
      backoff: 2,
      maxBackoff: 20,
      codes: ['stale-entity', 'serialization-failure', 'deadlock', 'lock-timeout'],
    } as const;
    await Promise.all(Array.from({ length: 8 }, () => db.transaction((tx) => increment(tx)(), { retry })));
    expect(await db.em().findOne(Post, {})).toMatchObject({ views: 8, version: 9 });
  },
  'increments without a version at the highest level end in the sum: whoever met another one tried again': async (
    subject,
  ) => {
    await using db = await subject.open(library);
    const setUp = db.em();
    setUp.create(Author, { name: 'author', rating: 0 });
    await setUp.flush();
    const highest = subject.capabilities.isolationLevels.at(-1);
    const increment = async (tx: EntityManager) => {
      const author = (await tx.findOne(Author, {})) as Author;
      await turn();
      author.rating = (author.rating ?? 0) + 1;
    };
    const options = {
      retry: { attempts: 60, backoff: 2, maxBackoff: 20 },
      ...(highest === undefined ? {} : { isolation: highest }),
    };
    await Promise.all(Array.from({ length: 6 }, () => db.transaction(increment, options)));
    expect(await db.em().findOne(Author, {})).toMatchObject({ rating: 6 });
  },
};

/** What happens at once in one process. */
export const concurrencyLaws: Laws = { ...listeners, ...handles, ...many };

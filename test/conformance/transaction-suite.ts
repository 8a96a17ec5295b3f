import { describe, expect } from 'vitest';
import { type EntityManager, type Persistence, sql } from '../../src/index.ts';
import type { Capabilities } from '../../src/port.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, Comment, library, Post, Profile, Tag, Topic } from './model/library.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';
import { concurrencyLaws } from './transactions/concurrency.ts';
import { propagationLaws } from './transactions/propagation.ts';
import { retryLaws } from './transactions/retry.ts';
import { turn } from './turn.ts';

async function open(subject: Subject): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const author = em.create(Author, { name: 'author' });
  em.create(Post, { title: 'first', author, tags: [em.create(Tag, { name: 'old' })] });
  em.create(Post, { title: 'second', author });
  await em.flush();
  return db;
}

const tags = async (db: Persistence): Promise<string[]> =>
  (await db.em().find(Tag, {}, { orderBy: { id: 'asc' } })).map(({ name }) => name);

class Stop extends Error {}

/** Runs work in a transaction that is rolled back at its end. */
async function rolledBack(em: EntityManager, work: (tx: EntityManager) => Promise<void>): Promise<void> {
  const failing = em.transaction(async (tx) => {
    await work(tx);
    throw new Stop('rolled back');
  });
  await expect(failing).rejects.toBeInstanceOf(Stop);
}

const committing: Laws = {
  'a transaction flushes at its end, commits, and gives the result': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const made = await em.transaction(async (tx) => tx.create(Tag, { name: 'new' }));
    expect([made.id, em.stateOf(made), await tags(db)]).toEqual([2, 'persistent', ['old', 'new']]);
    expect(await db.transaction(async (tx) => tx.count(Tag))).toBe(2);
  },
  'a transaction reads what it wrote': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'new' });
      await tx.flush();
      expect(await tx.count(Tag)).toBe(2);
    });
  },
  'what was scheduled before a transaction is written in it': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    em.create(Tag, { name: 'before' });
    await em.transaction(async (tx) => void tx.create(Tag, { name: 'inside' }));
    expect(await tags(db)).toEqual(['old', 'before', 'inside']);
  },
  'relations of entities load inside of the transaction': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [post] = (await em.find(Post, { title: 'first' })) as [Post];
    await em.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO comments (body, post_id) VALUES (${'raw'}, ${post.id})`);
      expect((await post.comments.load()).map(({ body }) => body)).toEqual(['raw']);
      expect(await post.comments.count()).toBe(1);
    });
  },
};

const rollback: Laws = {
  'a rollback takes rows, keys and states back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    let tag: Tag | undefined;
    await rolledBack(em, async (tx) => {
      tag = tx.create(Tag, { name: 'new' });
      await tx.flush();
      expect([tag.id, tx.stateOf(tag)]).toEqual([2, 'persistent']);
    });
    expect([tag?.id, em.stateOf(tag as Tag), await tags(db)]).toEqual([undefined, 'pending', ['old']]);
    await em.flush();
    // A key that was taken back may be given again, or not.
    const [row] = await db.em().find(Tag, { name: 'new' });
    expect([tag?.id, await tags(db)]).toEqual([row?.id, ['old', 'new']]);
  },
  'a rollback takes versions and snapshots back, and keeps the edits': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first, second] = (await em.find(Post, {}, { orderBy: { id: 'asc' } })) as [Post, Post];
    await rolledBack(em, async (tx) => {
      first.title = 'edited';
      second.editor.set(await first.author.load());
      await tx.flush();
      first.title = 'edited twice';
      await tx.flush();
      expect(first.version).toBe(3);
    });
    expect([first.version, second.version, first.title]).toEqual([1, 1, 'edited twice']);
    expect(Object.fromEntries(em.changes(first))).toEqual({ title: { before: 'first', after: 'edited twice' } });
    expect([...em.changes(second).keys()]).toEqual(['editor']);
    await em.flush();
    const [one, two] = (await db.em().find(Post, {}, { orderBy: { id: 'asc' } })) as [Post, Post];
    expect([one.title, one.version, two.editor.id, two.version]).toEqual(['edited twice', 2, 1, 2]);
  },
  'a rollback takes removals back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [tag] = (await em.find(Tag)) as [Tag];
    await rolledBack(em, async (tx) => {
      tx.remove(tag);
      await tx.flush();
      expect(tx.stateOf(tag)).toBe('detached');
    });
    expect(em.stateOf(tag)).toBe('deleted');
    em.revert(tag);
    expect([em.stateOf(tag), (await em.findById(Tag, tag.id)) === tag]).toEqual(['persistent', true]);
    tag.name = 'alive';
    await em.flush();
    expect(await tags(db)).toEqual(['alive']);
  },
  'a rollback puts edits of collections back, and keeps those made since': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first] = (await em.find(Post, { title: 'first' }, { populate: ['tags'] })) as unknown as [
      Post & { tags: { toArray(): Tag[] } },
    ];
    const [old] = first.tags.toArray() as [Tag];
    const [one, two] = [em.create(Tag, { name: 'one' }), em.create(Tag, { name: 'two' })];
    await em.flush();
    await rolledBack(em, async (tx) => {
      first.tags.add(one);
      first.tags.remove(old);
      await tx.flush();
      first.tags.add(two);
    });
    expect(first.tags.toArray().map(({ name }) => name)).toEqual(['one', 'two']);
    await em.flush();
    const [read] = await db.em().find(Post, { title: 'first' }, { populate: ['tags'] });
    expect(read?.tags.toArray().map(({ name }) => name)).toEqual(['one', 'two']);
  },
  'a rollback after clear() harms nothing': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [first] = (await em.find(Post, { title: 'first' })) as [Post];
    const [gone] = (await em.find(Tag)) as [Tag];
    await rolledBack(em, async (tx) => {
      first.title = 'edited';
      tx.remove(gone);
      await tx.flush();
      tx.clear();
      await tx.find(Post, { title: 'second' });
      await tx.find(Author);
    });
    const all = await em.find(Post, {}, { orderBy: { id: 'asc' } });
    expect((await em.plan()).statements).toEqual([]);
    for (const post of all) post.views = 5;
    await em.flush();
    expect((await db.em().find(Post, {}, { orderBy: { id: 'asc' } })).map((post) => [post.title, post.views])).toEqual([
      ['first', 5],
      ['second', 5],
    ]);
    expect(await tags(db)).toEqual(['old']);
  },
  'what was read behind raw SQL that is rolled back is not believed any more': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [known] = (await em.find(Post, { title: 'first' })) as [Post];
    let ghost: Tag | undefined;
    let second: Post | undefined;
    await rolledBack(em, async (tx) => {
      await tx.execute(sql`INSERT INTO tags (id, name) VALUES (${77}, ${'ghost'})`);
      await tx.execute(sql`UPDATE posts SET title = ${'uncommitted'} WHERE title = ${'second'}`);
      [ghost] = (await tx.find(Tag, { id: 77 })) as [Tag];
      [second] = (await tx.find(Post, { title: 'uncommitted' })) as [Post];
    });
    const states = [known, ghost as Tag, second as Post].map((entity) => em.stateOf(entity));
    expect(states).toEqual(['persistent', 'detached', 'detached']);
    const other = db.em();
    other.create(Tag, { id: 77, name: 'real' });
    await other.flush();
    expect((await em.findById(Tag, 77))?.name).toBe('real');
    expect((await em.find(Post, {}, { orderBy: { id: 'asc' } })).map(({ title }) => title)).toEqual([
      'first',
      'second',
    ]);
  },
  'relations that were loaded after a removal or raw SQL that is rolled back are loaded anew': async (subject) => {
    await using db = await open(subject);
    const writer = db.em();
    writer.create(Comment, { body: 'mine', post: 1 });
    writer.create(Profile, { id: crypto.randomUUID(), site: 'mine', author: 1 });
    await writer.flush();
    const em = db.em();
    const [[post], [author]] = [(await em.find(Post, { id: 1 })) as [Post], (await em.find(Author)) as [Author]];
    const [[comment], [profile]] = [(await em.find(Comment)) as [Comment], (await em.find(Profile)) as [Profile]];
    await rolledBack(em, async (tx) => {
      tx.remove(comment);
      tx.remove(profile);
      await tx.flush();
      await tx.execute(sql`INSERT INTO comments (body, post_id) VALUES (${'raw'}, ${post.id})`);
      expect((await post.comments.load()).map(({ body }) => body)).toEqual(['raw']);
      expect(await author.profile.load()).toBeNull();
    });
    em.revert(comment);
    em.revert(profile);
    expect([await post.comments.load(), await author.profile.load()]).toEqual([[comment], profile]);
  },
  'who took the place of another in a one-to-one gives it back when both are reverted, in either order': async (
    subject,
  ) => {
    await using db = await open(subject);
    const writer = db.em();
    writer.create(Profile, { id: crypto.randomUUID(), site: 'old', author: 1 });
    await writer.flush();
    for (const newFirst of [true, false]) {
      const em = db.em();
      const author = (await em.findOne(Author, {}, { populate: ['profile'] })) as Author;
      const old = (await author.profile.load()) as Profile;
      let made: Profile | undefined;
      await rolledBack(em, async (tx) => {
        tx.remove(old);
        await tx.flush();
        made = tx.create(Profile, { id: crypto.randomUUID(), site: 'new', author });
      });
      expect(await author.profile.load()).toBe(made);
      const both = [made as Profile, old];
      for (const each of newFirst ? both : both.reverse()) em.revert(each);
      expect(await author.profile.load()).toBe(old);
      await em.flush();
      expect((await db.em().find(Profile)).map(({ site }) => site)).toEqual(['old']);
    }
  },
  'what is new again after a rollback knows who is its one-to-one, also if it was refreshed meanwhile': async (
    subject,
  ) => {
    await using db = await open(subject);
    const em = db.em();
    const author = em.create(Author, { name: 'new' });
    const profile = em.create(Profile, { id: crypto.randomUUID(), site: 'new', author });
    const alone = em.create(Author, { name: 'alone' });
    await rolledBack(em, async (tx) => {
      await tx.flush();
      await tx.refresh(author);
      await tx.refresh(alone);
    });
    expect([await author.profile.load(), await alone.profile.load()]).toEqual([profile, null]);
    em.remove(author);
    expect([author, profile, alone].map((entity) => em.stateOf(entity))).toEqual(['transient', 'transient', 'pending']);
    await em.flush();
    expect((await db.em().find(Author, {}, { orderBy: { id: 'asc' } })).map(({ name }) => name)).toEqual([
      'author',
      'alone',
    ]);
  },
  'what was given to somebody new is shown there again after a rollback, also if that was refreshed meanwhile': async (
    subject,
  ) => {
    await using db = await open(subject);
    const em = db.em();
    const [author] = (await em.find(Author)) as [Author];
    const profile = em.create(Profile, { id: crypto.randomUUID(), site: 'mine', author });
    await em.flush();
    const heir = em.create(Author, { name: 'heir' });
    profile.author.set(heir);
    await rolledBack(em, async (tx) => {
      await tx.flush();
      await tx.refresh(heir);
    });
    expect([await heir.profile.load(), await author.profile.load()]).toEqual([profile, null]);
    await em.flush();
    expect((await db.em().find(Profile, { author: { name: 'heir' } })).map(({ site }) => site)).toEqual(['mine']);
  },
  'a transaction whose work throws a plain value rejects with it': async (subject) => {
    await using db = await open(subject);
    await expect(db.transaction(() => Promise.reject('plain'))).rejects.toBe('plain');
    await expect(
      db.transaction((): Promise<void> => {
        throw new Stop('at once');
      }),
    ).rejects.toBeInstanceOf(Stop);
  },
  'a flush that fails at the end of a transaction takes it all back': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const failing = em.transaction(async (tx) => {
      tx.create(Tag, { name: 'fine' });
      await tx.flush();
      tx.create(Tag, { name: 'old' });
    });
    await expectCode(() => failing, 'unique-violation');
    expect(await tags(db)).toEqual(['old']);
  },
};

const nesting: Laws = {
  'transactions nest three levels deep, and each level is taken back alone': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    await em.transaction(async (one) => {
      one.create(Tag, { name: '1' });
      await one.transaction(async (two) => {
        two.create(Tag, { name: '2' });
        const undone: object[] = [];
        await rolledBack(two, async (three) => {
          undone.push(three.create(Tag, { name: '3' }));
          await three.flush();
          await rolledBack(three, async (four) => {
            undone.push(four.create(Topic, { name: '4' }));
            await four.flush();
          });
        });
        // Their rows are gone; they themselves are still wanted until somebody says otherwise.
        expect(undone.map((entity) => two.stateOf(entity))).toEqual(['pending', 'pending']);
        for (const entity of undone) two.revert(entity);
        two.create(Tag, { name: '2b' });
      });
      await one.transaction(async (sibling) => void sibling.create(Tag, { name: 'sibling' }));
    });
    expect(await tags(db)).toEqual(['old', '1', '2', '2b', 'sibling']);
    expect(await db.em().count(Topic)).toBe(0);
  },
  'an inner transaction that commits goes with an outer one that does not': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const [post] = (await em.find(Post, { title: 'first' })) as [Post];
    let tag: Tag | undefined;
    await rolledBack(em, async (outer) => {
      await outer.transaction(async (inner) => {
        tag = inner.create(Tag, { name: 'inner' });
        post.title = 'inner';
      });
      expect([tag?.id, post.version]).toEqual([2, 2]);
    });
    expect([tag?.id, post.version, em.stateOf(tag as Tag)]).toEqual([undefined, 1, 'pending']);
    expect(await tags(db)).toEqual(['old']);
  },
  'a failed flush inside a transaction can be mended, and the rest commits': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'fine' });
      await tx.flush();
      const bad = tx.create(Tag, { name: 'old' });
      await expectCode(() => tx.flush(), 'unique-violation');
      bad.name = 'mended';
    });
    expect(await tags(db)).toEqual(['old', 'fine', 'mended']);
  },
};

/** What holds where all work takes turns on one connection. */
const turns: Laws = {
  'transactions of several EntityManagers run one after the other, in their order': async (subject) => {
    await using db = await open(subject);
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        db.transaction(async (tx) => {
          order.push(n);
          await turn();
          tx.create(Tag, { name: `tag ${n}` });
          order.push(n);
        }),
      ),
    );
    expect(order).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(await tags(db)).toEqual(['old', ...[0, 1, 2, 3, 4].map((n) => `tag ${n}`)]);
  },
};

/** What holds where there are several connections. */
const atOnce: Laws = {
  'transactions of several EntityManagers are open at once, and each sees its own work only': async (subject) => {
    await using db = await open(subject);
    /** Lets nobody pass before both have come. */
    const gate = () => {
      let came = 0;
      let open = (): void => undefined;
      const both = new Promise<void>((resolve) => {
        open = resolve;
      });
      return () => {
        came += 1;
        if (came === 2) open();
        return both;
      };
    };
    const [afterFlush, afterCount] = [gate(), gate()];
    const work = async (n: number): Promise<number> =>
      db.transaction(async (tx) => {
        tx.create(Tag, { name: `tag ${n}` });
        await tx.flush();
        await afterFlush();
        const count = await tx.count(Tag);
        await afterCount();
        return count;
      });
    expect(await Promise.all([work(0), work(1)])).toEqual([2, 2]);
    expect((await tags(db)).sort()).toEqual(['old', 'tag 0', 'tag 1']);
  },
};

const scopes: Laws = {
  'while its transaction is open an EntityManager is transaction-scope, not a deadlock': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    await em.transaction(async (tx) => {
      await expectCode(() => em.find(Post), 'transaction-scope');
      await expectCode(() => em.flush(), 'transaction-scope');
      await expectCode(() => em.create(Tag, { name: 'x' }), 'transaction-scope');
      await expectCode(() => em.persist(new Tag({ name: 'x' })), 'transaction-scope');
      await expectCode(() => em.remove({}), 'transaction-scope');
      await expectCode(() => em.count(Post), 'transaction-scope');
      await expectCode(() => em.transaction(async () => undefined), 'transaction-scope');
      await expectCode(() => em.execute(sql`SELECT 1`), 'transaction-scope');
      await expectCode(() => em.clear(), 'transaction-scope');
      await tx.transaction(async () => {
        await expectCode(() => tx.find(Post), 'transaction-scope');
      });
      expect(await tx.count(Post)).toBe(2);
    });
    expect(await em.count(Post)).toBe(2);
  },
  'the handle of a transaction that ended is transaction-scope': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    let kept: EntityManager | undefined;
    await em.transaction(async (tx) => {
      kept = tx;
    });
    await expectCode(() => kept?.find(Post), 'transaction-scope');
    await expectCode(() => kept?.flush(), 'transaction-scope');
    let failed: EntityManager | undefined;
    await rolledBack(em, async (tx) => {
      failed = tx;
    });
    await expectCode(() => failed?.create(Tag, { name: 'x' }), 'transaction-scope');
    expect(await em.count(Post)).toBe(2);
  },
  'another EntityManager waits for an open transaction, and never lands inside it': async (subject) => {
    await using db = await open(subject);
    const other = db.em();
    other.create(Tag, { name: 'outside' });
    let outside: Promise<void> | undefined;
    await rolledBack(db.em(), async (tx) => {
      tx.create(Tag, { name: 'inside' });
      await tx.flush();
      outside = other.flush();
      await turn();
    });
    await outside;
    expect(await tags(db)).toEqual(['old', 'outside']);
  },
  'a flush that runs when a transaction begins is not part of it': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const tag = em.create(Tag, { name: 'flushed' });
    const flushing = em.flush();
    await rolledBack(em, async (tx) => {
      tx.create(Tag, { name: 'inside' });
      await tx.flush();
    });
    await flushing;
    const [row] = await db.em().find(Tag, { name: 'flushed' });
    expect([await tags(db), em.stateOf(tag), tag.id]).toEqual([['old', 'flushed'], 'persistent', row?.id]);
  },
  'flushes at once in a transaction are one after the other': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      const all = [1, 2, 3].map((n) => {
        tx.create(Tag, { name: `tag ${n}` });
        return tx.flush();
      });
      await Promise.all(all);
    });
    expect(await tags(db)).toEqual(['old', 'tag 1', 'tag 2', 'tag 3']);
  },
  'a flush that the work does not wait for still belongs to the transaction': async (subject) => {
    await using db = await open(subject);
    await db.transaction(async (tx) => {
      tx.create(Tag, { name: 'late' });
      void tx.flush();
    });
    expect(await tags(db)).toEqual(['old', 'late']);
  },
  'a read-only transaction reads, and refuses to write': async (subject) => {
    await using db = await open(subject);
    expect(await db.transaction((tx) => tx.count(Post), { readOnly: true })).toBe(2);
    const em = db.em();
    const writing = em.transaction(async (tx) => void tx.create(Tag, { name: 'x' }), { readOnly: true });
    await expect(writing).rejects.toMatchObject({ code: expect.any(String) });
    expect(await tags(db)).toEqual(['old']);
  },
  'an isolation level that the driver has not is unsupported-by-driver': async (subject) => {
    await using db = await open(subject);
    const missing = (['read uncommitted', 'read committed', 'repeatable read', 'serializable'] as const).filter(
      (level) => !subject.capabilities.isolationLevels.includes(level),
    );
    for (const isolation of missing) {
      const statements = watchStatements(db);
      await expectCode(() => db.transaction((tx) => tx.count(Post), { isolation }), 'unsupported-by-driver');
      expect(statements.texts).toEqual([]);
    }
    for (const isolation of subject.capabilities.isolationLevels) {
      expect(await db.transaction((tx) => tx.count(Post), { isolation })).toBe(2);
    }
  },
};

const withTransactions = (laws: Laws, besides: (capabilities: Capabilities) => boolean = () => true): Laws =>
  Object.fromEntries(
    Object.entries(laws).map(([name, law]) => [
      name,
      {
        requires: (capabilities) =>
          capabilities.interactive === 'session' && capabilities.savepoints && besides(capabilities),
        check: typeof law === 'function' ? law : law.check,
      },
    ]),
  );

/** Transactions: commit, rollback of memory, nesting, scopes, order. */
export function transactionSuite(subject: Subject): void {
  describe(`${subject.name}: transactions`, () => {
    const here = { ...committing, ...rollback, ...nesting, ...scopes };
    registerLaws(subject, 'transactions', {
      ...withTransactions({ ...here, ...propagationLaws, ...retryLaws, ...concurrencyLaws }),
      ...withTransactions(turns, ({ concurrentTransactions }) => !concurrentTransactions),
      ...withTransactions(atOnce, ({ concurrentTransactions }) => concurrentTransactions),
    });
  });
}

import { describe, expect } from 'vitest';
import type { EntityManager, Persistence, StaleEntityError } from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import { Author, Comment, library, Post, Tag } from './model/library.ts';
import type { Subject } from './subject.ts';

async function open(subject: Subject, count: number): Promise<Persistence> {
  const db = await subject.open(library);
  const em = db.em();
  const author = em.create(Author, { name: 'author' });
  for (let n = 1; n <= count; n += 1) em.create(Post, { title: `post ${n}`, author });
  await em.flush();
  return db;
}

const posts = (em: EntityManager) => em.find(Post, {}, { orderBy: { id: 'asc' } });

/** Somebody else changes some posts. */
async function changeElsewhere(db: Persistence, ...ids: number[]): Promise<void> {
  const em = db.em();
  for (const post of await posts(em)) if (ids.includes(post.id)) post.views += 1000;
  await em.flush();
}

async function stale(em: EntityManager): Promise<StaleEntityError> {
  return (await expectCode(() => em.flush(), 'stale-entity')) as StaleEntityError;
}

const laws: Laws = {
  'an update counts the version up, in the row and in the entity': async (subject) => {
    await using db = await open(subject, 1);
    const em = db.em();
    const [post] = (await posts(em)) as [Post];
    for (const version of [2, 3, 4]) {
      post.views += 1;
      await em.flush();
      expect([post.version, (await posts(db.em()))[0]?.version]).toEqual([version, version]);
    }
  },
  'a stale update is refused, and names its row': async (subject) => {
    await using db = await open(subject, 3);
    const em = db.em();
    const [, second] = (await posts(em)) as [Post, Post];
    await changeElsewhere(db, 2);
    second.title = 'mine';
    const error = await stale(em);
    expect(error).toMatchObject({
      entity: 'posts',
      retryable: false,
      outcome: 'rolled-back',
      rows: [{ key: 2, expectedVersion: 1 }],
    });
    expect([second.title, second.version, em.changes(second).size]).toEqual(['mine', 1, 1]);
    expect((await posts(db.em()))[1]).toMatchObject({ title: 'post 2', views: 1000, version: 2 });
  },
  'a stale delete is refused': async (subject) => {
    await using db = await open(subject, 3);
    const em = db.em();
    const [first, second] = (await posts(em)) as [Post, Post];
    await changeElsewhere(db, 2);
    em.remove(first, second);
    expect((await stale(em)).rows).toEqual([{ key: 2, expectedVersion: 1 }]);
    expect([em.stateOf(first), em.stateOf(second), await db.em().count(Post)]).toEqual(['deleted', 'deleted', 3]);
  },
  'one stale row of a hundred is named, and the whole flush is taken back': async (subject) => {
    await using db = await open(subject, 100);
    const em = db.em();
    const all = await posts(em);
    await changeElsewhere(db, 37);
    for (const post of all) post.title = 'mine';
    const tag = em.create(Tag, { name: 'new' });
    expect((await stale(em)).rows).toEqual([{ key: 37, expectedVersion: 1 }]);
    expect(all.every((post) => post.version === 1 && post.title === 'mine')).toBe(true);
    expect([tag.id, em.stateOf(tag), await db.em().count(Tag)]).toEqual([undefined, 'pending', 0]);
    expect(await db.em().count(Post, { title: 'mine' })).toBe(0);
  },
  'many stale rows are all in the error, and some in its message': async (subject) => {
    await using db = await open(subject, 20);
    const em = db.em();
    for (const post of await posts(em)) post.title = 'mine';
    await changeElsewhere(db, ...Array.from({ length: 12 }, (_, n) => n + 1));
    const error = await stale(em);
    expect(error.rows.map(({ key }) => key)).toEqual(Array.from({ length: 12 }, (_, n) => n + 1));
    expect(error.message).toContain('and 7 more');
  },
  'a row that somebody deleted is stale, with a version or without': async (subject) => {
    await using db = await open(subject, 2);
    const em = db.em();
    const [first] = (await posts(em)) as [Post];
    const comment = em.create(Comment, { body: 'c', post: first });
    await em.flush();
    const other = db.em();
    other.remove(...(await other.find(Comment)));
    await other.flush();
    comment.body = 'changed';
    expect((await stale(em)).rows).toEqual([{ key: comment.id, expectedVersion: undefined }]);
  },
  'a relation that is set counts the version up; a link does not': async (subject) => {
    await using db = await open(subject, 1);
    const em = db.em();
    const [post] = (await posts(em)) as [Post];
    post.editor.set(em.create(Author, { name: 'editor' }));
    await em.flush();
    expect(post.version).toBe(2);
    post.tags.add(em.create(Tag, { name: 't' }));
    await em.flush();
    expect(post.version).toBe(2);
  },
  'after a refresh the edit can be made again': async (subject) => {
    await using db = await open(subject, 1);
    const em = db.em();
    const [post] = (await posts(em)) as [Post];
    await changeElsewhere(db, 1);
    post.title = 'mine';
    await stale(em);
    await em.refresh(post);
    expect([post.title, post.views, post.version]).toEqual(['post 1', 1000, 2]);
    post.title = 'mine';
    await em.flush();
    expect((await posts(db.em()))[0]).toMatchObject({ title: 'mine', views: 1000, version: 3 });
  },
  'many increments by several writers lose none': async (subject) => {
    await using db = await open(subject, 1);
    const each = (subject.rounds ?? 10_000) / 50;
    const work = async (): Promise<void> => {
      for (let done = 0; done < each; ) {
        const em = db.em();
        const [post] = (await posts(em)) as [Post];
        post.views += 1;
        try {
          await em.flush();
          done += 1;
        } catch (error) {
          if ((error as { code?: string }).code !== 'stale-entity') throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: 5 }, work));
    expect((await posts(db.em()))[0]).toMatchObject({
      views: 5 * each,
      version: 5 * each + 1,
    });
  },
};

/** Entities that were read before a transaction; in it they are verified, as those that it reads itself. */
const verified: Laws = {
  'a transaction that verifies its reads is stale where somebody changed a row that it only read': async (subject) => {
    await using db = await open(subject, 3);
    const em = db.em();
    const [first] = (await posts(em)) as [Post];
    const decide = async (): Promise<void> => {
      first.title = 'decided';
    };
    await changeElsewhere(db, 2);
    const failure = await expectCode(() => em.transaction(decide, { verifyReads: true }), 'stale-entity');
    expect((failure as StaleEntityError).rows).toEqual([{ key: 2, expectedVersion: 1 }]);
    expect([first.version, (await posts(db.em()))[0]?.title]).toEqual([1, 'post 1']);
    for (const post of await posts(em)) await em.refresh(post);
    first.title = 'decided';
    await em.transaction(async (tx) => expect(await tx.count(Post)).toBe(3), { verifyReads: true });
    expect((await posts(db.em())).map(({ title, version }) => [title, version])).toEqual([
      ['decided', 2],
      ['post 2', 2],
      ['post 3', 1],
    ]);
    await em.transaction(async (tx) => expect(await tx.count(Post)).toBe(3), { verifyReads: true });
  },
  'without it a row that was only read may have changed': async (subject) => {
    await using db = await open(subject, 2);
    const em = db.em();
    const [first] = (await posts(em)) as [Post];
    await changeElsewhere(db, 2);
    await em.transaction(async () => {
      first.title = 'decided';
    });
    expect((await posts(db.em()))[0]?.title).toBe('decided');
  },
};

/** Optimistic locks: nothing that somebody else wrote is overwritten unseen. */
export function lockSuite(subject: Subject): void {
  describe(`${subject.name}: optimistic locks`, () => {
    registerLaws(subject, 'optimistic locks', { ...laws, ...verified });
  });
}

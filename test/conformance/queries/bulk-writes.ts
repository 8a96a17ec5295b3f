import { expect } from 'vitest';
import { all, type Persistence } from '../../../src/index.ts';
import { concat, deleteFrom, exists, from, update } from '../../../src/query-builder/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Author, Comment, Post } from '../model/library.ts';
import { Sale } from '../model/sales.ts';
import { watchStatements, writing } from '../statements.ts';
import { openSales } from './computed-values.ts';
import { openLibrary } from './open-library.ts';

const views = async (db: Persistence) =>
  db.em().all(
    from(Post)
      .orderBy((post) => post.id)
      .select((post) => post.views),
  );

/** `update()` and `deleteFrom()`: many rows by one statement. */
export const bulkWrites: Laws = {
  'update() changes the rows that meet a condition by one statement, and counts their versions up': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const [before] = await em.find(Post, { id: 1 });
    const { texts } = watchStatements(db);
    const write = update(Post)
      .set((post) => ({ views: post.views.plus(5), title: concat(post.title, '?'), editor: 3 }))
      .where((post) => post.views.lte(20));
    expect((await em.execute(write)).affectedRows).toBe(2);
    expect(writing(texts)).toHaveLength(1);
    expect(await views(db)).toEqual([15, 25, 30, 40, 50, 50]);
    const [post] = await db.em().find(Post, { id: 1 });
    expect([post?.title, post?.editor.id, post?.version]).toEqual(['Alpha?', 3, 2]);
    // Whoever loaded the row before is told.
    if (before === undefined) throw new Error('a post');
    before.views = 0;
    await expectCode(() => em.flush(), 'stale-entity');
  },

  'update() takes criteria over relations, and queries, and NULL': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    await em.execute(
      update(Post)
        .set({ views: 0, publishedAt: null })
        .where({ author: { name: 'Cy' } }),
    );
    expect(await views(db)).toEqual([10, 20, 30, 40, 0, 0]);
    const commented = update(Post)
      .set({ views: 7 })
      .where((post) => exists(from(Comment).where((comment) => comment.post.id.eq(post.id))));
    expect((await em.execute(commented)).affectedRows).toBe(1);
    expect(await views(db)).toEqual([10, 20, 7, 40, 0, 0]);
    expect((await em.execute(update(Post).set({ views: 1 }).where(all()))).affectedRows).toBe(6);
  },

  'deleteFrom() deletes the rows that meet a condition, and tells live queries': async (subject) => {
    await using db = await openLibrary(subject);
    const live = db.live(from(Comment).select((comment) => comment.body))[Symbol.asyncIterator]();
    expect((await live.next()).value?.toSorted()).toEqual(['no', 'yes']);
    expect((await db.em().execute(deleteFrom(Comment).where({ body: 'no' }))).affectedRows).toBe(1);
    expect((await live.next()).value).toEqual(['yes']);
    await live.return?.();
    await expectCode(() => db.em().execute(deleteFrom(Author).where({ name: 'Ada' })), 'foreign-key-violation');
    expect(await db.em().count(Author)).toBe(4);
  },

  'rows that stay when they are removed are marked, and deleted for good on request': async (subject) => {
    await using db = await openSales(subject);
    const em = db.em();
    const removal = deleteFrom(Sale).where((sale) => sale.amount.gte(2));
    expect((await em.execute(removal)).affectedRows).toBe(2);
    expect((await em.execute(removal)).affectedRows).toBe(0);
    expect(await db.em().count(Sale)).toBe(1);
    const [sale] = await db.em().find(Sale, { id: 1 }, { withDeleted: true });
    expect(sale?.removedAt).toBeInstanceOf(Date);
    expect([sale?.version, sale !== undefined && sale.changedAt >= sale.soldAt]).toEqual([2, true]);
    await em.execute(deleteFrom(Sale, { purge: true }).where((row) => row.amount.lt(0)));
    expect(await db.em().count(Sale, {}, { withDeleted: true })).toBe(3);
  },

  'a write of many rows that says too little or too much is refused': async (subject) => {
    await using db = await openLibrary(subject);
    const em = db.em();
    const posts = update(Post).set({ views: 1 });
    const refused = [
      posts,
      posts.where({}),
      deleteFrom(Post),
      deleteFrom(Post).where({}),
      update(Post).where({ id: 1 }),
      update(Post)
        .set({ nothing: 1 } as never)
        .where({ id: 1 }),
      update(Post).set({ id: 2 }).where({ id: 1 }),
      update(Post)
        .set({ views: 'many' as never })
        .where({ id: 1 }),
      update(Post)
        .set({ title: null as never })
        .where({ id: 1 }),
      update(Post)
        .set({ author: null as never })
        .where({ id: 1 }),
      update(Post)
        .set((post) => ({ views: post.title as never }))
        .where({ id: 1 }),
      posts.where((post) => post.author.name.eq('Ada')),
    ];
    for (const write of refused) await expectCode(() => em.execute(write), 'validation');
    expect(await views(db)).toEqual([10, 20, 30, 40, 50, 50]);
    await db
      .transaction(async (tx) => {
        await tx.execute(posts.where({ id: 1 }));
        throw new Error('no');
      })
      .catch(() => undefined);
    expect(await views(db)).toEqual([10, 20, 30, 40, 50, 50]);
  },
};

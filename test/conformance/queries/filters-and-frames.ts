import { expect } from 'vitest';
import {
  avg,
  count,
  countDistinct,
  firstValue,
  from,
  lastValue,
  max,
  min,
  sum,
} from '../../../src/query-builder/index.ts';
import type { Laws } from '../laws.ts';
import { Post } from '../model/library.ts';
import { Sale } from '../model/sales.ts';
import { inSales } from './computed-values.ts';
import { inLibrary } from './open-library.ts';

/** Aggregates of some of the rows only: those that meet a condition, and those around each row. */
export const filtersAndFrames: Laws = {
  'aggregates count only the rows that meet a condition, in groups and windows': inLibrary(async (db) => {
    const em = db.em();
    const byAuthor = from(Post)
      .groupBy((post) => post.author.name)
      .having((post) => count().filter(post.views.gt(15)).gt(0))
      .orderBy((post) => post.author.name)
      .select((post) => ({
        by: post.author.name,
        posts: count(),
        dated: count().filter(post.publishedAt.isNotNull()),
        edited: count(post.editor.id).filter(post.views.gte(20)),
        kinds: countDistinct(post.views).filter(post.views.lt(50)),
        views: sum(post.views).filter(post.views.lt(40).and(post.views.gt(10))),
        mean: avg(post.views).filter(post.views.lt(0)),
      }));
    expect(await em.all(byAuthor)).toEqual([
      { by: 'Ada', posts: 2, dated: 1, edited: 1, kinds: 2, views: 20, mean: null },
      { by: 'Bob', posts: 2, dated: 2, edited: 1, kinds: 2, views: 30, mean: null },
      { by: 'Cy', posts: 2, dated: 1, edited: 0, kinds: 0, views: null, mean: null },
    ]);
    const running = from(Post)
      .orderBy((post) => post.id)
      .select((post) => count().filter(post.editor.id.isNotNull()).over({ orderBy: post.id }));
    expect(await em.all(running)).toEqual([0, 1, 2, 2, 2, 2]);
    const twice = from(Post).select((post) => count().filter(post.views.gt(10)).filter(post.views.lt(40)));
    expect(await em.all(twice)).toEqual([2]);
  }),

  'conditions of aggregates keep decimals exact, and NULL is no row that meets one': inSales(async (db) => {
    const totals = from(Sale).select((sale) => ({
      paid: sum(sale.price).filter(sale.paid.eq(true)),
      dear: min(sale.price).filter(sale.price.gt('10')),
      mean: avg(sale.price).filter(sale.paid.eq(true)),
      light: count().filter(sale.weight.lt(2)),
      serial: sum(sale.serial).filter(sale.amount.gt(2)),
      last: max(sale.soldAt).filter(sale.paid.eq(false)),
    }));
    expect(await db.em().all(totals)).toEqual([
      {
        paid: '112.50',
        dear: '12.50',
        mean: 56.25,
        light: 1,
        serial: 5n,
        last: new Date(Date.UTC(2024, 5, 1, 2)),
      },
    ]);
  }),

  'a frame says which rows around each one count': inLibrary(async (db) => {
    const framed = from(Post)
      .orderBy((post) => post.id)
      .select((post) => ({
        around: sum(post.views).over({ orderBy: post.id, frame: { from: -1, to: 1 } }),
        before: count().over({ orderBy: post.id, frame: { from: 'start', to: -1 } }),
        rest: sum(post.views).over({ orderBy: post.id, frame: { from: 0, to: 'end' } }),
        next: firstValue(post.title).over({ orderBy: post.id, frame: { from: 1, to: 2 } }),
        last: lastValue(post.title).over({
          partitionBy: post.author.id,
          orderBy: post.id,
          frame: { from: 'start', to: 'end' },
        }),
        large: count()
          .filter(post.views.gt(35))
          .over({ orderBy: post.id, frame: { from: -2, to: 0 } }),
      }));
    expect(await db.em().all(framed)).toEqual([
      { around: 30, before: 0, rest: 200, next: 'Beta', last: 'Beta', large: 0 },
      { around: 60, before: 1, rest: 190, next: 'Gamma', last: 'Beta', large: 0 },
      { around: 90, before: 2, rest: 170, next: '50% off', last: '50% off', large: 0 },
      { around: 120, before: 3, rest: 140, next: 'a_b\\c', last: '50% off', large: 1 },
      { around: 140, before: 4, rest: 100, next: '[a-z]!', last: '[a-z]!', large: 2 },
      { around: 100, before: 5, rest: 50, next: null, last: '[a-z]!', large: 3 },
    ]);
  }),
};

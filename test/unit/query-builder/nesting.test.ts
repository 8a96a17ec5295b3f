import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { and, type Persistence } from '../../../src/index.ts';
import {
  abs,
  allOf,
  anyOf,
  coalesce,
  type Expression,
  exists,
  from,
  literal,
  type Select,
  unionAll,
} from '../../../src/query-builder/index.ts';
import { openShop, refusal, Ware } from './shop.ts';

let db: Persistence;
beforeAll(async () => {
  db = await openShop();
});
afterAll(() => db.close());

const wares = from(Ware);
const ids: Select<readonly unknown[], { id: number }> = wares.select(({ id }) => ({ id }));
const times = (depth: number): number[] => Array.from({ length: depth }, (_, index) => index);

/** Queries in which something stands inside of itself many times. */
const nestings: Readonly<Record<string, (depth: number) => Select<readonly unknown[], unknown>>> = {
  conditions: (depth) =>
    wares.where((ware) =>
      times(depth).reduce<Expression<boolean>>(
        (inner, index) =>
          index % 2 === 0
            ? anyOf([inner, ware.id.eq(1)])
                .not()
                .not()
            : allOf([inner]),
        ware.id.eq(1),
      ),
    ),
  functions: (depth) => wares.select((ware) => times(depth).reduce<Expression<number>>((inner) => abs(inner), ware.id)),
  values: (depth) =>
    wares.select((ware) => times(depth).reduce<Expression<number>>((inner) => coalesce(inner, 0), ware.id)),
  'queries of queries': (depth) => times(depth).reduce<typeof ids>((inner) => from(inner), ids),
  'queries in conditions': (depth) =>
    times(depth).reduce<Select<readonly unknown[], unknown>>(
      (inner) => from(Ware).where(() => exists(inner)),
      from(Ware),
    ),
  compounds: (depth) => unionAll(ids, ...times(depth).map(() => ids)),
  'compounds of compounds': (depth) => times(depth).reduce<typeof ids>((inner) => unionAll(inner, ids), ids),
};

describe.each(Object.entries(nestings))('Nested %s', (_, nested) => {
  it('are run where they are not too deep', async () => {
    expect((await db.em().all(nested(20))).length).toBeGreaterThan(0);
  });

  it.each([600, 20_000])('are refused before any SQL when they are %i deep', async (depth) => {
    const error = await refusal(() => db.em().all(nested(depth)));
    expect([error.code, error.message]).toEqual(['validation', expect.stringMatching(/nested more than 500/)]);
  });
});

describe('A query that is large and not deep', () => {
  it('takes 10,000 conditions, in one list and in criteria beside it', async () => {
    const alternatives = wares.where((ware) => anyOf(times(10_000).map((id) => ware.id.eq(id + 2))));
    expect(await db.em().all(alternatives)).toHaveLength(2);
    const all = wares.where((ware) => allOf(times(10_000).map((id) => ware.id.ne(id + 3))));
    expect(await db.em().all(all.where({ name: 'a' }))).toHaveLength(1);
  });

  it('takes lists of 100,000 values of any type, and twice the same', async () => {
    const days = times(100_000).map((index) => new Date(Date.UTC(2024, 0, 2) + index));
    const numbers = times(100_000).map((index) => index);
    const names = times(100_000).map((index) => `'${index}"`);
    const query = wares
      .where((ware) => ware.madeAt.in(days).and(ware.id.in(numbers), ware.id.in(numbers), ware.name.notIn(names)))
      .select(({ name }) => name);
    expect(await db.em().all(query)).toEqual(['b']);
  });

  it('takes an empty list for what nothing is in', async () => {
    expect(await db.em().all(wares.where((ware) => ware.id.in([])))).toEqual([]);
    expect(await db.em().all(wares.where((ware) => ware.id.notIn([])))).toHaveLength(3);
    expect(await db.em().all(wares.groupBy(() => []).orderBy(() => []))).toHaveLength(3);
  });

  it('has projections of 100 levels, and none that contains itself', async () => {
    const nested = (depth: number) =>
      wares.limit(1).select((ware) => times(depth).reduce<never>((inner) => ({ inner }) as never, ware.id as never));
    let row: unknown = (await db.em().all(nested(100)))[0];
    for (let level = 0; level < 100; level += 1) row = (row as { inner: unknown }).inner;
    expect(row).toBe(1);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    for (const query of [nested(101), nested(100_000), wares.select(() => circle as never)]) {
      expect((await refusal(() => db.em().all(query))).message).toContain('nested more than 100 deep');
    }
  });

  it('has criteria of 100 levels, as everywhere', async () => {
    const deep = times(101).reduce<object>((inner) => and(inner as never), { id: 1 });
    expect((await refusal(() => db.em().all(wares.where(deep as never)))).message).toContain('more than 100 deep');
    const list: unknown[] = [];
    list.push(list);
    for (const circle of [list, { list }]) {
      const error = await refusal(() => db.em().all(wares.where((ware) => ware.tags.eq(circle))));
      expect([error.code, error.property]).toEqual(['validation', 'tags']);
    }
    expect(await db.em().all(wares.limit(1).select(() => literal('x'.repeat(1_000_000)).eq('y')))).toEqual([false]);
  });
});

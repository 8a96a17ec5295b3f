import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memory } from '../../../adapters/memory/index.ts';
import { pglite } from '../../../adapters/pglite/index.ts';
import { postgres } from '../../../src/dialect/postgres/index.ts';
import { createPersistence, isIn, type Persistence, type Selection } from '../../../src/index.ts';
import {
  coalesce,
  concat,
  count,
  deleteFrom,
  from,
  literal,
  min,
  recursive,
  statementOf,
  unionAll,
  update,
} from '../../../src/query-builder/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { Maker, openShop, Ware } from './shop.ts';

let db: Persistence;
beforeAll(async () => {
  db = await openShop();
});
afterAll(() => db.close());

const base = from(Ware).orderBy((ware) => ware.id);
const names = (query: Selection<Ware>): Promise<string[]> =>
  db
    .em()
    .all(query)
    .then((wares) => wares.map((ware) => ware.name));

describe('A query that others are made of', () => {
  it('is what it was, whichever method was called, before it ran and afterwards', async () => {
    const textOf = (query: Parameters<typeof statementOf>[0]) => statementOf(query, db);
    const start = from(Ware).where((ware) => ware.amount.gt(0));
    const before = textOf(start);
    const further = [
      () => start.where({ name: 'a' }),
      () => start.where((ware) => ware.name.ne('a')),
      () => start.join(Maker, (ware, maker) => ware.maker.id.eq(maker.id)),
      () => start.leftJoin(Maker, (ware, maker) => ware.maker.id.eq(maker.id)),
      () =>
        start.leftJoin(
          from(Maker).select(({ id }) => ({ id })),
          (ware, maker) => ware.maker.id.eq(maker.id),
        ),
      () => start.select((ware) => ware.maker.name),
      () => start.distinct(),
      () => start.groupBy((ware) => ware.maker.name),
      () => start.having((ware) => ware.id.gt(0)),
      () => start.orderBy((ware) => [ware.maker.name, ware.id.desc()]),
      () => start.orderBy((ware) => ware.id).after([1]),
      () => start.limit(1),
      () => start.offset(1),
    ];
    const texts = new Set([before.sql]);
    for (const next of further) {
      texts.add(textOf(next()).sql);
      expect(textOf(start)).toEqual(before);
    }
    expect(texts.size).toBe(further.length + 1);
    expect(await names(start)).toEqual(['a', 'b', 'c']);
    expect(await names(start.limit(1))).toEqual(['a']);
    expect(await names(start)).toEqual(['a', 'b', 'c']);
  });

  it('is so for writes', () => {
    const start = update(Ware).set({ amount: 1 }).where({ id: 1 });
    const before = statementOf(start, db);
    statementOf(
      start.set({ name: 'x', amount: 2 }).where((ware) => ware.id.gt(0)),
      db,
    );
    expect(statementOf(start, db)).toEqual(before);
    const gone = deleteFrom(Ware).where({ id: 1 });
    const goneBefore = statementOf(gone, db);
    statementOf(gone.where({ id: 2 }), db);
    expect(statementOf(gone, db)).toEqual(goneBefore);
  });

  it('stands many times in one statement, each time under its own names', async () => {
    const ids = from(Ware)
      .where((ware) => ware.amount.gte(2))
      .select((ware) => ({ id: ware.id }));
    const both = from(ids)
      .join(ids, (one, other) => one.id.lt(other.id))
      .where((one) => one.id.in(from(ids).select((row) => row.id)));
    expect(await db.em().all(both.select((one, other) => ({ one: one.id, other: other.id })))).toEqual([
      { one: 2, other: 3 },
    ]);
    const numbers = recursive(
      from(Maker)
        .where({ id: 1 })
        .select(() => ({ n: literal(1) })),
      (found) => found.where((row) => row.n.lt(3)).select((row) => ({ n: row.n.plus(1) })),
    );
    const pairs = from(numbers).join(numbers, (one, other) => one.n.eq(other.n));
    expect(await db.em().all(pairs.select(() => count()))).toEqual([3]);
  });

  it('runs many times at once', async () => {
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => names(base.limit(index % 4))));
    expect(results.map((result) => result.length)).toEqual(Array.from({ length: 50 }, (_, index) => index % 4));
    const shared = await Promise.all(Array.from({ length: 50 }, () => names(base)));
    expect(new Set(shared.map((result) => result.join()))).toEqual(new Set(['a,b,c']));
  });
});

describe('A query that several databases share', () => {
  const query = from(Ware)
    .where((ware) => ware.name.ne('b').and(ware.price.times('2.0').gt('1.5'), ware.id.in([1, 2, 3])))
    .orderBy((ware) => ware.id)
    .select((ware) => ({ name: ware.name, double: ware.price.times(2), maker: ware.maker.name }));

  it('is a statement of its own for each, with the rows of each', async () => {
    await using other = await createPersistence({
      driver: pglite({ database: new PGlite() }),
      entities: [Maker, Ware],
    });
    await createSchema(other);
    const em = other.em();
    em.create(Ware, { name: 'p', amount: 1, price: '2.50', maker: em.create(Maker, { name: 'Eve' }) });
    await em.flush();
    const own = [
      { name: 'a', double: '2.00', maker: 'Ada' },
      { name: 'c', double: '2.00', maker: 'Ada' },
    ];
    const theirs = [{ name: 'p', double: '5.00', maker: 'Eve' }];
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.all([db.em().all(query), other.em().all(query), db.em().all(query)]);
      expect(results).toEqual([own, theirs, own]);
    }
  });

  it('is in the words of each dialect', async () => {
    await using other = await createPersistence({ driver: memory({ dialect: postgres }), entities: [Maker, Ware] });
    const [first, second, third] = [db, other, db].map((target) => statementOf(query, target));
    expect(first).toEqual(third);
    expect(first?.sql).toContain('?');
    expect(second?.sql).toContain('$1');
  });
});

describe('What becomes of a value after the query was built', () => {
  it('is not a part of it: dates, bytes, lists, and plain data', async () => {
    const day = new Date(Date.UTC(2024, 0, 2));
    const bytes = new Uint8Array([1]);
    const buffer = Buffer.from([1]);
    const ids = [2];
    const tags = { at: 1 };
    const criteria = { name: 'b', madeAt: day };
    const values = [2];
    const set = { name: 'b', tags: { at: 1 }, scan: bytes };
    const queries = [
      base.where((ware) => ware.madeAt.eq(day)),
      base.where((ware) => ware.scan.eq(bytes)),
      base.where((ware) => ware.scan.eq(buffer)),
      base.where((ware) => ware.madeAt.in([day])),
      base.where((ware) => ware.id.in(ids)),
      base.where((ware) => ware.tags.eq(tags)),
      base.where(criteria),
      base.after([1]).where({ id: isIn([2]) }),
      base.after(values).where((ware) => ware.id.gt(2)),
    ];
    const write = update(Ware).set(set).where(criteria);
    day.setTime(0);
    bytes[0] = 9;
    buffer[0] = 9;
    ids[0] = 9;
    tags.at = 9;
    criteria.name = 'x';
    values[0] = 9;
    set.name = 'x';
    set.tags.at = 9;
    const found = await Promise.all(queries.map(names));
    expect(found).toEqual([...Array.from({ length: 8 }, () => ['b']), ['c']]);
    expect(await db.em().execute(write)).toMatchObject({ affectedRows: 1 });
    const stored = from(Ware)
      .where({ id: 2 })
      .select(({ name, tags: kept, scan }) => ({ name, tags: kept, scan }));
    expect(await db.em().all(stored)).toEqual([{ name: 'b', tags: { at: 1 }, scan: new Uint8Array([1]) }]);
  });
});

describe('Numbers at their edges', () => {
  it('are taken as they are', async () => {
    expect(await names(base.limit(-0))).toEqual([]);
    expect(await names(base.limit(1).offset(-0))).toEqual(['a']);
    expect(await names(base.limit(Number.MAX_SAFE_INTEGER))).toEqual(['a', 'b', 'c']);
    expect(await names(base.where((ware) => ware.amount.gt(-0)))).toEqual(['a', 'b', 'c']);
    const edges = base.limit(1).select(() => ({
      least: literal(Number.MIN_SAFE_INTEGER),
      big: literal(2n ** 63n - 1n),
      tiny: literal(5e-324),
      no: literal(false),
    }));
    expect(await db.em().all(edges)).toEqual([
      { least: Number.MIN_SAFE_INTEGER, big: 2n ** 63n - 1n, tiny: 5e-324, no: false },
    ]);
  });
});

describe('The order of properties', () => {
  it('is that of the first query, in compounds and recursions', async () => {
    const first = from(Ware)
      .where({ id: 1 })
      .select(({ id, name }) => ({ id, name }));
    const turned = from(Ware)
      .where({ id: 2 })
      .select(({ id, name }) => ({ name, id }));
    // Its group is named by the place of its column, because there is a parameter in it.
    const grouped = from(Ware)
      .where({ id: 3 })
      .groupBy(({ name }) => concat(name, '!'))
      .select(({ id, name }) => ({ name: concat(name, '!'), id: coalesce(min(id), 0) }));
    expect(await db.em().all(unionAll(first, turned, grouped).orderBy((row) => row.id))).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
      { id: 3, name: 'c!' },
    ]);
    const walk = recursive(first, (found) =>
      found.join(Ware, (last, ware) => ware.id.eq(last.id.plus(1))).select((_, { id, name }) => ({ name, id })),
    );
    expect((await db.em().all(walk)).map((row) => row.name)).toEqual(['a', 'b', 'c']);
  });
});

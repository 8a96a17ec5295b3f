import { expect } from 'vitest';
import type { Persistence, Selection } from '../../../src/index.ts';
import { abs, avg, coalesce, count, from, literal, max, min, sum } from '../../../src/query-builder/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Agent, Place, Sale, Seller, sales } from '../model/sales.ts';
import type { Subject } from '../subject.ts';

const at = (hour: number): Date => new Date(Date.UTC(2024, 5, 1, hour));

/** Four sales, one of them removed; decimals with and without cents, numbers beyond 2^53, NULLs. */
export async function openSales(subject: Subject): Promise<Persistence> {
  const db = await subject.open(sales);
  const em = db.em();
  const eve = em.create(Seller, { id: 1, name: 'Eve' });
  const agent = em.create(Agent, { id: 2, name: 'Ann', region: 'north' });
  const rome = new Place({ street: 'Via Appia', city: 'Rome' });
  const york = new Place({ street: 'Main St', city: 'York' });
  const sale = { weight: null, discount: null, place: rome, seller: eve };
  em.create(Sale, { ...sale, price: '12.50', amount: 2, serial: 2n ** 60n, paid: true, soldAt: at(1), weight: 1.5 });
  em.create(Sale, { ...sale, price: '9.99', amount: 3, serial: 5n, paid: false, soldAt: at(2), discount: '0.125' });
  em.create(Sale, {
    ...sale,
    price: '100.00',
    amount: -7,
    serial: 1n,
    paid: true,
    soldAt: at(3),
    place: york,
    seller: agent,
  });
  const gone = em.create(Sale, {
    ...sale,
    price: '1.00',
    amount: 1,
    serial: 1n,
    paid: true,
    soldAt: at(4),
    seller: null,
  });
  await em.flush();
  em.remove(gone);
  await em.flush();
  return db;
}

/** A law over the sales, which are closed behind it. */
export const inSales = (work: (db: Persistence) => Promise<void>) => async (subject: Subject) => {
  await using db = await openSales(subject);
  await work(db);
};

/** What a query computes is the same on every engine: whole numbers whole, decimals exact. */
export const computedValues: Laws = {
  'sums, means and extremes keep the type, and decimals are exact': inSales(async (db) => {
    const totals = from(Sale).select((sale) => ({
      price: sum(sale.price),
      least: min(sale.price),
      most: max(sale.price),
      mean: avg(sale.price),
      amount: sum(sale.amount),
      average: avg(sale.amount),
      weight: sum(sale.weight),
      serial: sum(sale.serial),
      last: max(sale.soldAt),
      discount: sum(sale.discount),
    }));
    const [row] = await db.em().all(totals);
    expect(row).toMatchObject({
      price: '122.49',
      least: '9.99',
      most: '100.00',
      amount: -2,
      weight: 1.5,
      serial: 2n ** 60n + 6n,
      last: at(3),
      discount: '0.125',
    });
    expect(row?.mean).toBeCloseTo(40.83, 6);
    expect(row?.average).toBeCloseTo(-2 / 3, 6);
    const none = totals.where((sale) => sale.id.lt(0));
    expect(await db.em().all(none.select((sale) => ({ sum: sum(sale.price), count: count() })))).toEqual([
      { sum: null, count: 0 },
    ]);
  }),

  'arithmetic is exact over whole numbers and decimals, and floating where it divides': inSales(async (db) => {
    const rows = await db.em().all(
      from(Sale)
        .orderBy((sale) => sale.id)
        .select((sale) => ({
          total: sale.price.times(sale.amount),
          more: sale.price.plus('0.005'),
          less: sale.price.minus(coalesce(sale.discount, '0.000')),
          square: sale.price.times(sale.price),
          half: sale.price.dividedBy(2),
          next: sale.amount.plus(1).times(2),
          size: abs(sale.amount),
          rest: sale.amount.modulo(3),
          none: sale.amount.dividedBy(0),
          scaled: sale.amount.times(1.5),
          serial: sale.serial.plus(1n),
          further: sale.serial.plus(1),
          nothing: sale.amount.minus(9).times(0),
          either: coalesce(sale.discount, sale.price),
        })),
    );
    const [first, second, third] = rows;
    expect(rows).toHaveLength(3);
    expect(first).toEqual({
      total: '25.00',
      more: '12.505',
      less: '12.500',
      square: '156.2500',
      half: 6.25,
      next: 6,
      size: 2,
      rest: 2,
      none: null,
      scaled: 3,
      serial: 2n ** 60n + 1n,
      further: 2n ** 60n + 1n,
      nothing: 0,
      either: '12.500',
    });
    expect([second?.less, second?.total, second?.square]).toEqual(['9.865', '29.97', '99.8001']);
    expect([third?.total, third?.size, third?.rest]).toEqual(['-700.00', 7, -1]);
  }),

  'decimals are compared and ordered by value, computed ones as well': inSales(async (db) => {
    const ids = from(Sale)
      .orderBy((sale) => sale.price.desc())
      .select((sale) => sale.id);
    expect(await db.em().all(ids)).toEqual([3, 1, 2]);
    expect(await db.em().all(ids.where((sale) => sale.price.gt('10')))).toEqual([3, 1]);
    expect(await db.em().all(ids.where((sale) => sale.price.eq('9.99')))).toEqual([2]);
    expect(await db.em().all(ids.where((sale) => sale.price.times(2).eq('25.00')))).toEqual([1]);
    expect(await db.em().all(ids.where((sale) => sale.price.gt(sale.discount)))).toEqual([2]);
    expect(await db.em().all(ids.where((sale) => sale.price.ne(sale.discount)))).toEqual([3, 1, 2]);
    // Computed ones of other digits, and among those of a query.
    expect(await db.em().all(ids.where((sale) => sale.price.minus(12).lt(sale.discount.plus(0))))).toEqual([2]);
    expect(await db.em().all(ids.where((sale) => sale.price.times(1).eq(sale.price)))).toEqual([3, 1, 2]);
    const doubled = from(Sale).select((sale) => sale.price.times(2).plus('0.000'));
    expect(await db.em().all(ids.where((sale) => sale.price.plus(sale.price).in(doubled)))).toEqual([3, 1, 2]);
    expect(await db.em().all(ids.where((sale) => sale.price.in(doubled)))).toEqual([]);
    const grouped = from(Sale)
      .groupBy((sale) => sale.place.city)
      .having((sale) => sum(sale.price).lt('50.00'))
      .select((sale) => ({ city: sale.place.city, sum: sum(sale.price) }));
    expect(await db.em().all(grouped)).toEqual([{ city: 'Rome', sum: '22.49' }]);
    const outer = from(from(Sale).select((sale) => ({ price: sale.price, twice: sale.price.times(2) })));
    const above = outer.where((row) => row.twice.gt('20.00')).orderBy((row) => row.price);
    expect(await db.em().all(above)).toEqual([
      { price: '12.50', twice: '25.00' },
      { price: '100.00', twice: '200.00' },
    ]);
  }),

  'embedded values, subtypes and removed rows are what they are in criteria': inSales(async (db) => {
    const em = db.em();
    const inYork = from(Sale)
      .where((sale) => sale.place.city.eq('York'))
      .select((sale) => ({
        street: sale.place.street,
        at: sale.soldAt,
        paid: sale.paid,
        known: sale.seller.id.isNotNull(),
      }));
    expect(await em.all(inYork)).toEqual([{ street: 'Main St', at: at(3), paid: true, known: true }]);
    const counted = from(Sale).select(() => count());
    expect(await em.all(counted)).toEqual([3]);
    expect(await em.all(counted.withDeleted())).toEqual([4]);
    const agents = await em.all(from(Agent));
    expect(agents.map((agent) => [agent instanceof Agent, agent.region])).toEqual([[true, 'north']]);
    expect(
      await em.all(
        from(Seller)
          .orderBy((seller) => seller.id)
          .select((seller) => seller.name),
      ),
    ).toEqual(['Eve', 'Ann']);
    const flags = from(Sale)
      .where((sale) => sale.paid.and(sale.amount.gt(0)))
      .select((sale) => ({ id: sale.id, yes: literal(true), big: sale.serial.gt(100n) }));
    expect(await em.all(flags)).toEqual([{ id: 1, yes: true, big: true }]);
  }),

  'what cannot be computed exactly is refused': inSales(async (db) => {
    const refused: readonly Selection<unknown>[] = [
      from(Sale).select((sale) => sum(sale.paid as never)),
      from(Sale).select((sale) => sale.price.plus(sale.weight as never)),
      from(Sale).select((sale) => sale.price.modulo(2 as never)),
      from(Sale).select((sale) => sale.amount.plus(Number.NaN)),
      from(Sale).select((sale) => sale.amount.plus('1' as never)),
      from(Sale).select((sale) => max(sale.paid)),
    ];
    for (const query of refused) await expectCode(() => db.em().all(query), 'validation');
  }),
};

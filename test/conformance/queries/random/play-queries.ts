import fc from 'fast-check';
import { expect } from 'vitest';
import type { Persistence, Selection } from '../../../../src/index.ts';
import { count, countDistinct, from, max, min, sum } from '../../../../src/query-builder/index.ts';
import { Place, Sale, Seller, sales } from '../../model/sales.ts';
import type { Subject } from '../../subject.ts';
import { type Condition, conditions, type NumberExpression, numbers, type SaleFields } from './arbitrary-expression.ts';
import { add, compare, type Decimal, textOf } from './exact-number.ts';
import { ROWS, type SaleRow } from './sale-row.ts';

/** Opens a database with the rows of the reference. */
export async function openRows(subject: Subject): Promise<Persistence> {
  const db = await subject.open(sales);
  const em = db.em();
  const names = [...new Set(ROWS.map(({ seller }) => seller))].filter((name) => name !== null);
  const sellers = new Map(names.map((name, index) => [name, em.create(Seller, { id: index + 1, name })]));
  for (const { id: _, city, seller, ...row } of ROWS) {
    em.create(Sale, {
      ...row,
      weight: null,
      serial: 1n,
      soldAt: new Date(0),
      place: new Place({ street: 'Any', city }),
      seller: seller === null ? null : (sellers.get(seller) ?? null),
    });
  }
  await em.flush();
  return db;
}

/** A query beside the rows that it has to give, in their order. */
interface Wanted {
  readonly query: Selection<unknown>;
  readonly rows: readonly unknown[];
}

const wholeOrText = (number: NumberExpression, value: Decimal | null): number | string | null => {
  if (value === null) return null;
  return number.isWhole ? Number(value.units) : textOf(value);
};

const meets =
  (condition: Condition) =>
  (row: SaleRow): boolean =>
    condition.holds(row) === true;

/** Rows of conditions and numbers, a page of them. */
function pageOf(condition: Condition, number: NumberExpression, desc: boolean, offset: number): Wanted {
  const key = (sale: SaleFields) => number.make(sale) as ReturnType<typeof number.make> & SaleFields['amount'];
  const query = from(Sale)
    .where((sale) => condition.make(sale))
    .orderBy((sale) => [desc ? key(sale).desc({ nulls: 'last' }) : key(sale).asc({ nulls: 'last' }), sale.id])
    .select((sale) => ({ id: sale.id, number: key(sale), by: sale.seller.name }))
    .limit(7)
    .offset(offset);
  const order = (a: Decimal | null, b: Decimal | null): number => {
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return desc ? -compare(a, b) : compare(a, b);
  };
  const rows = ROWS.filter(meets(condition)).sort((a, b) => order(number.value(a), number.value(b)) || a.id - b.id);
  return {
    query,
    rows: rows
      .slice(offset, offset + 7)
      .map((row) => ({ id: row.id, number: wholeOrText(number, number.value(row)), by: row.seller })),
  };
}

const extreme = (values: readonly Decimal[], sign: number): Decimal | null =>
  values.reduce<Decimal | null>((best, each) => (best === null || compare(each, best) * sign > 0 ? each : best), null);

/** Groups with aggregates, of which some are of some rows only. */
function groupsOf(condition: Condition, part: Condition, number: NumberExpression, least: number): Wanted {
  const value = (sale: SaleFields) => number.make(sale) as SaleFields['amount'];
  const query = from(Sale)
    .where((sale) => condition.make(sale))
    .groupBy((sale) => [sale.place.city, sale.paid])
    .having((sale) => count().filter(part.make(sale)).gte(least))
    .orderBy((sale) => [sale.place.city, sale.paid])
    .select((sale) => ({
      city: sale.place.city,
      paid: sale.paid,
      rows: count(),
      values: count(value(sale)),
      kinds: countDistinct(value(sale)),
      sum: sum(value(sale)),
      part: sum(value(sale)).filter(part.make(sale)),
      least: min(value(sale)),
      most: max(value(sale)),
    }));
  const groups = new Map<string, SaleRow[]>();
  for (const row of ROWS.filter(meets(condition))) {
    const name = `${row.city} ${row.paid}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const valuesOf = (rows: readonly SaleRow[]) => rows.map(number.value).filter((each) => each !== null);
  const total = (rows: readonly SaleRow[]) => {
    const [first, ...others] = valuesOf(rows);
    return first === undefined ? null : others.reduce(add, first);
  };
  const shown = (each: Decimal | null) => wholeOrText(number, each);
  return {
    query,
    rows: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, rows]) => rows)
      .filter((rows) => rows.filter(meets(part)).length >= least)
      .map((rows) => ({
        city: rows[0]?.city,
        paid: rows[0]?.paid,
        rows: rows.length,
        values: valuesOf(rows).length,
        kinds: new Set(valuesOf(rows).map(textOf)).size,
        sum: shown(total(rows)),
        part: shown(total(rows.filter(meets(part)))),
        least: shown(extreme(valuesOf(rows), -1)),
        most: shown(extreme(valuesOf(rows), 1)),
      })),
  };
}

/** Runs that many random queries of each kind, and compares their rows with what a trivial reference says. */
export async function playQueries(db: Persistence, runs: number): Promise<void> {
  const em = db.em();
  const check = async ({ query, rows }: Wanted, text: string): Promise<void> => {
    expect(await em.all(query), text).toEqual(rows);
  };
  await fc.assert(
    fc.asyncProperty(
      conditions,
      numbers,
      fc.boolean(),
      fc.integer({ min: 0, max: 9 }),
      (condition, number, desc, offset) =>
        check(pageOf(condition, number, desc, offset), `${condition.text} by ${number.text}`),
    ),
    { numRuns: runs },
  );
  await fc.assert(
    fc.asyncProperty(
      conditions,
      conditions,
      numbers,
      fc.integer({ min: 0, max: 2 }),
      (condition, part, number, least) =>
        check(groupsOf(condition, part, number, least), `${condition.text}, ${part.text}: ${number.text}`),
    ),
    { numRuns: runs },
  );
}

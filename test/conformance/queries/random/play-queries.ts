import fc from 'fast-check';
import { expect } from 'vitest';
import type { Persistence, Selection } from '../../../../src/index.ts';
import {
  count,
  countDistinct,
  deleteFrom,
  from,
  max,
  min,
  rowNumber,
  sum,
  update,
} from '../../../../src/query-builder/index.ts';
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

/** The expression, where whole numbers and decimals are handled alike. */
const made = (number: NumberExpression, sale: SaleFields) => number.make(sale) as SaleFields['amount'];

const meets =
  (condition: Condition) =>
  (row: SaleRow): boolean =>
    condition.holds(row) === true;

/** Rows of conditions and numbers, a page of them. */
function pageOf(condition: Condition, number: NumberExpression, desc: boolean, offset: number): Wanted {
  const query = from(Sale)
    .where((sale) => condition.make(sale))
    .orderBy((sale) => [
      desc ? made(number, sale).desc({ nulls: 'last' }) : made(number, sale).asc({ nulls: 'last' }),
      sale.id,
    ])
    .select((sale) => ({ id: sale.id, number: made(number, sale), by: sale.seller.name }))
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

const valuesOf = (number: NumberExpression, rows: readonly SaleRow[]): Decimal[] =>
  rows.map(number.value).filter((each) => each !== null);

const total = (number: NumberExpression, rows: readonly SaleRow[]): Decimal | null => {
  const [first, ...others] = valuesOf(number, rows);
  return first === undefined ? null : others.reduce(add, first);
};

const extreme = (values: readonly Decimal[], sign: number): Decimal | null =>
  values.reduce<Decimal | null>((best, each) => (best === null || compare(each, best) * sign > 0 ? each : best), null);

/** Groups with aggregates, of which some are of some rows only. */
function groupsOf(condition: Condition, part: Condition, number: NumberExpression, least: number): Wanted {
  const query = from(Sale)
    .where((sale) => condition.make(sale))
    .groupBy((sale) => [sale.place.city, sale.paid])
    .having((sale) => count().filter(part.make(sale)).gte(least))
    .orderBy((sale) => [sale.place.city, sale.paid])
    .select((sale) => ({
      city: sale.place.city,
      paid: sale.paid,
      rows: count(),
      values: count(made(number, sale)),
      kinds: countDistinct(made(number, sale)),
      sum: sum(made(number, sale)),
      part: sum(made(number, sale)).filter(part.make(sale)),
      least: min(made(number, sale)),
      most: max(made(number, sale)),
    }));
  const groups = new Map<string, SaleRow[]>();
  for (const row of ROWS.filter(meets(condition))) {
    const name = `${row.city} ${row.paid}`;
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
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
        values: valuesOf(number, rows).length,
        kinds: new Set(valuesOf(number, rows).map(textOf)).size,
        sum: shown(total(number, rows)),
        part: shown(total(number, rows.filter(meets(part)))),
        least: shown(extreme(valuesOf(number, rows), -1)),
        most: shown(extreme(valuesOf(number, rows), 1)),
      })),
  };
}

/** The first rows of each city, by a query over a query with windows; sums of the rows around each. */
function firstOf(condition: Condition, number: NumberExpression, places: number): Wanted {
  const ranked = from(Sale)
    .where((sale) => condition.make(sale))
    .select((sale) => ({
      id: sale.id,
      city: sale.place.city,
      place: rowNumber().over({ partitionBy: sale.place.city, orderBy: [sale.amount.desc(), sale.id] }),
      around: sum(made(number, sale)).over({
        partitionBy: sale.place.city,
        orderBy: [sale.amount.desc(), sale.id],
        frame: { from: -1, to: 1 },
      }),
    }));
  const query = from(ranked)
    .where((row) => row.place.lte(places))
    .orderBy((row) => [row.city, row.place]);
  const cities = [...new Set(ROWS.map(({ city }) => city))].sort();
  const rows = cities.flatMap((city) => {
    const ordered = ROWS.filter((row) => row.city === city && meets(condition)(row)).sort(
      (a, b) => b.amount - a.amount || a.id - b.id,
    );
    return ordered.slice(0, places).map(({ id }, index) => {
      const around = total(number, ordered.slice(Math.max(index - 1, 0), index + 2));
      return { id, city, place: index + 1, around: wholeOrText(number, around) };
    });
  });
  return { query, rows };
}

/**
 * Writes many rows at once, that many times, and compares after each what is there. Each write is of what those before have
 * left; numbers stay small by a remainder, and rows are removed one at a time.
 */
export async function playWrites(db: Persistence, runs: number): Promise<void> {
  const em = db.em();
  let rows = ROWS.map((row) => ({ ...row, version: 1 }));
  const write = async (condition: Condition, number: NumberExpression, id: number, removes: boolean): Promise<void> => {
    const isMeant = (row: SaleRow): boolean => meets(condition)(row) && (!removes || row.id === id);
    const where = (sale: SaleFields) => (removes ? condition.make(sale).and(sale.id.eq(id)) : condition.make(sale));
    const value = (row: SaleRow) => Number((number.value(row)?.units ?? 0n) % 50n);
    const { affectedRows } = await em.execute(
      removes
        ? deleteFrom(Sale).where(where)
        : update(Sale)
            .set((sale) => ({ amount: made(number, sale).modulo(50) as SaleFields['amount'] }))
            .where(where),
    );
    const text = `${removes ? `remove ${id}` : number.text} where ${condition.text}`;
    expect(affectedRows, text).toBe(rows.filter(isMeant).length);
    rows = removes
      ? rows.filter((row) => !isMeant(row))
      : rows.map((row) => (isMeant(row) ? { ...row, amount: value(row), version: row.version + 1 } : row));
    const left = from(Sale)
      .orderBy((sale) => sale.id)
      .select((sale) => ({ id: sale.id, amount: sale.amount, version: sale.version }));
    expect(await em.all(left), text).toEqual(rows.map(({ id, amount, version }) => ({ id, amount, version })));
  };
  const wholes = numbers.filter(({ isWhole }) => isWhole);
  // A write of many rows joins nothing.
  const own = conditions.filter(({ text }) => !text.includes('seller'));
  // Not shrunk: what was written stays written.
  const samples = fc.sample(fc.tuple(own, wholes, fc.integer({ min: 1, max: 30 }), fc.boolean()), runs);
  for (const sample of samples) await write(...sample);
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
  await fc.assert(
    fc.asyncProperty(conditions, numbers, fc.integer({ min: 1, max: 3 }), (condition, number, places) =>
      check(firstOf(condition, number, places), `the first ${places} where ${condition.text}: ${number.text}`),
    ),
    { numRuns: runs },
  );
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { like, type Persistence, type Selection } from '../../../src/index.ts';
import {
  coalesce,
  concat,
  type Expression,
  from,
  literal,
  statementOf,
  update,
} from '../../../src/query-builder/index.ts';
import { naughtyStrings } from '../../support/naughty-strings.ts';
import { Maker, openShop, refusal, Ware } from './shop.ts';

let db: Persistence;
beforeAll(async () => {
  db = await openShop();
});
afterAll(() => db.close());

const secret = 's3cret';
const quotes = `${secret}'; DROP TABLE "wares"; -- \` \\ $1 ? :x @x`;

/** What somebody's data can be, and what can be made of a query by copying it. */
const forgeries: readonly (readonly [string, unknown])[] = [
  ['an operator as JSON', JSON.parse(`{"eq":"${secret}"}`)],
  ['an operator of MongoDB', JSON.parse(`{"$gt":"${secret}"}`)],
  ['a part of a query as JSON', JSON.parse(`{"lower":"${secret}","value":1}`)],
  ['a node', { kind: 'constant', value: `1 OR 1 = 1 /* ${secret} */` }],
  ['a list', [secret]],
  ['an empty list', []],
  ['a copy of an expression', structuredClone(literal(secret))],
  ['JSON of an expression', JSON.parse(JSON.stringify(literal(secret)))],
  ['an object with the symbol of another realm', { [Symbol.for('lower')]: () => secret }],
  ['an object with a symbol of that name', { [Symbol('lower')]: () => secret }],
  ['a query', from(Ware).select((ware) => ware.name)],
  ['a write', update(Ware).set({ name: secret })],
  ['an operator of criteria', like(`${secret}%`)],
  ['a function', () => secret],
  ['a symbol', Symbol(secret)],
  ['a boxed text', Object(secret)],
  ['an object that says it is text', { toString: () => secret, [Symbol.toPrimitive]: () => secret }],
  ['a promise', Promise.resolve(secret)],
  ['a map', new Map([[secret, secret]])],
];

/** The expressions of every type but JSON. */
const columns: readonly (readonly [string, (fields: Fields) => Expression<unknown>])[] = [
  ['text', (ware) => ware.name],
  ['integer', (ware) => ware.amount],
  ['bigint', (ware) => ware.sold],
  ['decimal', (ware) => ware.price],
  ['float', (ware) => ware.weight],
  ['datetime', (ware) => ware.madeAt],
  ['date', (ware) => ware.day],
  ['uuid', (ware) => ware.code],
  ['bytes', (ware) => ware.scan],
  ['boolean', (ware) => ware.isNew],
  ['embedded', (ware) => ware.size.width],
  ['a computed text', (ware) => concat(ware.name, '!')],
  ['a computed number', (ware) => ware.amount.plus(1)],
  ['a relation behind another', (ware) => ware.maker.name],
];

const wares = from(Ware);
type Fields = Parameters<Extract<Parameters<(typeof wares)['where']>[0], (...fields: never) => unknown>>[0];

describe.each(columns)('Beside %s', (_, column) => {
  it.each(forgeries)('%s is a wrong value, never SQL', async (_name, forgery) => {
    const value = forgery as never;
    const asked = [
      wares.where((ware) => column(ware).eq(value)),
      wares.where((ware) => column(ware).ne(value)),
      wares.where((ware) => column(ware).gt(value)),
      wares.where((ware) => column(ware).in([value])),
      wares.where((ware) => column(ware).between(value, value)),
      wares.select((ware) => coalesce(column(ware), value)),
    ];
    for (const query of asked) {
      const error = await refusal(() => db.em().all(query as typeof wares));
      expect([error.code, error.message.includes(secret)]).toEqual(['validation', false]);
    }
  });
});

describe('Texts', () => {
  it.each([...naughtyStrings, quotes])('%j is a parameter wherever it stands', async (value) => {
    const query = from(Ware)
      .where((ware) => ware.name.eq(value).or(ware.name.contains(value), ware.name.in([value]), ware.amount.gt(2)))
      .orderBy((ware) => concat(ware.name, value))
      .select((ware) => ({
        id: ware.id,
        value: literal(value),
        both: concat(value, coalesce(ware.maker.name, value)),
      }));
    const { sql, params } = statementOf(query, db);
    expect(sql.split('?')).toHaveLength(params.length + 1);
    expect(params.filter((param) => param === value).length).toBeGreaterThanOrEqual(4);
    const [row] = await db.em().all(query.limit(1));
    expect(row).toMatchObject({ value, both: `${value}Ada` });
  });

  it('leave the SQL as it is with any other text', () => {
    const sqlOf = (value: string) =>
      statementOf(
        from(Ware)
          .where((ware) => ware.name.eq(value).and(ware.name.startsWith(value)))
          .groupBy((ware) => ware.name)
          .having((ware) => ware.name.ne(value))
          .select((ware) => concat(ware.name, value)),
        db,
      ).sql;
    for (const value of [...naughtyStrings, quotes]) expect(sqlOf(value)).toBe(sqlOf('x'));
  });

  it('are written as they are by update()', async () => {
    const em = db.em();
    const ware = em.create(Ware, { name: 'z', amount: 9, maker: 1 });
    await em.flush();
    for (const name of [...naughtyStrings, quotes]) {
      await em.execute(update(Ware).set({ name }).where({ id: ware.id }));
      const stored = from(Ware)
        .where({ id: ware.id })
        .select(({ name: column }) => column);
      expect(await em.all(stored)).toEqual([name]);
    }
    em.remove(ware);
    await em.flush();
  });
});

describe('What is no value of a query', () => {
  it.each(forgeries)('%s is no condition, no key of an order or a group, and no projection', async (_, forgery) => {
    const given = () => forgery as never;
    const attempts: (() => unknown)[] = [
      () => db.em().all(wares.where(given)),
      () => db.em().all(wares.having(given)),
      () => db.em().all(wares.join(Maker, given)),
      () => db.em().all(wares.select(() => ({ a: forgery as never }))),
    ];
    if (!(Array.isArray(forgery) && forgery.length === 0)) {
      attempts.push(
        () => db.em().all(wares.orderBy(given)),
        () => db.em().all(wares.groupBy(given)),
      );
    }
    for (const attempt of attempts) {
      const error = await refusal(attempt);
      expect([error.code, error.message.includes(secret)]).toEqual(['validation', false]);
    }
  });

  it.each(forgeries)('%s is no value that update() sets', async (_, forgery) => {
    for (const property of ['name', 'amount', 'price', 'isNew', 'maker']) {
      const error = await refusal(() =>
        db.em().execute(
          update(Ware)
            .set({ [property]: forgery })
            .where({ id: 1 }),
        ),
      );
      expect([error.code, error.message.includes(secret)]).toEqual(['validation', false]);
    }
  });

  it('keeps the fields of another query what they are: they stand in no query but their own', async () => {
    const other: Fields[] = [];
    wares.where((ware) => {
      other.push(ware);
      return ware.id.gt(0);
    });
    const [foreign] = other;
    if (foreign === undefined) throw new Error('no fields');
    const asked: Selection<unknown>[] = [
      from(Maker).where((maker) => maker.name.eq(foreign.name)),
      from(Maker).select(() => foreign.name),
      from(Maker).select(() => ({ ware: foreign })),
      from(Maker).orderBy(() => foreign.name),
      from(Maker).groupBy(() => foreign.name),
      from(Maker).join(Ware, (maker) => maker.id.eq(foreign.id)),
    ];
    for (const query of asked) {
      const error = await refusal(() => db.em().all(query));
      expect([error.code, error.message]).toEqual(['validation', expect.stringContaining('neither in nor around')]);
    }
  });

  it('JSON is data, also where it looks like SQL or an operator', async () => {
    const tags = { $gt: 0, eq: 1, kind: 'constant', value: quotes };
    await db.em().execute(update(Ware).set({ tags }).where({ name: 'b' }));
    const found = from(Ware)
      .where((ware) => ware.tags.eq({ ...tags }))
      .select((ware) => ware.tags);
    expect(await db.em().all(found)).toEqual([tags]);
    expect((await refusal(() => db.em().all(wares.where((ware) => ware.tags.gt(tags))))).message).toContain('order');
  });
});

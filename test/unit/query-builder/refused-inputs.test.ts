import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { all, and, not, or, type Persistence, sql } from '../../../src/index.ts';
import {
  abs,
  allOf,
  anyOf,
  avg,
  coalesce,
  concat,
  count,
  countDistinct,
  deleteFrom,
  exists,
  field,
  from,
  lag,
  length,
  literal,
  lower,
  max,
  min,
  notExists,
  recursive,
  rowNumber,
  scalar,
  sum,
  union,
  unionAll,
  update,
} from '../../../src/query-builder/index.ts';
import { Maker, openShop, refusal, Stranger, Ware } from './shop.ts';

let db: Persistence;
beforeAll(async () => {
  db = await openShop();
});
afterAll(() => db.close());

const wares = from(Ware);
/** What no compiler of TypeScript lets through. */
const wrong = (value: unknown): never => value as never;
type Loose = {
  readonly [K in 'eq' | 'like' | 'not' | 'name' | 'nope' | 'at']: ((...given: unknown[]) => never) & Loose;
};
const loose = (value: unknown): Loose => value as Loose;
const nothing = wrong(undefined);

type Attempt = readonly [what: string, attempt: () => unknown, message: RegExp];

async function expectRefused([, attempt, message]: Attempt, code = 'validation'): Promise<void> {
  const error = await refusal(attempt);
  expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
}

const run = (query: unknown): Promise<unknown> => db.em().all(query as typeof wares);
const write = (bulk: unknown): Promise<unknown> => db.em().execute(bulk as ReturnType<typeof update<Ware>>);

describe('Operands that are no values', () => {
  const where = (condition: Parameters<(typeof wares)['where']>[0]) => () => run(wares.where(condition));
  it.each<Attempt>([
    ['eq(undefined)', where((ware) => ware.amount.eq(nothing)), /cannot compare with undefined.*isNull/],
    ['ne(undefined)', where((ware) => ware.amount.ne(nothing)), /wares\.amount: .*undefined/],
    ['gt(null)', where((ware) => ware.amount.gt(wrong(null))), /null by '>'; use isNull/],
    ['between(1, undefined)', where((ware) => ware.amount.between(1, nothing)), /undefined/],
    ['in(undefined)', where((ware) => ware.amount.in(nothing)), /in\(\) and notIn\(\) take an array/],
    ['in of a set', where((ware) => ware.amount.in(wrong(new Set([1])))), /in\(\) and notIn\(\) take an array/],
    ['in of a text', where((ware) => ware.name.in(wrong('abc'))), /in\(\) and notIn\(\) take an array/],
    ['a list with null', where((ware) => ware.amount.in([wrong(null)])), /cannot contain null; use isNull/],
    ['a list with holes', where((ware) => ware.amount.notIn(new Array(2))), /cannot contain undefined/],
    ['NaN', where((ware) => ware.amount.eq(Number.NaN)), /wares\.amount: expected a safe integer, got NaN/],
    ['an unsafe integer', where((ware) => ware.amount.lt(2 ** 53)), /beyond 2\^53/],
    ['a fraction', where((ware) => ware.amount.lt(1.5)), /expected a safe integer/],
    ['Infinity', where((ware) => ware.weight.lt(Infinity).and(ware.weight.gt(Number.NaN))), /wares\.weight/],
    ['an invalid date', where((ware) => ware.madeAt.gt(new Date('x'))), /wares\.madeAt: expected a valid Date/],
    ['half a character', where((ware) => ware.name.eq('\ud800')), /wares\.name: expected well-formed text/],
    ['half a character in a pattern', where((ware) => ware.name.contains('\udc00')), /well-formed/],
    ['a pattern that is none', where((ware) => ware.name.like(wrong(5))), /pattern must be a string/],
    ['a pattern over a number', where((ware) => loose(ware.amount).like('1')), /pattern needs a text/],
    ['a decimal with too many digits', where((ware) => ware.price.eq('1.001')), /wares\.price/],
    ['a decimal that is none', where((ware) => ware.price.gt('1e3')), /decimal/],
    ['a day that is none', where((ware) => ware.day.gte('2024-02-30')), /wares\.day/],
    ['a uuid that is none', where((ware) => ware.code.eq('x')), /wares\.code/],
    ['a bigint beyond 64 bits', where((ware) => ware.sold.eq(2n ** 64n)), /64 bits/],
    ['a sum with undefined', where((ware) => ware.amount.plus(nothing).gt(1)), /finite numbers/],
    ['a sum with NaN', where((ware) => ware.amount.plus(Number.NaN).gt(1)), /finite numbers/],
    ['a sum with text', where((ware) => ware.amount.plus(wrong('1')).gt(1)), /finite numbers/],
    ['a sum beyond 64 bits', where((ware) => ware.sold.plus(2n ** 80n).gt(1n)), /64 bits/],
    ['a bigint with a fraction', where((ware) => ware.sold.plus(1.5).gt(1n)), /not with a fraction/],
    ['a decimal with a float', where((ware) => ware.price.plus(wrong(ware.weight)).gt('1')), /not exact/],
    ['a sum of texts', where((ware) => ware.name.plus(1).eq('x')), /computes with numbers only/],
    ['a remainder of decimals', where((ware) => ware.price.modulo(2).eq('1')), /whole numbers only/],
    ['and(undefined)', where((ware) => ware.amount.eq(1).and(nothing)), /an expression is expected/],
    ['not() of a number', where((ware) => loose(ware.amount).not()), /condition is expected.*'integer'/],
    ['a number as condition', where((ware) => wrong(ware.amount)), /condition is expected.*'integer'/],
    ['anyOf(undefined)', where(() => anyOf(nothing)), /anyOf\(\) takes an array/],
    ['allOf of values', where(() => allOf([wrong(true)])), /an expression is expected/],
    ['a relation', where((ware) => loose(ware.maker).eq(1)), /'maker' is a relation.*name one of its columns/],
    ['a relation to many', () => run(from(Maker).where((maker) => loose(maker.wares).eq(1))), /relation/],
    ['columns of many', () => run(from(Maker).where((maker) => loose(maker.wares).name.eq('x'))), /joined by join\(\)/],
    ['an unknown column', where((ware) => loose(ware).nope.eq(1)), /no column or relation 'nope'/],
    ['a column in JSON', where((ware) => loose(ware.tags).at.eq(1)), /no column or relation 'tags\.at'/],
    ['a text with an expression in it', where((ware) => ware.name.like(`%${wrong(ware.name)}%`)), /use concat\(\)/],
    ['JavaScript computing', where((ware) => literal(wrong(ware.amount) + 1).eq(1)), /database computes it/],
  ])('%s', (...attempt) => expectRefused(attempt));
});

describe('Arguments that are none', () => {
  const select = (projection: () => unknown) => () => run(wares.select(projection as () => never));
  it.each<Attempt>([
    ['select() of nothing', select(() => ({})), /expected an expression/],
    ['select() of undefined', select(() => undefined), /gives an expression/],
    ['select() of null', select(() => null), /gives an expression/],
    ['select() of a nested nothing', select(() => ({ a: { b: {} } })), /select\(\) at 'a\.b'/],
    ['select() of a value', select(() => ({ a: 1 })), /select\(\) at 'a'.*literal/],
    ['select() of a list', select(() => [literal(1)]), /expected an expression/],
    ['select() of a relation to many', () => run(from(Maker).select((maker) => wrong(maker.wares))), /join\(\) it/],
    ['select() of an embedded value', () => run(wares.select((ware) => wrong(ware.size))), /'size'/],
    ['select() without a callback', () => wares.select(wrong({ id: 1 })), /select\(\) takes a callback/],
    ['select() of a promise', select(async () => literal(1)), /expected an expression/],
    ['a window function without a window', select(() => rowNumber()), /expected an expression/],
    ['where() of an expression', () => run(wares.where(wrong(literal(true)))), /plain object or a condition/],
    ['where() of undefined', () => run(wares.where(nothing)), /criteria cannot be undefined/],
    ['where() of null', () => run(wares.where(wrong(null))), /plain object or a condition/],
    ['where() of a list', () => run(wares.where(wrong([{ id: 1 }]))), /plain object or a condition/],
    ['where() of undefined criteria', () => run(wares.where({ id: nothing })), /filter cannot be undefined/],
    ['where() of true', () => wares.where(() => wrong(true)), /gives a condition/],
    ['where() of a promise', () => wares.where(wrong(async () => literal(true))), /gives a condition/],
    ['having() without a callback', () => wares.having(wrong({ id: 1 })), /having\(\) takes a callback/],
    ['groupBy() of a text', () => wares.groupBy(() => wrong('name')), /groupBy\(\) takes expressions/],
    [
      'groupBy() of a relation',
      () => run(wares.groupBy((ware) => wrong(ware.maker)).select(() => count())),
      /relation/,
    ],
    [
      'orderBy() of a text',
      () => wares.orderBy(() => wrong('name; DROP TABLE wares')),
      /orderBy\(\) takes expressions/,
    ],
    ['orderBy() without a callback', () => wares.orderBy(wrong('name')), /orderBy\(\) takes a callback/],
    ['an order of a relation', () => run(wares.orderBy((ware) => wrong(ware.maker))), /relation/],
    ['an unknown place of NULL', () => wares.orderBy((ware) => ware.id.asc({ nulls: wrong('x') })), /nulls/],
    ['limit(NaN)', () => wares.limit(Number.NaN), /limit\(\) takes a whole number/],
    ['limit(-1)', () => wares.limit(-1), /limit\(\) takes a whole number/],
    ['limit(1.5)', () => wares.limit(1.5), /limit\(\) takes a whole number/],
    ['limit(2 ** 53)', () => wares.limit(2 ** 53), /limit\(\) takes a whole number/],
    ['limit of a text', () => wares.limit(wrong('1')), /limit\(\) takes a whole number/],
    ['limit(undefined)', () => wares.limit(nothing), /limit\(\) takes a whole number/],
    ['offset(1n)', () => wares.offset(wrong(1n)), /offset\(\) takes a whole number/],
    ['after() without an order', () => wares.after([1]), /call orderBy\(\) before/],
    ['after() of too few values', () => wares.orderBy((ware) => [ware.name, ware.id]).after([1]), /each of the 2 keys/],
    ['after() of no list', () => wares.orderBy((ware) => ware.id).after(wrong('1')), /each of the 1 keys/],
    ['after() of undefined', () => run(wares.orderBy((ware) => ware.id).after([undefined])), /undefined/],
    ['after() of an operator', () => run(wares.orderBy((ware) => ware.id).after([{ $gt: 0 }])), /wares\.id/],
    ['after() of a key that may be NULL', () => run(wares.orderBy((ware) => ware.weight).after([1])), /never NULL/],
    ['join() of a column', () => run(wares.join((ware) => wrong(ware.name))), /relation to many/],
    ['join() of a relation to one', () => run(wares.join((ware) => wrong(ware.maker))), /naming a column behind it/],
    ['join() of nothing', () => wares.join(nothing), /join\(\) takes a callback/],
    ['join() of a class alone', () => wares.join(wrong(Maker)), /takes a condition/],
    ['join() on no condition', () => wares.join(Maker, () => wrong(true)), /gives a condition/],
    ['join() on criteria', () => wares.join(Maker, wrong({ id: 1 })), /takes a condition/],
    ['field() of a value', () => field(wrong('x'), 'like'), /field\(\) takes the fields/],
    ['field() of nothing', () => field(nothing, 'like'), /field\(\) takes the fields/],
    ['field() of SQL', () => run(wares.select((ware) => field(ware, 'id" FROM x; --'))), /no column or relation/],
  ])('%s', (...attempt) => expectRefused(attempt));
});

describe('Functions of what they do not take', () => {
  const select = (projection: (fields: never) => unknown) => () => run(wares.select(wrong(projection)));
  type Fields = { readonly [name: string]: never };
  it.each<Attempt>([
    ['sum() of a text', select(() => sum(wrong('amount'))), /an expression is expected/],
    ['sum() of a text column', select((ware: Fields) => sum(wrong(ware.name))), /numbers only.*'text'/],
    ['avg() of a date', select((ware: Fields) => avg(wrong(ware.madeAt))), /numbers only.*'datetime'/],
    ['min() of a boolean', select((ware: Fields) => min(wrong(ware.isNew))), /cannot order.*'boolean'/],
    ['max() of JSON', select((ware: Fields) => max(wrong(ware.tags))), /cannot order.*'json'/],
    ['count() of a text', select(() => count(wrong('id'))), /an expression is expected/],
    ['countDistinct() of nothing', select(() => countDistinct(nothing)), /an expression is expected/],
    ['abs() of a text', select((ware: Fields) => abs(wrong(ware.name))), /numbers only/],
    ['lower() of a number', select((ware: Fields) => lower(wrong(ware.amount))), /no value of the type 'integer'/],
    ['length() of a text of JavaScript', select(() => length(wrong('abc'))), /an expression is expected/],
    ['concat() of nothing', () => concat(...(wrong([]) as [string])), /at least one text/],
    ['concat() of a number', select((ware: Fields) => concat(wrong(ware.name), wrong(1))), /literal\(\): expected/],
    ['coalesce() of undefined', select((ware: Fields) => coalesce(wrong(ware.weight), nothing)), /undefined/],
    ['coalesce() of another type', select((ware: Fields) => coalesce(wrong(ware.weight), wrong('x'))), /float|number/],
    ['literal() of null', select(() => literal(wrong(null))), /literal\(\): .*null/],
    ['literal() of a date', select(() => literal(wrong(new Date()))), /literal\(\): .*Date/],
    ['literal() of NaN', select(() => literal(Number.NaN)), /literal\(\): .*NaN/],
    ['lag() of NaN rows', select((ware: Fields) => lag(wrong(ware.id), Number.NaN).over()), /whole number of rows/],
    ['lag() of SQL', select((ware: Fields) => lag(wrong(ware.id), wrong('1); --')).over()), /whole number of rows/],
    ['over() of null', select(() => rowNumber().over(wrong(null))), /over\(\) takes/],
    ['a partition by a text', select(() => count().over({ partitionBy: wrong('x') })), /an expression is expected/],
    ['a window ordered by a text', select(() => count().over({ orderBy: wrong('x') })), /takes expressions/],
    ['filter() of a text', select(() => count().filter(wrong('x'))), /filter\(\) takes a condition/],
    ['filter() of nothing', select(() => count().filter(nothing)), /filter\(\) takes a condition/],
    ['filter() of a number', select((ware: Fields) => count().filter(wrong(ware.amount))), /condition/],
    ['a frame without an order', select(() => count().over({ frame: { from: -1, to: 0 } })), /needs orderBy/],
    ...(
      [
        [{ from: 1, to: 0 }, /ends where it begins/],
        [{ from: Number.NaN, to: 0 }, /whole number of rows/],
        [{ from: -0.5, to: 0 }, /whole number of rows/],
        [{ from: '1 PRECEDING', to: 0 }, /whole number of rows/],
        [{ from: 'end', to: 'start' }, /whole number of rows/],
        [{ from: 0, to: 2 ** 40 }, /whole number of rows/],
        [{ from: 0 }, /whole number of rows/],
        [null, /a frame is/],
        ['rows', /a frame is/],
      ] as const
    ).map(
      ([frame, message]) =>
        [
          `the frame ${JSON.stringify(frame)}`,
          select((ware: Fields) => count().over({ orderBy: wrong(ware.id), frame: wrong(frame) })),
          message,
        ] as const,
    ),
    [
      'a frame of a rank',
      select((ware: Fields) => rowNumber().over(wrong({ orderBy: ware.id, frame: { from: 0, to: 0 } }))),
      /a frame is for aggregates/,
    ],
    ['exists() of an object', () => run(wares.where(() => exists(wrong({})))), /a query is expected/],
    ['notExists() of a class', () => run(wares.where(() => notExists(wrong(Ware)))), /a query is expected/],
    [
      'scalar() of two columns',
      select(() => scalar(from(Ware).select(({ id, name }) => ({ id, name })))),
      /one column, not 2/,
    ],
    ['scalar() of entities', select(() => scalar(from(Ware))), /select one column/],
    [
      'in() of two columns',
      () => run(wares.where((ware) => ware.id.in(wrong(from(Ware).select(({ id, name }) => ({ id, name })))))),
      /one column, not 2/,
    ],
    ['in() of a write', () => run(wares.where((ware) => ware.id.in(wrong(update(Ware))))), /take an array, or a query/],
  ])('%s', (...attempt) => expectRefused(attempt));
});

describe('Queries of queries', () => {
  const ids = from(Ware).select(({ id }) => ({ id }));
  const names = from(Ware).select(({ name }) => ({ id: name }));
  it.each<Attempt>([
    ['from() of entities', () => run(from(from(Ware))), /selects values: say which by select\(\)/],
    [
      'from() of an unknown column',
      () => run(from(ids).select((row) => wrong(loose(row).nope))),
      /no column 'nope'; it has id/,
    ],
    ['criteria over a query', () => run(from(ids).where(wrong({ id: 1 }))), /takes a callback, not criteria/],
    ['union() of an object', () => union(ids, wrong({})), /expected queries that from\(\) made/],
    [
      'union() of other properties',
      () => run(union(ids, wrong(from(Ware).select(({ name }) => ({ name }))))),
      /different properties: id, and name/,
    ],
    ['unionAll() of other types', () => run(unionAll(ids, wrong(names))), /'integer' in one query and of 'text'/],
    ['union() of entities', () => run(union(from(Ware), from(Ware))), /say which by select\(\)/],
    ['recursive() of an object', () => recursive(wrong({}), (found) => found), /begins with a query/],
    ['recursive() without a step', () => recursive(ids, nothing), /takes a step/],
    ['a step that gives no query', () => run(recursive(ids, () => wrong(1))), /step gives a query/],
    [
      'a step of other properties',
      () => run(recursive(ids, (found) => wrong(found.select((row) => ({ other: row.id }))))),
      /different properties/,
    ],
    ['a step with a limit', () => run(recursive(ids, (found) => found.limit(1))), /step takes no/],
    ['a step with an order', () => run(recursive(ids, (found) => found.orderBy((row) => row.id))), /step takes no/],
    [
      'the found rows outside of the step',
      async () => {
        const kept: unknown[] = [];
        await run(
          recursive(ids, (found) => {
            kept.push(found);
            return found.where((row) => row.id.lt(0));
          }),
        );
        await run(kept[0]);
      },
      /in the step only/,
    ],
    [
      'a query beside its source',
      async () => {
        const kept: never[] = [];
        const makers = from(Maker).where((maker) => {
          kept.push(maker as never);
          return maker.id.gt(0);
        });
        const [maker = nothing] = kept;
        const lateral = from(Ware)
          .where((ware) => ware.maker.id.eq((maker as { id: never }).id))
          .select(({ name }) => ({ name }));
        await run(makers.join(lateral, () => literal(true)).select((own, row) => ({ own: own.name, name: row.name })));
      },
      /neither in nor around/,
    ],
    [
      'a relation of what a join joins',
      () => run(from(Maker).join(Ware, (maker, ware) => ware.maker.name.eq(maker.name))),
      /put that condition into where\(\)/,
    ],
  ])('%s', (...attempt) => expectRefused(attempt));

  it.each<Attempt>([
    ['from() of a class that is not registered', () => run(from(Stranger)), /not among the entities/],
    [
      'join() of one',
      () => run(wares.join(Stranger, (ware, stranger) => ware.id.eq(stranger.id))),
      /not among the entities/,
    ],
    ['update() of one', () => write(update(Stranger).set({ id: 1 }).where({ id: 1 })), /not among the entities/],
    ['from() of a text', () => run(from(wrong('wares'))), /not among the entities/],
    ['from() of undefined', () => run(from(nothing)), /not among the entities/],
    ['em.all() of a write', () => run(deleteFrom(Ware).where({ id: 1 })), /not among the entities/],
    ['em.all() of JSON', () => run(JSON.parse('{"target":"wares","where":{}}')), /not among the entities/],
  ])('%s is a mistake of the configuration', (...attempt) => expectRefused(attempt, 'configuration'));
});

describe('Writes of many rows', () => {
  const set = (values: unknown) => () => write(update(Ware).set(wrong(values)).where({ id: 1 }));
  const where = (condition: unknown) => () => write(update(Ware).set({ amount: 0 }).where(wrong(condition)));
  it.each<Attempt>([
    ['update() without where()', () => write(update(Ware).set({ amount: 0 })), /where\(all\(\)\)/],
    ['deleteFrom() without where()', () => write(deleteFrom(Ware)), /where\(all\(\)\)/],
    ['update() without set()', () => write(update(Ware).where({ id: 1 })), /at least one value/],
    ['where({})', where({}), /every row; say so by where\(all\(\)\)/],
    ['deleteFrom().where({})', () => write(deleteFrom(Ware).where({})), /every row; say so/],
    ['where(undefined)', where(undefined), /criteria cannot be undefined/],
    ['where([])', where([]), /plain object or a condition/],
    ['a filter that was not there', where({ id: undefined }), /filter cannot be undefined/],
    ['no conditions', where(() => allOf([])), /every row; say so/],
    [
      'no conditions, twice',
      () =>
        write(
          deleteFrom(Ware)
            .where({})
            .where(() => allOf([])),
        ),
      /every row; say so/,
    ],
    ['no conditions in conditions', where(() => allOf([allOf([]), anyOf([allOf([])])])), /every row; say so/],
    ['not nothing', where(() => anyOf([]).not()), /every row; say so/],
    ['and()', where(and()), /every row; say so/],
    ['and({})', where(and({}, {})), /every row; say so/],
    ['or({}) beside another', where(or({ id: 1 }, {})), /every row; say so/],
    ['not(or())', where(not(or())), /every row; say so/],
    [
      'a condition over a relation',
      where((ware: { maker: { name: { eq(name: string): unknown } } }) => ware.maker.name.eq('Ada')),
      /joins nothing/,
    ],
    ['a key', set({ id: 5 }), /key cannot be changed/],
    ['an unknown property', set({ nope: 1 }), /no column and no relation to one 'nope'/],
    ['a prototype', set(JSON.parse('{"__proto__":{"amount":1}}')), /'__proto__'/],
    ['a text', set('abc'), /'0'/],
    ['undefined', set(undefined), /at least one value/],
    ['only undefined values', set({ amount: undefined }), /at least one value/],
    ['null for what is never NULL', set({ amount: null }), /wares\.amount: it cannot be null/],
    ['null for a relation that is never empty', set({ maker: null }), /wares\.maker: it cannot be null/],
    ['an entity for its key', set({ maker: new Maker({ name: 'x' }) }), /makers\.id/],
    [
      'a text for a number',
      set((ware: { name: unknown }) => ({ amount: ware.name })),
      /'text' cannot be stored in.*'integer'/,
    ],
    ['a part of an embedded value that is unknown', set({ size: { height: 1 } }), /height/],
    ['a column of an embedded value by its path', set({ 'size.width': 1 }), /nest it/],
  ])('%s', (...attempt) => expectRefused(attempt));

  it('change every row where all() says so, alone and beside what says nothing', async () => {
    expect(await write(update(Ware).set({ weight: 1 }).where(all()))).toMatchObject({ affectedRows: 3 });
    expect(await write(update(Ware).set({ weight: null }).where({}).where(all()))).toMatchObject({ affectedRows: 3 });
  });

  it('change no row where a condition holds for none', async () => {
    for (const condition of [or(), not(and())]) {
      expect(await write(update(Ware).set({ amount: 0 }).where(wrong(condition)))).toMatchObject({ affectedRows: 0 });
    }
    expect(await write(deleteFrom(Ware).where(() => anyOf([])))).toMatchObject({ affectedRows: 0 });
    expect(await write(deleteFrom(Ware).where((ware) => ware.id.in([])))).toMatchObject({ affectedRows: 0 });
    expect(await run(wares.select(({ amount }) => amount).orderBy(({ id }) => id))).toEqual([1, 2, 3]);
  });

  it('are not what em.execute() takes unless update() and deleteFrom() made them', async () => {
    for (const given of [wares, sql, {}, undefined, 'DELETE FROM "wares"', { write: 1 }]) {
      await expectRefused(['', () => write(given), /execute\(\) takes sql`…` or update\(\)/]);
    }
  });
});

import { describe, expect } from 'vitest';
import type { ColumnTypeName } from '../../src/codec/column-type.ts';
import {
  bigint,
  boolean,
  bytes,
  type Column,
  date,
  datetime,
  decimal,
  Entity,
  eq,
  float,
  integer,
  isIn,
  isNull,
  json,
  ne,
  type Persistence,
  text,
  uuid,
} from '../../src/index.ts';
import { naughtyStrings } from '../support/naughty-strings.ts';
import { embeddedColumnLaws } from './embedded/columns.ts';
import { embeddedEditLaws } from './embedded/edits.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import type { Subject } from './subject.ts';

/** Which values of a type survive, and which are refused. */
interface TypeCase {
  readonly column: Column<unknown>;
  readonly kept: readonly unknown[];
  readonly refused: readonly unknown[];
  /** What comes back for a value that has another canonical form. */
  readonly canonical?: (value: unknown) => unknown;
}

const deep = (levels: number): unknown => {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
};

const wrongTypes: readonly unknown[] = [{}, [], { name: 'admin' }, [1, 2], Symbol('s'), () => 1, new Map(), /x/];

const cases: Readonly<Record<string, TypeCase>> = {
  integer: {
    column: integer() as Column<unknown>,
    kept: [0, 1, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, -(2 ** 53 - 1)],
    refused: [1.5, NaN, Infinity, -Infinity, 2 ** 53, '1', 1n, true, new Date(0), ...wrongTypes],
  },
  bigint: {
    column: bigint() as Column<unknown>,
    kept: [0n, 1n, -1n, 2n ** 31n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n)],
    refused: [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n - 1n, 1, '1', true, ...wrongTypes],
  },
  float: {
    column: float() as Column<unknown>,
    kept: [0, 0.1, 0.1 + 0.2, 1 / 3, 5e-324, Number.MAX_VALUE, 2 ** 53, 2 ** 63, 1e21, -1e-7],
    refused: [NaN, Infinity, -Infinity, -0, '0.1', 1n, true, ...wrongTypes],
  },
  decimal: {
    column: decimal({ precision: 30, scale: 10 }) as Column<unknown>,
    kept: ['0.0000000000', '12345678901234567890.1234567890', '-0.3000000000', '99999999999999999999.9999999999'],
    refused: [
      '1e3',
      'abc',
      '',
      ' 1',
      '1.',
      '.5',
      '0x1',
      '0.12345678901',
      '123456789012345678901',
      1,
      1n,
      NaN,
      ...wrongTypes,
    ],
  },
  text: {
    column: text() as Column<unknown>,
    kept: naughtyStrings,
    refused: ['\ud800', 'a\ud800b', 'a\udc00', 1, 0, true, new Date(0), new Uint8Array(1), ...wrongTypes],
  },
  boolean: {
    column: boolean() as Column<unknown>,
    kept: [true, false],
    refused: [0, 1, 'true', '', ...wrongTypes],
  },
  uuid: {
    column: uuid() as Column<unknown>,
    kept: ['00000000-0000-0000-0000-000000000000', '0188f1d2-7a3b-7c4d-8e5f-0123456789ab'],
    refused: ['0188F1D2-7A3B-7C4D-8E5F-0123456789AB', 'not-a-uuid', '', 1, ...wrongTypes],
  },
  datetime: {
    column: datetime() as Column<unknown>,
    kept: [
      0,
      -1,
      1,
      8.64e15,
      -8.64e15,
      Date.UTC(1969, 6, 20),
      Date.parse('0001-01-01T00:00:00Z'),
      Date.parse('0000-01-01T00:00:00Z'),
      Date.parse('-000044-03-15T00:00:00Z'),
      Date.parse('9999-12-31T23:59:59.999Z'),
      Date.parse('2024-03-10T07:30:00Z'),
      Date.parse('2024-11-03T05:30:00Z'),
      Date.parse('2038-01-19T03:14:08Z'),
    ].map((time) => new Date(time)),
    refused: [new Date(NaN), new Date(8.64e15 + 1), 0, '2024-01-01', '2024-01-01T00:00:00Z', ...wrongTypes],
  },
  date: {
    column: date() as Column<unknown>,
    kept: ['2024-02-29', '0001-01-01', '9999-12-31', '1969-12-31'],
    refused: [
      '2023-02-29',
      '2024-1-1',
      '0000-01-01',
      '10000-01-01',
      '2024-01-01T00:00:00Z',
      '',
      new Date(0),
      0,
      ...wrongTypes,
    ],
  },
  json: {
    column: json<unknown>() as Column<unknown>,
    kept: [
      {},
      [],
      '',
      'null',
      0,
      false,
      true,
      1e21,
      0.1,
      [null],
      { a: null },
      { 'a.b': 1, 'a[0]': 2, $: 3, '': 4, "a' or '1'='1": 5 },
      JSON.parse('{"__proto__":{"isAdmin":true}}'),
      JSON.parse('{"constructor":{"prototype":{"x":1}}}'),
      { '\0': '\0' },
      { emoji: '👩‍👩‍👧‍👦', rtl: '\u202eabc' },
      ['\ufeff'],
      deep(900),
      { a: [{ b: [{ c: 1 }] }] },
      JSON.parse('{"__raw":true,"sql":"1=1","params":[]}'),
    ],
    refused: [
      NaN,
      Infinity,
      -0,
      1n,
      undefined,
      new Date(0),
      new Map(),
      () => 1,
      Symbol('s'),
      [undefined],
      { a: undefined },
      new Array(2),
      deep(1200),
    ],
  },
  bytes: {
    column: bytes() as Column<unknown>,
    kept: [new Uint8Array(0), new Uint8Array([0, 255, 39, 34]), Uint8Array.from({ length: 70_000 }, (_, i) => i % 251)],
    refused: ['text', [1, 2], new ArrayBuffer(2), new Uint16Array(2), 1, {}, new Map()],
  },
};

/** An entity with one column of the type, and one that may be NULL. */
function declare(column: Column<unknown>) {
  return class Sample extends Entity('samples', {
    id: integer().primaryKey().generated(),
    value: column,
    other: column.nullable(),
  }) {};
}

/** The case as it is for an engine that holds fewer values: those it does not hold are to be refused. */
function caseOf(subject: Subject, name: string): TypeCase {
  const typeCase = cases[name];
  if (typeCase === undefined) throw new Error(`no case '${name}'`);
  const refuses = (value: unknown): boolean => subject.refuses?.(name as ColumnTypeName, value) ?? false;
  const { column, kept, refused } = typeCase;
  return {
    column,
    kept: kept.filter((value) => !refuses(value)),
    refused: [...refused, ...kept.filter(refuses)],
  };
}

async function roundTrips(subject: Subject, name: string): Promise<void> {
  const { column, kept } = caseOf(subject, name);
  const Sample = declare(column);
  await using db = await subject.open([Sample]);
  const writer = db.em();
  const written = kept.map((value) => writer.create(Sample, { value }));
  await writer.flush();
  const read = await db.em().find(Sample, {}, { orderBy: { id: 'asc' } });
  expect(read.map((entity) => entity.value)).toEqual(kept);
  expect(read.map((entity) => entity.other)).toEqual(kept.map(() => null));
  const plain = (entity: object): unknown => {
    const json = JSON.stringify(entity);
    // An engine may put the keys of an object in an order of its own.
    return name === 'json' ? JSON.parse(json) : json;
  };
  expect(read.map(plain)).toEqual(written.map(plain));
  for (const [index, value] of kept.entries()) {
    const found = await db.em().find(Sample, { value: eq(value as never) });
    expect(found.map((entity) => entity.value)).toContainEqual(value);
    expect(found.map((entity) => entity.id)).toContain(written[index]?.id);
  }
  // Unchanged entities are clean, whatever their type; those in the writer were encoded, those here decoded.
  expect((await writer.plan()).statements).toEqual([]);
  const em = db.em();
  await em.find(Sample);
  expect((await em.plan()).statements).toEqual([]);
}

async function updates(subject: Subject, name: string): Promise<void> {
  const { column, kept } = caseOf(subject, name);
  const Sample = declare(column);
  await using db = await subject.open([Sample]);
  const em = db.em();
  for (const value of kept) em.create(Sample, { value });
  await em.flush();
  const all = await em.find(Sample, {}, { orderBy: { id: 'asc' } });
  for (const sample of all) sample.other = sample.value;
  await em.flush();
  const again = await db.em().find(Sample, {}, { orderBy: { id: 'asc' } });
  expect(again.map((sample) => sample.other)).toEqual(kept);
  for (const sample of all) sample.other = null;
  await em.flush();
  expect(await db.em().count(Sample, { other: isNull() })).toBe(kept.length);
}

async function refuses(subject: Subject, name: string): Promise<void> {
  const { column, refused } = caseOf(subject, name);
  const Sample = declare(column);
  await using db = await subject.open([Sample]);
  for (const value of refused) {
    if (value === undefined) continue;
    const em = db.em();
    em.create(Sample, { value });
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error).toMatchObject({ entity: 'samples', property: 'value' });
    await expectCode(() => db.em().find(Sample, { value: eq(value as never) }), 'validation');
    await expectCode(() => db.em().find(Sample, { value: ne(value as never) }), 'validation');
    // A list holds each value once, and for that -0 and 0 are one value.
    if (name !== 'json' && !Object.is(value, -0))
      await expectCode(() => db.em().find(Sample, { value: isIn([value as never]) }), 'validation');
  }
  expect(await db.em().count(Sample)).toBe(0);
}

const perType: Laws = Object.fromEntries(
  Object.keys(cases).flatMap((name) => [
    [`${name}: every value comes back the same, is found by itself, and is clean`, (s: Subject) => roundTrips(s, name)],
    [`${name}: every value can be set on a loaded entity, and taken away`, (s: Subject) => updates(s, name)],
    [`${name}: what would change is refused before any SQL`, (s: Subject) => refuses(s, name)],
  ]),
);

const lists: Laws = Object.fromEntries(
  Object.keys(cases)
    .filter((name) => name !== 'json')
    .map((name) => [
      `${name}: a list finds exactly its values`,
      async (subject: Subject) => {
        const { column, kept } = caseOf(subject, name);
        const Sample = declare(column);
        await using db = await subject.open([Sample]);
        const em = db.em();
        for (const value of kept) em.create(Sample, { value });
        await em.flush();
        const options = { orderBy: { id: 'asc' } } as const;
        const found = await db.em().find(Sample, { value: isIn<never>(kept as never) }, options);
        expect(found.map((sample) => sample.value)).toEqual(kept);
        const half = kept.filter((_, index) => index % 2 === 0);
        const even = await db.em().find(Sample, { value: isIn<never>(half as never) }, options);
        expect(even.map((sample) => sample.value)).toEqual(half);
      },
    ]),
);

class Sized extends Entity('sized', {
  id: integer().primaryKey().generated(),
  short: text({ maxLength: 5 }).nullable(),
  choice: text({ values: ["it's", 'a\\b', 'c"d'] }).nullable(),
  price: decimal({ precision: 10, scale: 2 }).nullable(),
}) {}

async function single(db: Persistence): Promise<Sized> {
  const [sized] = await db.em().find(Sized);
  if (sized === undefined) throw new Error('no row');
  return sized;
}

const details: Laws = {
  'text: maxLength counts code points, and one more is refused': async (subject) => {
    await using db = await subject.open([Sized]);
    const em = db.em();
    const sized = em.create(Sized, { short: '👍👍👍👍👍' });
    await em.flush();
    expect((await single(db)).short).toBe('👍👍👍👍👍');
    sized.short = '123456';
    await expectCode(() => em.flush(), 'validation');
  },
  'text: only the declared values are taken, whatever quotes they hold': async (subject) => {
    await using db = await subject.open([Sized]);
    const em = db.em();
    for (const choice of ["it's", 'a\\b', 'c"d'] as const) em.create(Sized, { choice });
    await em.flush();
    expect(await db.em().count(Sized, { choice: "it's" })).toBe(1);
    em.create(Sized, { choice: 'other' as never });
    await expectCode(() => em.flush(), 'validation');
  },
  'decimal: other spellings of a value are stored in one form, and are no change': async (subject) => {
    await using db = await subject.open([Sized]);
    const em = db.em();
    em.create(Sized, { price: '12.5' });
    await em.flush();
    expect((await single(db)).price).toBe('12.50');
    const second = db.em();
    const [loaded] = await second.find(Sized, { price: '012.500' });
    if (loaded === undefined) throw new Error('not found by another spelling');
    loaded.price = '12.5';
    expect((await second.plan()).statements).toEqual([]);
  },
  'bytes and JSON: a change in place is a change': async (subject) => {
    class Place extends Entity('places', {
      id: integer().primaryKey().generated(),
      raw: bytes(),
      data: json<{ list: number[] }>(),
      at: datetime(),
    }) {}
    await using db = await subject.open([Place]);
    const em = db.em();
    const place = em.create(Place, { raw: new Uint8Array([1, 2]), data: { list: [1] }, at: new Date(5) });
    await em.flush();
    place.raw[0] = 9;
    place.data.list.push(2);
    place.at.setTime(6);
    expect([...em.changes(place).keys()].sort()).toEqual(['at', 'data', 'raw']);
    await em.flush();
    const [read] = await db.em().find(Place);
    expect(read).toMatchObject({ raw: new Uint8Array([9, 2]), data: { list: [1, 2] }, at: new Date(6) });
  },
  'a default of an object is not shared between entities': async (subject) => {
    class Themed extends Entity('themed', {
      id: integer().primaryKey().generated(),
      data: json<{ list: number[] }>().default({ list: [] }),
      raw: bytes().default(new Uint8Array(2)),
      at: datetime().default(new Date(1)),
    }) {}
    await using db = await subject.open([Themed]);
    const em = db.em();
    const [first, second] = [em.create(Themed, {}), em.create(Themed, {})];
    first.data.list.push(1);
    first.raw[0] = 7;
    first.at.setTime(99);
    await em.flush();
    const third = em.create(Themed, {});
    expect([second.data, second.raw, second.at]).toEqual([{ list: [] }, new Uint8Array(2), new Date(1)]);
    expect([third.data, third.raw, third.at]).toEqual([{ list: [] }, new Uint8Array(2), new Date(1)]);
  },
  'text as a key: every string finds its own row': async (subject) => {
    class Word extends Entity('words', { word: text().primaryKey(), place: integer() }) {}
    await using db = await subject.open([Word]);
    const { longestKey = Infinity } = subject;
    const words = naughtyStrings.filter(
      (word) => subject.refuses?.('text', word) !== true && word.length <= longestKey,
    );
    const em = db.em();
    for (const [place, word] of words.entries()) em.create(Word, { word, place });
    await em.flush();
    const reader = db.em();
    for (const [place, word] of words.entries()) {
      expect((await reader.findById(Word, word))?.place, JSON.stringify(word)).toBe(place);
    }
    reader.remove(...(await reader.find(Word)));
    await reader.flush();
    expect(await db.em().count(Word)).toBe(0);
    if (longestKey === Infinity) return;
    // Never cut to what fits.
    const late = db.em();
    late.create(Word, { word: 'a'.repeat(longestKey + 1), place: 0 });
    await expectCode(() => late.flush(), 'check-violation');
    expect(await db.em().count(Word)).toBe(0);
  },
};

/** Insert, read in a fresh unit of work, find by value, serialize, for every column type. */
export function valueSuite(subject: Subject): void {
  describe(`${subject.name}: values`, () => {
    registerLaws(subject, 'values', { ...perType, ...lists, ...details, ...embeddedColumnLaws, ...embeddedEditLaws });
  });
}

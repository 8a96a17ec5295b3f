import { describe, expect, it } from 'vitest';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import {
  type AnyColumn,
  asWritten,
  datetime,
  Embeddable,
  Entity,
  embedded,
  integer,
  json,
  type NamingStrategy,
  snakeCase,
  subtype,
  text,
} from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import { deriveSchema } from '../../../src/schema/derive-schema.ts';
import { type Refusal, refusalOf, registryOf } from '../../support/registry-of.ts';

const id = { id: integer().primaryKey() };

class Geo extends Embeddable({ lat: integer(), lonDegrees: integer().column('longitude').unique() }) {}
class Address extends Embeddable({ streetName: text(), geo: embedded(Geo), note: text().default('-').index() }) {}

const refused = (columns: Record<string, AnyColumn>): Refusal =>
  refusalOf(() => registryOf(class extends Entity('things', { ...id, ...columns }) {}));

describe('embedded columns', () => {
  it.each<[string, NamingStrategy, object, string[]]>([
    ['snake case', snakeCase, {}, ['home_address_street_name', 'home_address_geo_lat', 'home_address_geo_longitude']],
    ['as written', asWritten, {}, ['homeAddressStreetName', 'homeAddressGeoLat', 'homeAddressGeoLongitude']],
    ['a prefix', snakeCase, { prefix: 'h_' }, ['h_street_name', 'h_geo_lat', 'h_geo_longitude']],
    [
      'a strategy of its own',
      { ...snakeCase, embedded: (property, column) => `${property}$${column}` },
      {},
      ['homeAddress$street_name', 'homeAddress$geo$lat', 'homeAddress$geo$longitude'],
    ],
  ])('are named by %s', (_title, naming, options, names) => {
    class Author extends Entity('authors', { ...id, homeAddress: embedded(Address, options) }) {}
    const { columns } = createRegistry([Author], naming, sqlite).get(Author);
    expect(columns.map(({ name }) => name).slice(1, 4)).toEqual(names);
    expect(columns.map(({ property }) => property).slice(1)).toEqual([
      'homeAddress.streetName',
      'homeAddress.geo.lat',
      'homeAddress.geo.lonDegrees',
      'homeAddress.note',
    ]);
  });

  it('are in the schema: NULL where the value may be null, with indexes, unique ones and defaults', () => {
    class Author extends Entity(
      'authors',
      { ...id, a: embedded(Address), b: embedded(Address).nullable(), c: embedded(Address, { as: 'json' }) },
      { indexes: [{ properties: ['a.streetName', 'b.geo.lat'] }] },
    ) {}
    const [table] = deriveSchema(registryOf(Author)).tables;
    expect(table?.columns.map(({ name, nullable, type }) => `${name} ${type.name} ${nullable}`)).toEqual([
      'id integer false',
      'a_street_name text false',
      'a_geo_lat integer false',
      'a_geo_longitude integer false',
      'a_note text false',
      'b_street_name text true',
      'b_geo_lat integer true',
      'b_geo_longitude integer true',
      'b_note text true',
      'c json false',
    ]);
    expect(table?.columns.map((column) => column.default)).toEqual([
      ...Array.from({ length: 4 }, () => null),
      { kind: 'constant', value: '-' },
      ...Array.from({ length: 5 }, () => null),
    ]);
    expect(table?.uniques.map(({ columns }) => columns)).toEqual([['a_geo_longitude'], ['b_geo_longitude']]);
    expect(table?.indexes.map(({ columns }) => columns)).toEqual([
      ['a_note'],
      ['b_note'],
      ['a_street_name', 'b_geo_lat'],
    ]);
  });

  it('belong to a subtype as other columns do', () => {
    class Post extends Entity('posts', { ...id, place: embedded(Geo) }) {}
    class Novel extends subtype(Post, 'novel', { second: embedded(Geo) }) {}
    const novel = registryOf(Post, Novel).get(Novel);
    expect(novel.ownColumns.map(({ name, nullable }) => `${name} ${nullable}`)).toContain('second_lat false');
    expect(novel.root.columns.find(({ name }) => name === 'second_lat')?.nullable).toBe(true);
    const flat = novel.embedded?.spread('posts', { place: { lat: 1 }, second: { lat: 2 }, id: 1 }, 'criteria');
    expect({ ...flat }).toEqual({ id: 1, 'place.lat': 1, 'second.lat': 2 });
  });

  it('give a new entity values with defaults, of plain data', () => {
    class Author extends Entity('authors', {
      ...id,
      address: embedded(Address),
      other: embedded(Address).nullable(),
    }) {}
    const author = new Author({ id: 1, address: { streetName: 's', geo: { lat: 1, lonDegrees: 2 } } });
    expect([
      author.address,
      author.address instanceof Address,
      author.address.geo instanceof Geo,
      author.other,
    ]).toEqual([{ streetName: 's', geo: { lat: 1, lonDegrees: 2 }, note: '-' }, true, true, null]);
    expect(refusalOf(() => new Author({ id: 1, address: { street: 's' } as never }))).toMatchObject({
      code: 'validation',
      entity: 'authors',
      property: 'address',
    });
  });
});

describe('what is refused of embedded values', () => {
  it.each(['__proto__', 'constructor', 'prototype', 'toJSON', 'then'])('the property name %s', (name) => {
    const columns: Record<string, AnyColumn> = {};
    Object.defineProperty(columns, name, { value: text(), enumerable: true });
    expect(refusalOf(() => Embeddable(columns))).toMatchObject({ code: 'configuration', property: name });
  });

  it('a class that is not embeddable, and one that is not there yet', () => {
    for (const target of [class {}, undefined, null, class extends Entity('x', id) {}]) {
      expect(refusalOf(() => embedded(target as never))).toMatchObject({ code: 'configuration' });
    }
  });

  it.each<[string, AnyColumn, RegExp]>([
    ['a key', embedded(Geo).primaryKey(), /no column by itself/],
    ['a version', embedded(Geo).version(), /no column by itself/],
    ['a unique value', embedded(Geo).unique(), /no column by itself/],
    ['an index', embedded(Geo).index(), /no column by itself/],
    ['a column name', embedded(Geo).column('x'), /prefix/],
    ['a default', embedded(Geo).default(() => new Geo({ lat: 1, lonDegrees: 1 })), /own columns defaults/],
    ['a shared default', embedded(Geo, { as: 'json' }).default(new Geo({ lat: 1, lonDegrees: 1 })), /a function/],
    ['a key inside', embedded(class extends Embeddable(id) {}), /no key/],
    ['a version inside', embedded(class extends Embeddable({ v: integer().version() }) {}), /no version/],
    [
      'the instant of the insert',
      embedded(class extends Embeddable({ at: datetime().defaultNow() }) {}),
      /only the application/,
    ],
  ])('%s', (_title, column, message) => {
    expect(refused({ place: column })).toMatchObject({ code: 'configuration', entity: 'things' });
    expect(refused({ place: column }).message).toMatch(message);
  });

  it('a constructor that needs arguments, and a field that hides a column', () => {
    class Needy extends Embeddable({ a: text() }) {
      constructor(part: { readonly a: string }) {
        super(part);
        this.a = part.a.trim();
      }
    }
    class Hiding extends Embeddable({ a: text() }) {
      override a = 'x';
    }
    expect(refused({ place: embedded(Needy) }).message).toMatch(/constructor must work without arguments/);
    expect(refused({ place: embedded(Hiding) }).message).toMatch(/declare a/);
  });

  it('two values with columns of the same name', () => {
    expect(refused({ a: embedded(Geo, { prefix: '' }), b: embedded(Geo, { prefix: '' }) }).message).toMatch(/taken by/);
    expect(refused({ 'a.lat': json(), a: embedded(Geo) })).toMatchObject({ code: 'configuration' });
  });
});

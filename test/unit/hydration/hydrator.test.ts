import { describe, expect, it } from 'vitest';
import { EntityCollection } from '../../../src/criteria/entity-collection.ts';
import { Reference } from '../../../src/criteria/reference.ts';
import type { RelationLoader } from '../../../src/criteria/relation-loader.ts';
import { createEntityRuntime } from '../../../src/hydration/entity-runtime.ts';
import {
  bigint,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  Entity,
  type EntityClass,
  float,
  integer,
  json,
  manyToOne,
  oneToMany,
  oneToOne,
  subtype,
  text,
  uuid,
} from '../../../src/index.ts';
import type { Registry } from '../../../src/metadata/registry.ts';
import type { WireKey, WireRow, WireValue } from '../../../src/wire/wire-value.ts';
import { refusalOf, registryOf } from '../../support/registry-of.ts';

const id = { id: integer().primaryKey() };

/** A loader that only tells what it was given. */
function loaderOf(path: string): RelationLoader {
  const unused = (): never => {
    throw new Error(`${path}: not expected while rows are read`);
  };
  return {
    path,
    isLink: false,
    check: unused,
    decodeKey: (wire: WireKey) => ({ decoded: wire }),
    keyOf: unused,
    find: () => undefined,
    loadOne: unused,
    loadMany: unused,
    count: unused,
    matching: unused,
    changed: unused,
    added: unused,
    removed: unused,
  };
}

/** The entity that a row of a table becomes. */
function hydrate(registry: Registry, target: EntityClass, row: WireRow, offset = 0): object {
  const runtime = createEntityRuntime(registry.get(target).root);
  const hydrator = runtime.hydratorOf(row, offset);
  const loaders = hydrator.relations.map(({ property }) => loaderOf(`${hydrator.meta.table}.${property}`));
  return hydrator.create(row, offset, loaders);
}

class Sample extends Entity('samples', {
  ...id,
  integer: integer().nullable(),
  bigint: bigint().nullable(),
  float: float().nullable(),
  decimal: decimal({ precision: 5, scale: 2 }).nullable(),
  text: text({ maxLength: 3 }).nullable(),
  kind: text({ values: ['a', 'b'] }).nullable(),
  uuid: uuid().nullable(),
  boolean: boolean().nullable(),
  datetime: datetime().nullable(),
  date: date().nullable(),
  json: json().nullable(),
  bytes: bytes().nullable(),
}) {}
const samples = registryOf(Sample);
const names = [...samples.get(Sample).properties.keys()];
const row = (property: string, value: WireValue): WireValue[] =>
  names.map((name) => (name === 'id' ? 1 : name === property ? value : null));

describe('values of a row', () => {
  it.each<[string, WireValue, unknown]>([
    ['integer', 7, 7],
    ['bigint', 7, 7n],
    ['bigint', 2n ** 62n, 2n ** 62n],
    ['float', 1.5, 1.5],
    ['float', 2, 2],
    ['decimal', '1.50', '1.50'],
    ['text', 'x', 'x'],
    ['kind', 'a', 'a'],
    ['boolean', 1, true],
    ['boolean', 0, false],
    ['datetime', 0, new Date(0)],
    ['date', '2026-01-31', '2026-01-31'],
    ['json', '{"__proto__":1}', JSON.parse('{"__proto__":1}')],
    ['json', 'null', null],
    ['bytes', new Uint8Array([1]), new Uint8Array([1])],
  ])('%s %o becomes %o', (property, wire, value) => {
    const entity = hydrate(samples, Sample, row(property, wire));
    expect(entity).toBeInstanceOf(Sample);
    expect(Reflect.get(entity, property)).toEqual(value);
  });

  it('NULL becomes null, whatever the type', () => {
    const entity = hydrate(samples, Sample, row('none', null));
    expect(names.filter((name) => Reflect.get(entity, name) !== null)).toEqual(['id']);
  });

  it('are read at the place where the row begins', () => {
    const entity = hydrate(samples, Sample, ['before', null, ...row('text', 'x')], 2);
    expect(entity).toMatchObject({ id: 1, text: 'x' });
  });

  it.each<[string, WireValue]>([
    ['integer', 'secret'],
    ['integer', 2n ** 60n],
    ['bigint', 'secret'],
    ['bigint', 1.5],
    ['float', 'secret'],
    ['decimal', 1.5],
    ['text', 7],
    ['text', new Uint8Array([1])],
    ['uuid', 7],
    ['boolean', 2],
    ['boolean', 'secret'],
    ['datetime', 'secret'],
    ['datetime', 1.5],
    ['date', 7],
    ['json', '{secret'],
    ['json', 7],
    ['bytes', 'secret'],
  ])('%s %o cannot be read, which names entity and property and not the value', (property, wire) => {
    const error = refusalOf(() => hydrate(samples, Sample, row(property, wire)));
    expect(error).toMatchObject({
      code: 'deserialization',
      entity: 'samples',
      property,
      message: expect.stringContaining(`samples.${property}: the stored value cannot be read: expected `),
    });
    expect(error.message).not.toContain('secret');
  });

  // Whatever was written before a column's rules were changed, or by another program, can still be shown and mended.
  it.each([
    ['text', 'long'],
    ['kind', 'z'],
    ['decimal', '1'],
    ['uuid', 'UPPER'],
    ['date', '31.1.2026'],
  ])('%s %j, which the column would not take, is read as it is', (property, wire) => {
    expect(hydrate(samples, Sample, row(property, wire))).toMatchObject({ [property]: wire });
  });
});

class Seat extends Entity('seats', { row: text().primaryKey(), no: integer().primaryKey() }) {
  tickets = oneToMany(
    () => Ticket,
    (ticket) => ticket.seat,
  );
}
class Ticket extends Entity('tickets', id) {
  seat = manyToOne(() => Seat, { nullable: true });
  next = manyToOne(() => Ticket, { nullable: true });
  previous = oneToOne(() => Ticket);
  follower = oneToOne(
    () => Ticket,
    (ticket) => ticket.previous,
  );
  readonly made = [] as string[];
  #secret = 'kept';
  get secret(): string {
    return this.#secret;
  }
}
const theatre = registryOf(Seat, Ticket);

describe('relations of a row', () => {
  const refer = (values: WireRow): Ticket => hydrate(theatre, Ticket, values) as Ticket;
  const stateOf = (field: unknown) => {
    if (!(field instanceof Reference)) throw new Error('not a reference');
    return [Reference.stateOf(field), Reference.valueOf(field)];
  };

  it('know the key that they refer to', () => {
    const ticket = refer([1, 'A', 2, 7, null]);
    expect(stateOf(ticket.next)).toEqual(['key', 7]);
    expect(stateOf(ticket.seat)).toEqual(['key', ['A', 2]]);
    expect(ticket.seat.id).toEqual({ decoded: ['A', 2] });
    expect([ticket.seat.isLoaded, ticket.next.isLoaded]).toEqual([false, false]);
  });

  it('refer to nothing where the key is NULL, or a part of it is', () => {
    for (const [seatRow, no] of [
      [null, null],
      ['A', null],
      [null, 2],
    ] as const) {
      const ticket = refer([1, seatRow, no, null, null]);
      expect(stateOf(ticket.seat)).toEqual(['entity', null]);
      expect([ticket.seat.id, ticket.seat.isLoaded, ticket.next.id]).toEqual([null, true, null]);
    }
  });

  it('whose key is on the other side are not known', () => {
    const ticket = refer([1, null, null, null, null]);
    expect(stateOf(ticket.follower)).toEqual(['unset', null]);
    const seat = hydrate(theatre, Seat, ['A', 1]) as Seat;
    expect([seat.tickets.isLoaded, seat.tickets instanceof EntityCollection]).toEqual([false, true]);
  });

  it('belong to one entity each, as do its other fields', () => {
    const [one, two] = [refer([1, null, null, 2, null]), refer([2, null, null, 1, null])];
    expect(one.next).not.toBe(two.next);
    expect(one.made).not.toBe(two.made);
    expect([one.secret, one.next.id, two.next.id]).toEqual(['kept', { decoded: 2 }, { decoded: 1 }]);
  });
});

class Medium extends Entity('media', { ...id, title: text() }) {}
class Film extends subtype(Medium, 'film', { minutes: integer() }) {}
class Short extends subtype(Film, 'short', { prize: text().nullable() }) {}
class Book extends subtype(Medium, 'book', { pages: integer() }) {}
const hierarchy = registryOf(Medium, Film, Short, Book);

describe('rows of a hierarchy', () => {
  const columns = hierarchy.get(Medium).columns.map(({ name }) => name);
  const make = (values: Record<string, WireValue>): object =>
    hydrate(
      hierarchy,
      Medium,
      columns.map((name) => values[name] ?? null),
    );

  it.each<[string | null, EntityClass]>([
    ['media', Medium],
    ['film', Film],
    ['short', Short],
    ['book', Book],
  ])('of the discriminator %s become entities of its class', (type, target) => {
    const entity = make({ id: 1, title: 'x', type, minutes: 5, pages: 6, prize: 'p' });
    expect(entity.constructor).toBe(target);
    const own = hierarchy.get(target).properties;
    expect(Object.keys(entity).sort()).toEqual([...own.keys()].sort());
  });

  it.each(['newer', '', null, 'toString'])("of the discriminator %j, which no class has, become the root's", (type) => {
    const entity = make({ id: 1, title: 'x', type, minutes: 5 });
    expect(entity.constructor).toBe(Medium);
    expect(Object.keys(entity)).toEqual(['id', 'title']);
  });

  it('cannot be read where a column of their class cannot, and only then', () => {
    const error = refusalOf(() => make({ id: 1, title: 'x', type: 'film', minutes: 'secret' }));
    expect(error).toMatchObject({ code: 'deserialization', entity: 'media', property: 'minutes' });
    expect(make({ id: 1, title: 'x', type: 'book', minutes: 'secret', pages: 1 })).toBeInstanceOf(Book);
  });
});

describe('filling an entity anew', () => {
  it('replaces its values and references, and nothing else', () => {
    const runtime = createEntityRuntime(theatre.get(Ticket));
    const ticket = hydrate(theatre, Ticket, [1, 'A', 2, 7, null]) as Ticket;
    ticket.made.push('by hand');
    const { next, follower } = ticket;
    runtime.hydratorOf([], 0).fill(ticket, [1, null, null, 8, 9], 0);
    expect(ticket.next).toBe(next);
    expect(ticket.follower).toBe(follower);
    expect([ticket.next.id, ticket.seat.id, ticket.previous.id]).toEqual([{ decoded: 8 }, null, { decoded: 9 }]);
    expect(ticket.made).toEqual(['by hand']);
  });
});

describe('the identity of an entity itself', () => {
  it('is a property where the key is one number or text', () => {
    const plainKey = (target: EntityClass, ...others: EntityClass[]) =>
      createEntityRuntime(registryOf(target, ...others).get(target)).plainKey;
    class Big extends Entity('bigs', { key: bigint().primaryKey() }) {}
    class Named extends Entity('named', { name: text().primaryKey() }) {}
    class Instant extends Entity('instants', { at: datetime().primaryKey() }) {}
    class Child extends Entity('children', {}) {
      parent = manyToOne(() => Named, { primaryKey: true });
    }
    expect([plainKey(Named), plainKey(Medium), plainKey(Seat, Ticket)]).toEqual(['name', 'id', null]);
    expect([plainKey(Big), plainKey(Instant), plainKey(Child, Named)]).toEqual([null, null, null]);
  });
});

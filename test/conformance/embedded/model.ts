import {
  bigint,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  Embeddable,
  Entity,
  embedded,
  float,
  integer,
  json,
  type Persistence,
  text,
  uuid,
} from '../../../src/index.ts';
import type { Subject } from '../subject.ts';

export class Geo extends Embeddable({ lat: float(), lon: float(), note: text().nullable() }) {}

export class Address extends Embeddable({
  street: text(),
  city: text({ maxLength: 50 }),
  zip: text().nullable(),
  geo: embedded(Geo).nullable(),
}) {
  get line(): string {
    return `${this.street}, ${this.city}`;
  }
}

export class Money extends Embeddable({
  amount: decimal({ precision: 12, scale: 2 }),
  currency: text({ maxLength: 3 }).default('EUR'),
  since: datetime().default(() => new Date(0)),
}) {}

/** All its columns may be NULL. */
export class Contact extends Embeddable({ phone: text().nullable(), mail: text().nullable() }) {}

export class Person extends Entity('persons', {
  id: integer().primaryKey(),
  name: text(),
  address: embedded(Address),
  second: embedded(Address, { prefix: 'other_' }).nullable(),
  contact: embedded(Contact).nullable(),
  reach: embedded(Contact),
  fee: embedded(Money).nullable(),
  version: integer().version(),
}) {}

export class Everything extends Embeddable({
  whole: integer(),
  large: bigint(),
  real: float(),
  exact: decimal({ precision: 8, scale: 3 }),
  words: text(),
  one: uuid(),
  yes: boolean(),
  at: datetime(),
  day: date(),
  tree: json<{ list: number[] }>(),
  raw: bytes(),
  inner: embedded(Geo),
  none: embedded(Geo).nullable(),
  rank: integer().default(7),
}) {}

export class Kept extends Entity('kept', {
  id: integer().primaryKey(),
  value: embedded(Everything, { as: 'json' }),
  place: embedded(Address, { as: 'json' }).nullable(),
}) {}

export const everything = () => ({
  whole: -7,
  large: 2n ** 62n,
  real: 0.25,
  exact: '-12.500',
  words: "it's “ü”",
  one: '8b7f0c36-27b5-4c3a-a4a1-0d4b1dd0f6f2',
  yes: true,
  at: new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 4)),
  day: '2024-02-29',
  tree: { list: [1, 2] },
  raw: new Uint8Array([0, 1, 255]),
  inner: { lat: 1.5, lon: -2, note: null },
  none: null,
});

export const rome = { street: 'Via Appia', city: 'Rome', zip: '00100', geo: { lat: 41.9, lon: 12.5, note: null } };

export const persons = (subject: Subject): Promise<Persistence> => subject.open([Person]);

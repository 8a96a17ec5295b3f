import { expectTypeOf, test } from 'vitest';
import { Column, Embeddable as EmbeddableClass, Mapped } from '../../src/decorators.ts';
import {
  Embeddable,
  type Embedded,
  type EmbeddedJson,
  Entity,
  type EntityManager,
  embedded,
  eq,
  type Generated,
  gt,
  integer,
  isIn,
  like,
  type Row,
  text,
} from '../../src/index.ts';

class Geo extends Embeddable({ lat: integer(), lon: integer() }) {}
class Address extends Embeddable({
  street: text(),
  city: text(),
  zip: text().nullable(),
  geo: embedded(Geo).nullable(),
}) {
  get line(): string {
    return this.street;
  }
}
class Author extends Entity('authors', {
  id: integer().primaryKey(),
  address: embedded(Address),
  second: embedded(Address).nullable(),
  kept: embedded(Address, { as: 'json' }),
}) {}

@EmbeddableClass()
class Money {
  @Column(integer()) amount!: number;
  @Column(text().nullable()) currency!: string | null;
  @Column(integer().default(1)) scale!: Generated<number>;
}
@Mapped('bills')
class Bill {
  @Column(integer().primaryKey()) id!: number;
  @Column(embedded(Money)) total!: Embedded<Money>;
  @Column(embedded(Money).nullable()) tip!: Embedded<Money> | null;
  @Column(embedded(Money, { as: 'json' })) kept!: EmbeddedJson<Money>;
}
test('a decorated field has the type of the column', () => {
  class Wrong {
    // @ts-expect-error null is missing
    @Column(embedded(Money).nullable()) wrong!: Embedded<Money>;
    // @ts-expect-error another class
    @Column(embedded(Money)) other!: Embedded<Address>;
  }
  expectTypeOf<Wrong>().toBeObject();
});

declare const em: EntityManager;
declare const author: Author;
declare const bill: Bill;
const place = { street: 's', city: 'c' };

test('an embedded value has the type of its class', () => {
  expectTypeOf(author.address.line).toEqualTypeOf<string>();
  expectTypeOf(author.address.geo?.lat).toEqualTypeOf<number | undefined>();
  expectTypeOf(author.second).toEqualTypeOf<Embedded<Address> | null>();
  expectTypeOf<Row<(typeof Author)['columns']>['kept']>().toEqualTypeOf<EmbeddedJson<Address>>();
  author.address = new Address(place);
  author.kept = new Address(place);
  author.second = null;
  bill.total = new Money();
  // @ts-expect-error plain data has no getter `line`; assign and create take it
  author.address = { ...place, zip: null, geo: null };
  // @ts-expect-error the value cannot be null
  author.address = null;
});

test('create, assign and merge take plain data', () => {
  em.create(Author, { id: 1, address: { ...place, geo: { lat: 1, lon: 2 } }, kept: place });
  em.create(Author, { id: 1, address: new Address(place), second: place, kept: new Address(place) });
  em.create(Bill, { id: 1, total: { amount: 1 }, kept: { amount: 1, currency: 'EUR', scale: 2 } });
  em.assign(author, { second: null, address: place });
  em.merge(Bill, { id: 1, tip: { amount: 2 } });
  new Author({ id: 1, address: place, kept: place });
  // @ts-expect-error the address is required
  em.create(Author, { id: 1, kept: place });
  // @ts-expect-error the city is required
  em.create(Author, { id: 1, address: { street: 's' }, kept: place });
  // @ts-expect-error there is no such column
  em.create(Author, { id: 1, address: { ...place, town: 'x' }, kept: place });
  // @ts-expect-error a number for a text
  em.assign(author, { address: { street: 1, city: 'c' } });
  // @ts-expect-error the amount is required
  em.create(Bill, { id: 1, total: { currency: 'EUR' }, kept: { amount: 1 } });
});

test('criteria and orders nest the columns of a value', () => {
  em.find(Author, { address: { city: 'x', zip: null, geo: { lat: gt(1) } }, second: null });
  em.find(Author, { second: { city: isIn(['x']), geo: null }, kept: eq(place) });
  em.find(
    Author,
    { kept: eq(new Address(place)) },
    { orderBy: [{ address: { geo: { lat: 'asc' } } }, { id: 'desc' }] },
  );
  em.find(Bill, { total: { amount: gt(1) }, tip: null }, { orderBy: { tip: { amount: 'asc' } } });
  // @ts-expect-error the value cannot be null
  em.find(Author, { address: null });
  // @ts-expect-error no such column
  em.find(Author, { address: { town: 'x' } });
  // @ts-expect-error another type
  em.find(Author, { address: { city: 1 } });
  // @ts-expect-error a text operator over a number
  em.find(Author, { address: { geo: { lat: like('1%') } } });
  // @ts-expect-error a getter is not a column
  em.find(Author, { address: { line: 'x' } });
  // @ts-expect-error an operator over the whole value
  em.find(Author, { address: eq(new Address(place)) });
  // @ts-expect-error JSON is compared as a whole
  em.find(Author, { kept: { city: 'x' } });
  // @ts-expect-error of another shape
  em.find(Author, { kept: eq({ town: 'x' }) });
  // @ts-expect-error a value has no order of its own
  em.find(Author, {}, { orderBy: { address: 'asc' } });
  // @ts-expect-error no direction
  em.find(Author, {}, { orderBy: { address: { city: 'up' } } });
  // @ts-expect-error no embeddable class
  embedded(class {}, { as: 'xml' });
});

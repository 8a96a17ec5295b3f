import { expect } from 'vitest';
import { gt, isIn, like, not, type Persistence } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { watchStatements, writing } from '../statements.ts';
import { Address, Contact, Geo, Money, Person, persons, rome } from './model.ts';

async function write(db: Persistence): Promise<void> {
  const em = db.em();
  em.create(Person, { id: 1, name: 'Ada', address: rome, reach: {}, fee: { amount: '1.50' } });
  em.create(Person, {
    id: 2,
    name: 'Bob',
    address: new Address({ street: 'Main St', city: 'York' }),
    second: { ...rome, geo: null },
    contact: { phone: '1' },
    reach: { mail: 'b@example.org' },
  });
  await em.flush();
}

export const embeddedColumnLaws: Laws = {
  'embedded values come back as objects of their classes, null where all their columns are NULL': async (subject) => {
    await using db = await persons(subject);
    await write(db);
    const [ada, bob] = await db.em().find(Person, {}, { orderBy: { id: 'asc' } });
    expect(ada?.address).toBeInstanceOf(Address);
    expect(ada?.address.geo).toBeInstanceOf(Geo);
    expect([ada?.address.line, ada?.address.geo, bob?.address.geo]).toEqual([
      'Via Appia, Rome',
      { lat: 41.9, lon: 12.5, note: null },
      null,
    ]);
    expect([ada?.second, bob?.second?.line, ada?.contact, bob?.contact]).toEqual([
      null,
      'Via Appia, Rome',
      null,
      { phone: '1', mail: null },
    ]);
    // One that cannot be null is there, whatever is in it.
    expect([ada?.reach, ada?.reach instanceof Contact]).toEqual([{ phone: null, mail: null }, true]);
    expect(ada?.fee).toMatchObject({ amount: '1.50', currency: 'EUR' });
    expect(ada?.fee?.since).toBeInstanceOf(Date);
    expect(bob?.fee).toBeNull();
  },
  'nothing is written after a flush, nor for what was only loaded': async (subject) => {
    await using db = await persons(subject);
    const statements = watchStatements(db);
    const em = db.em();
    const ada = em.create(Person, { id: 1, name: 'Ada', address: rome, reach: {}, fee: { amount: '1' }, contact: {} });
    await em.flush();
    statements.reset();
    await em.flush();
    expect([statements.texts, em.changes(ada).size, ada.address.geo?.lat, ada.fee?.currency]).toEqual([
      [],
      0,
      41.9,
      'EUR',
    ]);
    const other = db.em();
    await other.find(Person);
    statements.reset();
    await other.flush();
    expect(statements.texts).toEqual([]);
  },
  'a change in place updates its own column only': async (subject) => {
    await using db = await persons(subject);
    await write(db);
    const em = db.em();
    const ada = await em.findOne(Person, { id: 1 });
    if (ada === null) throw new Error('no row');
    const statements = watchStatements(db);
    ada.address.city = 'Milan';
    expect([...em.changes(ada)]).toEqual([['address.city', { before: 'Rome', after: 'Milan' }]]);
    await em.flush();
    const [update = ''] = writing(statements.texts);
    expect(writing(statements.texts)).toHaveLength(1);
    expect(update).toContain('address_city');
    expect(update).not.toMatch(/address_street|other_|fee_|address_geo/);
    const read = await db.em().findOne(Person, { id: 1 });
    expect([read?.address.line, read?.version]).toEqual(['Via Appia, Milan', 2]);
  },
  'a value is replaced as a whole, by null, and by a value again': async (subject) => {
    await using db = await persons(subject);
    await write(db);
    const em = db.em();
    const bob = await em.findOne(Person, { id: 2 });
    if (bob === null) throw new Error('no row');
    bob.second = null;
    bob.address = new Address({ street: 'A', city: 'B', geo: { lat: 1, lon: 2 } });
    bob.fee = new Money({ amount: '2' });
    await em.flush();
    const read = await db.em().findOne(Person, { id: 2 });
    expect([read?.second, read?.address]).toEqual([
      null,
      { street: 'A', city: 'B', zip: null, geo: { lat: 1, lon: 2, note: null } },
    ]);
    expect(read?.fee).toMatchObject({ amount: '2.00', currency: 'EUR' });
    bob.second = new Address({ street: 'C', city: 'D' });
    bob.address.geo = null;
    await em.flush();
    const again = await db.em().findOne(Person, { id: 2 });
    expect([again?.second?.line, again?.address.geo]).toEqual(['C, D', null]);
  },
  'a value in which everything is null is null once it is loaded': async (subject) => {
    await using db = await persons(subject);
    await write(db);
    const em = db.em();
    const bob = await em.findOne(Person, { id: 2 });
    if (bob?.contact == null) throw new Error('no row');
    bob.contact.phone = null;
    await em.flush();
    expect(bob.contact).toEqual({ phone: null, mail: null });
    expect((await db.em().findOne(Person, { id: 2 }))?.contact).toBeNull();
    await em.refresh(bob);
    expect(bob.contact).toBeNull();
  },
  'a required column is required as long as its value is there': async (subject) => {
    await using db = await persons(subject);
    await write(db);
    const em = db.em();
    const person = await em.findOne(Person, { id: 2 });
    if (person?.second == null) throw new Error('no row');
    for (const break_ of [
      () => Reflect.set(person.second as Address, 'city', null),
      () => Reflect.set(person, 'address', null),
      () => Reflect.set(person.address, 'city', 'x'.repeat(51)),
      () => Reflect.set(person, 'second', 'Rome'),
      () => Reflect.set(person, 'second', { street: 'only' }),
    ]) {
      break_();
      expect(await expectCode(() => em.flush(), 'validation')).toHaveProperty(
        'property',
        expect.stringMatching(/^(address|second)\./),
      );
      em.revert(person);
      expect([person.second?.line, person.address.line]).toEqual(['Via Appia, Rome', 'Main St, York']);
      expect(person.second).toBeInstanceOf(Address);
    }
    em.create(Person, { id: 3, name: 'x', reach: {}, address: { street: 's' } as never });
    await expectCode(() => em.flush(), 'validation');
    expect(await db.em().count(Person)).toBe(2);
  },
  'criteria and orders name the columns of a value, or null': async (subject) => {
    await using db = await persons(subject);
    await write(db);
    const em = db.em();
    const ids = async (where: Parameters<typeof em.find<Person>>[1]) =>
      (await em.find(Person, where, { orderBy: { address: { city: 'desc' } } })).map(({ id }) => id);
    expect(await ids({})).toEqual([2, 1]);
    expect(await ids({ address: { city: 'Rome' } })).toEqual([1]);
    expect(await ids({ address: { city: isIn(['Rome', 'York']), zip: null } })).toEqual([2]);
    expect(await ids({ address: { geo: { lat: gt(40) }, street: like('Via%') } })).toEqual([1]);
    expect(await ids({ address: { geo: null } })).toEqual([2]);
    expect(await ids({ second: null })).toEqual([1]);
    expect(await ids(not({ second: null }))).toEqual([2]);
    expect(await ids({ second: rome })).toEqual([]);
    expect(await ids({ second: { ...rome, geo: null } })).toEqual([2]);
    const nested = await em.find(
      Person,
      {},
      { orderBy: [{ address: { geo: { lat: 'asc' } } }, { id: 'desc' }], limit: 5 },
    );
    expect(nested).toHaveLength(2);
    for (const where of [
      { address: { town: 'x' } },
      { address: 'Rome' },
      { address: ['Rome'] },
      { address: undefined },
      { address: { city: undefined } },
      { address: like('R%') },
      { address: { city: { $ne: null } } },
      { 'address.city': 'Rome' },
    ]) {
      await expectCode(() => em.find(Person, where as never), 'validation');
    }
    await expectCode(() => em.find(Person, {}, { orderBy: { address: 'asc' } as never }), 'validation');
  },
};

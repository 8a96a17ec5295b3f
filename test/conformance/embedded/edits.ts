import { expect } from 'vitest';
import { eq, ne, toPlain } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { watchStatements, writing } from '../statements.ts';
import { Address, Everything, everything, Geo, Kept, Person, persons, rome } from './model.ts';

export const embeddedEditLaws: Laws = {
  'create, assign and merge take plain data, and nothing that is no column': async (subject) => {
    await using db = await persons(subject);
    const em = db.em();
    const given = { ...rome };
    const ada = em.create(Person, { id: 1, name: 'Ada', address: given, reach: { phone: null } });
    given.city = 'changed';
    expect([ada.address.line, ada.address instanceof Address, ada.second, ada.fee]).toEqual([
      'Via Appia, Rome',
      true,
      null,
      null,
    ]);
    await em.flush();
    em.assign(ada, { second: { street: 'S', city: 'C' }, address: { street: 'T', city: 'U' } });
    expect([ada.second?.line, ada.second instanceof Address, ada.address]).toEqual([
      'S, C',
      true,
      { street: 'T', city: 'U', zip: null, geo: null },
    ]);
    await em.flush();
    const merged = await db.em().merge(Person, { id: 1, name: 'Ada', second: null, address: rome });
    expect([merged.second, merged.address, merged.version]).toEqual([null, rome, 2]);
    for (const bad of [{ town: 'x' }, 'Rome', ['Rome'], new Date(0), null, { street: 1, city: 'x' }]) {
      await expectCode(() => em.assign(ada, { address: bad as never }), 'validation');
      await expectCode(() => db.em().merge(Person, { id: 1, address: bad as never }), 'validation');
    }
    expect(ada.address).toEqual({ street: 'T', city: 'U', zip: null, geo: null });
    const poisoned = JSON.parse('{ "__proto__": { "street": "p" }, "street": "s", "city": "c" }');
    await expectCode(() => em.assign(ada, { address: poisoned }), 'validation');
  },
  'a detached entity is merged with its embedded values, and they are copies': async (subject) => {
    await using db = await persons(subject);
    const em = db.em();
    em.create(Person, { id: 1, name: 'Ada', address: rome, reach: {} });
    await em.flush();
    const detached = await db.em().findOne(Person, { id: 1 });
    if (detached === null) throw new Error('no row');
    detached.address.city = 'Milan';
    const other = db.em();
    const merged = await other.merge(detached);
    expect([merged.address.line, [...other.changes(merged).keys()]]).toEqual(['Via Appia, Milan', ['address.city']]);
    detached.address.city = 'later';
    expect(merged.address.city).toBe('Milan');
  },
  'revert and refresh bring the values of the row back': async (subject) => {
    await using db = await persons(subject);
    const em = db.em();
    const ada = em.create(Person, { id: 1, name: 'Ada', address: rome, reach: {}, second: { ...rome } });
    await em.flush();
    ada.address.street = 'x';
    ada.second = null;
    if (ada.address.geo !== null) ada.address.geo.lat = 0;
    expect([...em.changes(ada).keys()].sort()).toEqual([
      'address.geo.lat',
      'address.street',
      'second.city',
      'second.geo.lat',
      'second.geo.lon',
      'second.street',
      'second.zip',
    ]);
    em.revert(ada);
    expect([ada.address, ada.second, em.changes(ada).size]).toEqual([rome, rome, 0]);
    ada.address.street = 'x';
    await em.refresh(ada);
    expect([ada.address, ada.address.geo instanceof Geo]).toEqual([rome, true]);
  },
  'upsert takes embedded values, and updates their columns': async (subject) => {
    await using db = await persons(subject);
    if (db.driver.capabilities.interactive === 'none' && db.driver.capabilities.batch === 'none') return;
    const em = db.em();
    await em.upsert(Person, { id: 1, name: 'Ada', address: rome, reach: {} });
    const changed = { ...rome, city: 'Milan' };
    const ada = await em.upsert(Person, { id: 1, name: 'Eve', address: changed, reach: {} }, { update: ['address'] });
    expect([ada.address.line, ada.name, ada.address.geo]).toEqual(['Via Appia, Milan', 'Ada', rome.geo]);
    const read = await db.em().findOne(Person, { id: 1 });
    expect([read?.address.line, read?.name]).toEqual(['Via Appia, Milan', 'Ada']);
  },
  'in JSON, every type of column comes back, compared by value and written as a whole': async (subject) => {
    await using db = await subject.open([Kept]);
    const em = db.em();
    em.create(Kept, { id: 1, value: everything(), place: rome });
    em.create(Kept, { id: 2, value: new Everything({ ...everything(), words: 'other', rank: 9 }) });
    await em.flush();
    const reader = db.em();
    const [first, second] = await reader.find(Kept, {}, { orderBy: { id: 'asc' } });
    if (first === undefined || second === undefined) throw new Error('no rows');
    expect([first.value, first.place, second.place]).toEqual([{ ...everything(), rank: 7 }, rome, null]);
    expect([first.value instanceof Everything, first.value.inner instanceof Geo, first.place?.line]).toEqual([
      true,
      true,
      'Via Appia, Rome',
    ]);
    const statements = watchStatements(db);
    await reader.flush();
    expect(statements.texts).toEqual([]);
    first.value.at.setTime(0);
    first.value.inner.lat = 9;
    expect([...reader.changes(first).keys()]).toEqual(['value']);
    await reader.flush();
    expect(writing(statements.texts)).toHaveLength(1);
    const again = await db.em().findOne(Kept, { id: 1 });
    expect([again?.value.at, again?.value.inner.lat]).toEqual([new Date(0), 9]);
    first.value.inner.lat = 10;
    reader.revert(first);
    expect([first.value.inner.lat, first.value instanceof Everything]).toEqual([9, true]);
    Reflect.set(first.value, 'words', null);
    expect(await expectCode(() => reader.flush(), 'validation')).toHaveProperty('property', 'value');
  },
  'in JSON, a value is compared with eq() as a whole': async (subject) => {
    await using db = await subject.open([Kept]);
    const em = db.em();
    em.create(Kept, { id: 1, value: everything(), place: rome });
    em.create(Kept, { id: 2, value: everything() });
    await em.flush();
    const ids = async (where: Parameters<typeof em.find<Kept>>[1]) => (await em.find(Kept, where)).map(({ id }) => id);
    expect(await ids({ place: eq(rome) })).toEqual([1]);
    expect(await ids({ place: eq(new Address(rome)) })).toEqual([1]);
    expect(await ids({ place: ne({ ...rome, city: 'Milan' }), id: 1 })).toEqual([1]);
    expect(await ids({ place: null })).toEqual([2]);
    await expectCode(() => em.find(Kept, { place: { city: 'Rome' } as never }), 'validation');
  },
  'plain copies and JSON hold the columns of embedded values': async (subject) => {
    await using db = await subject.open([Kept, Person]);
    const em = db.em();
    const kept = em.create(Kept, { id: 1, value: everything(), place: rome });
    const ada = em.create(Person, { id: 1, name: 'Ada', address: rome, reach: {} });
    await em.flush();
    const shown = JSON.parse(JSON.stringify([ada, kept]));
    expect(shown[0]).toMatchObject({ address: rome, second: null });
    expect(shown[1].value).toMatchObject({ large: String(2n ** 62n), raw: 'AAH/', at: '2024-02-29T01:02:03.004Z' });
    const plain = structuredClone(toPlain(ada));
    expect(plain).toMatchObject({ address: rome, second: null, reach: { phone: null, mail: null } });
    expect(Object.getPrototypeOf(toPlain(ada).address)).toBe(Object.prototype);
    expect(toPlain(kept).value).toEqual({ ...everything(), rank: 7 });
  },
};

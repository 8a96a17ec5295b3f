import { expect } from 'vitest';
import type { Persistence } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import {
  atlas,
  building,
  Chair,
  City,
  Country,
  Door,
  Embassy,
  Flag,
  House,
  Label,
  Plan,
  plans,
  Room,
  Street,
  Task,
} from '../model/slots.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';

async function get<T extends object>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}

async function openAtlas(subject: Subject): Promise<Persistence> {
  const db = await subject.open(atlas);
  const em = db.em();
  for (const code of ['fr', 'it']) {
    const country = em.create(Country, {
      code,
      name: `name of ${code}`,
      tags: [em.create(Label, { name: `tag ${code}` })],
    });
    for (const name of ['one', 'two']) {
      const city = em.create(City, { name, people: 1, country });
      for (const no of [1, 2]) em.create(Street, { no, title: `${code} ${name} ${no}`, city });
    }
    em.create(Flag, { colours: code, country });
  }
  await em.flush();
  return db;
}

/** All rows with their keys, as another EntityManager sees them. */
async function picture(db: Persistence): Promise<string[]> {
  const streets = await db.em().find(Street, {}, { populate: ['city.country'] });
  return streets
    .map((street) => {
      const { country } = street.city.get();
      return `${country.get().name}: ${country.id} ${street.city.id.name} ${street.no}: ${street.title}`;
    })
    .sort();
}

const changes: Laws = {
  'a key changes, and everything that refers to it follows, loaded or not': async (subject) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const country = await get(em.findById(Country, 'fr', { populate: ['cities', 'tags'] }));
    const [one] = country.cities.toArray() as [City];
    const street = await get(em.findById(Street, { no: 1, city: { name: 'one', country: 'fr' } }));
    country.code = 'de';
    country.name = 'renamed';
    expect([em.stateOf(country), Object.fromEntries(em.changes(country)).code]).toEqual([
      'persistent',
      { before: 'fr', after: 'de' },
    ]);
    await em.flush();
    expect((await picture(db)).filter((line) => line.startsWith('renamed'))).toEqual([
      'renamed: de one 1: fr one 1',
      'renamed: de one 2: fr one 2',
      'renamed: de two 1: fr two 1',
      'renamed: de two 2: fr two 2',
    ]);
    const statements = watchStatements(db);
    expect((await em.findById(Country, 'de')) === country).toBe(true);
    expect((await em.findById(City, { name: 'one', country: 'de' })) === one).toBe(true);
    expect((await em.findById(Street, { no: 1, city: { name: 'one', country: 'de' } })) === street).toBe(true);
    expect([one.country.id, street.city.id]).toEqual(['de', { name: 'one', country: 'de' }]);
    await em.flush();
    expect(statements.texts).toEqual([]);
    expect(await em.findById(Country, 'fr')).toBeNull();
    one.people = 7;
    street.title = 'changed';
    country.name = 'again';
    country.tags.clear();
    await em.flush();
    const read = await get(
      db.em().findById(Street, { no: 1, city: { name: 'one', country: 'de' } }, { populate: ['city.country.tags'] }),
    );
    expect([
      read.title,
      read.city.get().people,
      read.city.get().country.get().name,
      read.city.get().country.get().tags.length,
    ]).toEqual(['changed', 7, 'again', 0]);
  },
  'two keys are exchanged, and their rows with them': async (subject) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const [fr, it] = [await get(em.findById(Country, 'fr')), await get(em.findById(Country, 'it'))];
    const city = await get(em.findById(City, { name: 'two', country: 'fr' }));
    [fr.code, it.code] = ['it', 'fr'];
    await em.flush();
    expect((await picture(db)).slice(0, 5)).toEqual([
      'name of fr: it one 1: fr one 1',
      'name of fr: it one 2: fr one 2',
      'name of fr: it two 1: fr two 1',
      'name of fr: it two 2: fr two 2',
      'name of it: fr one 1: it one 1',
    ]);
    expect([
      (await em.findById(Country, 'it')) === fr,
      (await em.findById(Country, 'fr')) === it,
      city.country.id,
    ]).toEqual([true, true, 'it']);
    expect((await em.findById(City, { name: 'two', country: 'it' })) === city).toBe(true);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a key becomes that of a row that is removed, and one that is new takes the old key': async (subject) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const [fr, it] = [await get(em.findById(Country, 'fr')), await get(em.findById(Country, 'it'))];
    em.remove(
      ...(await em.find(Street, { city: { country: 'it' } })),
      ...(await em.find(City, { country: 'it' })),
      ...(await em.find(Flag)),
      it,
    );
    fr.code = 'it';
    const fresh = em.create(Country, { code: 'fr', name: 'name of it' });
    const village = em.create(City, { name: 'new', people: 3, country: fresh });
    const moved = em.create(City, { name: 'other', people: 4, country: fr });
    await em.flush();
    const rows = await db.em().find(City, {}, { populate: ['country'] });
    expect(rows.map(({ name, country }) => `${name} ${country.id} ${country.get().name}`).sort()).toEqual([
      'new fr name of it',
      'one it name of fr',
      'other it name of fr',
      'two it name of fr',
    ]);
    expect([village.country.id, moved.country.id, em.stateOf(it)]).toEqual(['fr', 'it', 'detached']);
    expect([(await em.findById(Country, 'it')) === fr, (await em.findById(Country, 'fr')) === fresh]).toEqual([
      true,
      true,
    ]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a row moves to another owner that is part of its key, also to a new one': async (subject) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const city = await get(em.findById(City, { name: 'one', country: 'fr' }, { populate: ['streets'] }));
    const other = await get(em.findById(City, { name: 'two', country: 'fr' }));
    city.country.set(await get(em.findById(Country, 'it')));
    city.name = 'three';
    other.country.set(em.create(Country, { code: 'es', name: 'new' }));
    await em.flush();
    expect((await picture(db)).filter((line) => line.includes(': fr '))).toEqual([
      'name of it: it three 1: fr one 1',
      'name of it: it three 2: fr one 2',
      'new: es two 1: fr two 1',
      'new: es two 2: fr two 2',
    ]);
    expect((await em.findById(City, { name: 'three', country: 'it' })) === city).toBe(true);
    expect(city.streets.toArray().map(({ city: { id } }) => id)).toEqual(
      Array(2).fill({ name: 'three', country: 'it' }),
    );
    expect((await em.plan()).statements).toEqual([]);
  },
  'a foreign key that is emptied by a change of the key shows it': async (subject) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const [flag] = (await em.find(Flag, { country: 'fr' })) as [Flag];
    const country = await get(em.findById(Country, 'fr'));
    expect((await flag.country.load()) === country).toBe(true);
    country.code = 'de';
    await em.flush();
    expect([flag.country.id, flag.country.isLoaded, em.changes(flag).size]).toEqual([null, true, 0]);
    expect(await db.em().count(Flag, { country: null })).toBe(1);
  },
  'a key that others refer to without an action is refused by the database, and memory is as it was': async (
    subject,
  ) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const country = await get(em.findById(Country, 'fr'));
    const embassy = em.create(Embassy, { street: 's', country });
    await em.flush();
    country.code = 'de';
    await expectCode(() => em.flush(), 'foreign-key-violation');
    expect([country.code, em.stateOf(country), (await em.findById(Country, 'fr')) === country]).toEqual([
      'de',
      'persistent',
      true,
    ]);
    em.remove(embassy);
    await em.flush();
    expect([(await em.findById(Country, 'de')) === country, await db.em().count(Country, { code: 'de' })]).toEqual([
      true,
      1,
    ]);
  },
  'a key that changed in a transaction that is rolled back is the old one again': async (subject) => {
    await using db = await openAtlas(subject);
    const em = db.em();
    const country = await get(em.findById(Country, 'fr', { populate: ['cities.streets'] }));
    const [city] = country.cities.toArray() as City[] as [City];
    const before = await picture(db);
    await em
      .transaction(async (tx) => {
        country.code = 'de';
        await tx.flush();
        expect(city.country.id).toBe('de');
        throw new Error('back');
      })
      .catch(() => undefined);
    expect(await picture(db)).toEqual(before);
    expect([country.code, city.name, em.stateOf(city)]).toEqual(['de', 'one', 'persistent']);
    expect([
      (await em.findById(Country, 'fr')) === country,
      (await em.findById(City, { name: 'one', country: 'fr' })) === city,
    ]).toEqual([true, true]);
    em.revert(country);
    expect([country.code, city.country.id, (await em.plan()).statements]).toEqual(['fr', 'fr', []]);
  },
};

async function openBuilding(subject: Subject): Promise<Persistence> {
  const db = await subject.open(building);
  const em = db.em();
  for (const id of [1, 2]) {
    const house = em.create(House, { id, name: `house ${id}` });
    for (const no of [1, 2]) {
      const room = em.create(Room, { id: id * 10 + no, name: `room ${id} ${no}`, house });
      em.create(Chair, { id: room.id, name: `chair ${id} ${no}`, room });
      em.create(Door, { id: room.id, name: `door ${id} ${no}`, room });
    }
  }
  await em.flush();
  return db;
}

const alongs: Laws = {
  'what the database deletes along is detached, what it empties shows it, and nothing is written twice': async (
    subject,
  ) => {
    await using db = await openBuilding(subject);
    const em = db.em();
    const [house, other] = (await em.find(House, {}, { orderBy: { id: 'asc' } })) as [House, House];
    const rooms = (await em.find(Room, {}, { orderBy: { id: 'asc' } })) as [Room, Room, Room];
    const chairs = (await em.find(Chair, {}, { orderBy: { id: 'asc' } })) as [Chair, Chair, Chair];
    const doors = (await em.find(Door, {}, { orderBy: { id: 'asc' } })) as [Door, Door, Door];
    rooms[1].house.set(other);
    em.remove(house);
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts).map((text) => /UPDATE|DELETE/.exec(text)?.[0])).toEqual(['UPDATE', 'DELETE']);
    expect([rooms[0], rooms[1], chairs[0], doors[0], doors[1]].map((entity) => em.stateOf(entity))).toEqual([
      'detached',
      'persistent',
      'persistent',
      'detached',
      'persistent',
    ]);
    expect([chairs[0].room.id, chairs[1].room.id, em.changes(chairs[0]).size]).toEqual([null, rooms[1].id, 0]);
    statements.reset();
    await em.flush();
    expect(statements.texts).toEqual([]);
    chairs[0].name = 'alone';
    rooms[1].name = 'moved';
    await em.flush();
    expect([await db.em().count(Room), await db.em().count(Door), await db.em().count(Chair, { room: null })]).toEqual([
      3, 3, 1,
    ]);
    expect(await em.findById(Room, 11)).toBeNull();
  },
  'what goes along with a removed row may be removed by hand as well': async (subject) => {
    await using db = await openBuilding(subject);
    const em = db.em();
    const rooms = await em.find(Room, { house: 1 });
    em.remove(await get(em.findById(House, 1)), ...rooms);
    await em.flush();
    expect([
      await db.em().count(House),
      await db.em().count(Room),
      await db.em().count(Door),
      await db.em().count(Chair),
    ]).toEqual([1, 2, 2, 4]);
    expect(rooms.map((room) => em.stateOf(room))).toEqual(['detached', 'detached']);
  },
  'what went along is back where the transaction is rolled back': {
    // It flushes in the middle of a transaction.
    requires: ({ interactive }) => interactive === 'session',
    check: async (subject) => {
      await using db = await openBuilding(subject);
      const em = db.em();
      const house = await get(em.findById(House, 1));
      const room = await get(em.findById(Room, 11));
      const chair = await get(em.findById(Chair, 11));
      const work = em.transaction(async (tx) => {
        tx.remove(house);
        await tx.flush();
        expect([tx.stateOf(room), chair.room.id]).toEqual(['detached', null]);
        throw new Error('back');
      });
      await expect(work).rejects.toThrow('back');
      expect([em.stateOf(house), em.stateOf(room), chair.room.id]).toEqual(['deleted', 'persistent', 11]);
      em.revert(house);
      room.name = 'kept';
      await em.flush();
      expect((await get(db.em().findById(Room, 11))).name).toBe('kept');
    },
  },
  'an entity is created with the key of a removed one: it is the one of that key afterwards': async (subject) => {
    await using db = await subject.open(plans);
    const em = db.em();
    const old = em.create(Plan, { id: 1, name: 'plan' });
    const [mine, loose] = [
      em.create(Task, { id: 1, name: 'mine', plan: old }),
      em.create(Task, { id: 2, name: 'loose' }),
    ];
    await em.flush();
    old.name = 'changed';
    await em.flush();
    em.remove(old);
    const fresh = em.create(Plan, { id: 1, name: 'changed' });
    mine.plan.set(fresh);
    loose.plan.set(fresh);
    await em.flush();
    expect([em.stateOf(old), em.stateOf(fresh), fresh.version, (await em.findById(Plan, 1)) === fresh]).toEqual([
      'detached',
      'persistent',
      1,
      true,
    ]);
    expect((await em.plan()).statements).toEqual([]);
    fresh.name = 'again';
    await em.flush();
    const [read] = await db.em().find(Plan, {}, { populate: ['tasks'] });
    expect([read?.name, read?.version, read?.tasks.length]).toEqual(['again', 2, 2]);
  },
  'a new row with the key of a removed one does not inherit what goes along with that': async (subject) => {
    await using db = await openBuilding(subject);
    const em = db.em();
    const old = await get(em.findById(House, 1));
    const room = await get(em.findById(Room, 11));
    const chair = await get(em.findById(Chair, 11));
    em.remove(old);
    const fresh = em.create(House, { id: 1, name: 'new' });
    const hall = em.create(Room, { id: 99, name: 'hall', house: fresh });
    await em.flush();
    expect([em.stateOf(old), em.stateOf(room), em.stateOf(hall), chair.room.id]).toEqual([
      'detached',
      'detached',
      'persistent',
      null,
    ]);
    expect((await db.em().find(Room, { house: 1 })).map(({ id }) => id)).toEqual([99]);
    expect((await em.findById(House, 1)) === fresh).toBe(true);
  },
  'a row switch that fails, or is rolled back, leaves both entities as they were': async (subject) => {
    await using db = await openBuilding(subject);
    const em = db.em();
    const old = await get(em.findById(House, 1));
    const room = await get(em.findById(Room, 11));
    em.remove(old);
    const fresh = em.create(House, { id: 1, name: 'new' });
    const bad = em.create(Chair, { id: 11, name: 'taken' });
    await expectCode(() => em.flush(), 'unique-violation');
    const states = (): string[] => [old, fresh, room].map((entity) => em.stateOf(entity));
    expect([...states(), (await em.findById(House, 1)) === old]).toEqual(['deleted', 'pending', 'persistent', true]);
    em.remove(bad);
    await em
      .transaction(async (tx) => {
        await tx.flush();
        throw new Error('back');
      })
      .catch(() => undefined);
    expect([...states(), (await em.findById(House, 1)) === old]).toEqual(['deleted', 'pending', 'persistent', true]);
    await em.flush();
    expect([...states(), (await get(db.em().findById(House, 1))).name]).toEqual([
      'detached',
      'persistent',
      'detached',
      'new',
    ]);
  },
};

/** Keys that change, rows that go or change along with others, and new rows in the place of removed ones. */
export const keyChanges: Laws = { ...changes, ...alongs };

import { expect } from 'vitest';
import type { EntityManager, Persistence } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Lamp, Medal, Row, Seat, Slot, seating } from '../model/slots.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';

const uuidOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function seat(em: EntityManager, n: number): Seat {
  const code = String.fromCharCode(97 + (n % 26)) + String.fromCharCode(97 + Math.floor(n / 26));
  return em.create(Seat, { place: n, code, label: `seat ${n}`, token: uuidOf(n), since: new Date(n * 1000) });
}

async function openSeats(subject: Subject, count: number): Promise<Persistence> {
  const db = await subject.open(seating);
  const em = db.em();
  for (let n = 1; n <= count; n += 1) seat(em, n);
  await em.flush();
  return db;
}

const seats = (em: EntityManager) => em.find(Seat, {}, { orderBy: { id: 'asc' } });

/** Every unique value of a seat. */
type Values = Pick<Seat, 'place' | 'code' | 'label' | 'token' | 'since'>;
const valuesOf = ({ place, code, label, token, since }: Seat): Values => ({ place, code, label, token, since });

/** Gives each seat the values of another one, flushes, and compares the rows. */
async function rotate(db: Persistence, from: (place: number, count: number) => number): Promise<readonly string[]> {
  const em = db.em();
  const all = await seats(em);
  const before = all.map(valuesOf);
  for (const [place, one] of all.entries()) Object.assign(one, before[from(place, all.length)]);
  const statements = watchStatements(db);
  await em.flush();
  const sent = writing(statements.texts);
  statements.reset();
  await em.flush();
  expect(statements.texts).toEqual([]);
  const wanted = all.map((_, place) => before[from(place, all.length)]);
  expect((await seats(db.em())).map(valuesOf)).toEqual(wanted);
  expect(all.map(valuesOf)).toEqual(wanted);
  return sent;
}

export const uniqueValues: Laws = {
  'a unique value that a removed row gives up is taken by a new one': async (subject) => {
    await using db = await openSeats(subject, 3);
    const em = db.em();
    const [, second] = (await seats(em)) as [Seat, Seat];
    const values = valuesOf(second);
    em.remove(second);
    const fresh = em.create(Seat, values);
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(2);
    expect((await seats(db.em())).map(({ place }) => place).sort()).toEqual([1, 2, 3]);
    expect([em.stateOf(second), em.stateOf(fresh)]).toEqual(['detached', 'persistent']);
  },
  'a unique value that a changed row gives up is taken by a new one': async (subject) => {
    await using db = await openSeats(subject, 2);
    const em = db.em();
    const [first] = (await seats(em)) as [Seat];
    em.create(Seat, valuesOf(first));
    const renewed = valuesOf(seat(db.em(), 9));
    Object.assign(first, renewed);
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(2);
    expect((await seats(db.em())).map(({ place }) => place)).toEqual([9, 2, 1]);
  },
  'a unique value that a removed row gives up is taken by a changed one': async (subject) => {
    await using db = await openSeats(subject, 2);
    const em = db.em();
    const [first, second] = (await seats(em)) as [Seat, Seat];
    Object.assign(first, valuesOf(second));
    em.remove(second);
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(2);
    expect((await seats(db.em())).map(({ label }) => label)).toEqual(['seat 2']);
  },
  'two rows exchange their unique values': async (subject) => {
    await using db = await openSeats(subject, 2);
    expect(await rotate(db, (place) => 1 - place)).toHaveLength(2);
  },
  'unique values go round over many rows': async (subject) => {
    await using db = await openSeats(subject, 50);
    expect(await rotate(db, (place, count) => (place + 7) % count)).toHaveLength(2);
  },
  'unique values of a hundred rows move up by one, in few statements': async (subject) => {
    await using db = await openSeats(subject, 100);
    const em = db.em();
    for (const one of await seats(em)) one.place += 1;
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts).length).toBeLessThanOrEqual(4);
    expect((await seats(db.em())).map(({ place }) => place)).toEqual(Array.from({ length: 100 }, (_, n) => n + 2));
  },
  'NULL stands in the way of nobody': async (subject) => {
    await using db = await openSeats(subject, 3);
    const em = db.em();
    const [first, second, third] = (await seats(em)) as [Seat, Seat, Seat];
    second.code = first.code;
    [first.code, third.code, first.since, second.since] = [null, null, null, null];
    em.create(Seat, { place: 7, label: 'seven', token: uuidOf(7) });
    await em.flush();
    const read = await seats(db.em());
    expect(read.map(({ code }) => code)).toEqual([null, 'ba', null, null]);
    expect(read.map(({ since }) => since?.getTime() ?? null)).toEqual([null, null, 3000, null]);
  },
  'values that are unique together are exchanged, moved and freed, versions counted once': async (subject) => {
    await using db = await subject.open(seating);
    const em = db.em();
    const [a, b] = [em.create(Row, { name: 'a' }), em.create(Row, { name: 'b' })];
    for (const row of [a, b]) for (const position of [1, 2, 3]) em.create(Slot, { row, position });
    await em.flush();
    const [a1, a2, a3, b1, b2] = (await em.find(Slot, {}, { orderBy: { id: 'asc' } })) as [
      Slot,
      Slot,
      Slot,
      Slot,
      Slot,
    ];
    [a1.position, a2.position] = [2, 1];
    a3.row.set(b);
    a3.position = 1;
    b1.row.set(a);
    b1.position = 3;
    em.remove(b2);
    const fresh = em.create(Slot, { row: b, position: 2 });
    await em.flush();
    const read = await db.em().find(Slot, {}, { orderBy: { id: 'asc' }, populate: ['row'] });
    const seen = read.map((slot) => [slot.id, slot.row.get().name, slot.position, slot.version]);
    expect(seen).toEqual([
      [a1.id, 'a', 2, 2],
      [a2.id, 'a', 1, 2],
      [a3.id, 'b', 1, 2],
      [b1.id, 'a', 3, 2],
      [b2.id + 1, 'b', 3, 1],
      [fresh.id, 'b', 2, 1],
    ]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'one-to-one partners are exchanged': async (subject) => {
    await using db = await subject.open(seating);
    const em = db.em();
    const rows = ['a', 'b', 'c'].map((name) => em.create(Row, { name }));
    const lamps = rows.map((row, watts) => em.create(Lamp, { watts, row }));
    await em.flush();
    for (const [place, lamp] of lamps.entries()) lamp.row.set(rows[(place + 1) % 3] as Row);
    await em.flush();
    const read = await db.em().find(Row, {}, { populate: ['lamp'], orderBy: { id: 'asc' } });
    expect(read.map((row) => row.lamp.get()?.watts)).toEqual([2, 0, 1]);
    em.remove(lamps[0] as Lamp);
    const spare = em.create(Lamp, { watts: 9, row: rows[1] as Row });
    await em.flush();
    expect((await db.em().find(Lamp, { row: rows[1] as Row })).map(({ id }) => id)).toEqual([spare.id]);
  },
  'a row that others leave is replaced by one of the same unique name, in one flush': async (subject) => {
    await using db = await subject.open(seating);
    const em = db.em();
    const old = em.create(Row, { name: 'stalls' });
    const slots = [1, 2].map((position) => em.create(Slot, { row: old, position }));
    await em.flush();
    const fresh = em.create(Row, { name: 'stalls' });
    for (const slot of slots) slot.row.set(fresh);
    em.remove(old);
    await em.flush();
    const [row] = await db.em().find(Row, {}, { populate: ['slots'] });
    expect([row?.id, row?.name, row?.slots.length]).toEqual([fresh.id, 'stalls', 2]);
    expect(await db.em().count(Row)).toBe(1);
  },
  'values that cannot be given up in between are freed in order, and an exchange of them is refused with their name':
    async (subject) => {
      await using db = await subject.open(seating);
      const em = db.em();
      const gold = em.create(Medal, { metal: 'gold' });
      const silver = em.create(Medal, { metal: 'silver' });
      await em.flush();
      em.remove(gold);
      silver.metal = 'gold';
      const bronze = em.create(Medal, { metal: 'silver' });
      await em.flush();
      expect((await db.em().find(Medal, {}, { orderBy: { id: 'asc' } })).map(({ metal }) => metal)).toEqual([
        'gold',
        'silver',
      ]);
      [silver.metal, bronze.metal] = ['silver', 'gold'];
      const statements = watchStatements(db);
      expect((await expectCode(() => em.flush(), 'validation')).message).toContain('medals.metal -> medals.metal');
      expect(statements.texts).toEqual([]);
      [silver.metal, bronze.metal] = ['bronze', 'gold'];
      await em.flush();
      expect((await db.em().find(Medal, {}, { orderBy: { id: 'asc' } })).map(({ metal }) => metal)).toEqual([
        'bronze',
        'gold',
      ]);
    },
  'a value that nobody gives up is refused by the database, and everything is as it was': async (subject) => {
    await using db = await openSeats(subject, 3);
    const em = db.em();
    const [first, second, third] = (await seats(em)) as [Seat, Seat, Seat];
    [first.place, second.place] = [second.place, first.place];
    const fresh = em.create(Seat, { ...valuesOf(third), label: 'other', token: uuidOf(8), code: null, since: null });
    await expectCode(() => em.flush(), 'unique-violation');
    expect([first.place, second.place, fresh.id, em.stateOf(fresh)]).toEqual([2, 1, undefined, 'pending']);
    expect((await seats(db.em())).map(({ place }) => place)).toEqual([1, 2, 3]);
    fresh.place = 4;
    await em.flush();
    expect((await seats(db.em())).map(({ place }) => place)).toEqual([2, 1, 3, 4]);
  },
  'common flushes take no more statements than without unique columns': async (subject) => {
    await using db = await openSeats(subject, 3);
    const em = db.em();
    const [first, second, third] = (await seats(em)) as [Seat, Seat, Seat];
    seat(em, 10);
    seat(em, 11);
    em.remove(third);
    [first.place, second.place] = [20, 21];
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts).map((text) => /INSERT|UPDATE|DELETE/.exec(text)?.[0])).toEqual([
      'INSERT',
      'UPDATE',
      'DELETE',
    ]);
  },
};

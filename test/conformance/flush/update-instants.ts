import { expect } from 'vitest';
import type { Driver, EntityManager, Persistence } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Bill, Box, bills, Customer, Mark, Receipt } from '../model/bills.ts';
import type { Subject } from '../subject.ts';

const START = Date.UTC(2026, 0, 1);

/** A database whose clock stands still until it is set. */
async function openAt(subject: Subject): Promise<readonly [Persistence, EntityManager, (hours: number) => Date]> {
  let now = START;
  // Bound to the driver, whose fields may be private.
  const timed = (driver: Driver): Driver =>
    new Proxy({} as Driver, {
      get(_target, name) {
        if (name === 'clock') return { ...driver.clock, now: () => now };
        const value: unknown = Reflect.get(driver, name, driver);
        return typeof value === 'function' ? value.bind(driver) : value;
      },
    });
  const db = await subject.open(bills, timed);
  const at = (hours: number): Date => {
    now = START + hours * 3_600_000;
    return new Date(now);
  };
  return [db, db.em(), at];
}

/** Columns that each update sets to the present instant. */
export const updateInstants: Laws = {
  'the instant is that of the insert, then of each update, by the clock of the driver': async (subject) => {
    const [db, em, at] = await openAt(subject);
    await using _ = db;
    const bill = em.create(Bill, { price: 1 });
    await em.flush();
    expect([bill.createdAt, bill.updatedAt]).toEqual([new Date(START), new Date(START)]);
    const first = at(1);
    bill.price = 2;
    await em.flush();
    expect([bill.createdAt, bill.updatedAt]).toEqual([new Date(START), first]);
    const second = at(2);
    bill.customer.set(em.create(Customer, { id: 1, name: 'c' }));
    await em.flush();
    expect(bill.updatedAt).toEqual(second);
    const [read] = await db.em().find(Bill);
    expect([read?.createdAt, read?.updatedAt, read?.price]).toEqual([new Date(START), second, 2]);
  },
  'an entity of which nothing changed is not written, nor one of which only links changed': async (subject) => {
    const [db, em, at] = await openAt(subject);
    await using _ = db;
    const bill = em.create(Bill, { price: 1 });
    await em.flush();
    at(1);
    bill.price = 5;
    bill.price = 1;
    expect((await em.plan()).steps).toEqual([]);
    await em.flush();
    await bill.marks.load();
    bill.marks.add(em.create(Mark, { id: 1 }));
    await em.flush();
    expect(bill.updatedAt).toEqual(new Date(START));
    expect((await db.em().find(Bill))[0]?.updatedAt).toEqual(new Date(START));
  },
  'all rows of a flush have one instant, also in a hierarchy, and a second flush writes nothing': async (subject) => {
    const [db, em, at] = await openAt(subject);
    await using _ = db;
    const created = Array.from({ length: 20 }, (_box, n) => em.create(Box, { width: n, height: 1 }));
    await em.flush();
    const later = at(3);
    for (const box of created) box.height = 2;
    await em.flush();
    expect(new Set(created.map(({ changedAt }) => changedAt.getTime()))).toEqual(new Set([later.getTime()]));
    expect((await em.plan()).steps).toEqual([]);
  },
  'an instant that the application sets is its own': async (subject) => {
    const [db, em, at] = await openAt(subject);
    await using _ = db;
    const own = new Date(Date.UTC(2020, 1, 2));
    const bill = em.create(Bill, { price: 1, updatedAt: own });
    await em.flush();
    expect(bill.updatedAt).toEqual(own);
    at(1);
    const other = new Date(Date.UTC(2021, 1, 2));
    bill.updatedAt = other;
    await em.flush();
    expect((await db.em().find(Bill))[0]?.updatedAt).toEqual(other);
    bill.price = 2;
    await em.flush();
    expect(bill.updatedAt).toEqual(at(1));
  },
  'it goes along with a version, and a stale row leaves both as they were': async (subject) => {
    const [db, em, at] = await openAt(subject);
    await using _ = db;
    const receipt = em.create(Receipt, { id: 1, cents: 100 });
    await em.flush();
    const other = db.em();
    const [theirs] = await other.find(Receipt);
    if (theirs === undefined) throw new Error('no receipt');
    const later = at(1);
    theirs.cents = 200;
    await other.flush();
    expect([theirs.version, theirs.changedAt, theirs.touched]).toEqual([2, later, null]);
    at(2);
    receipt.cents = 300;
    await expectCode(() => em.flush(), 'stale-entity');
    expect([receipt.version, receipt.changedAt]).toEqual([1, new Date(START)]);
  },
  'a rolled back transaction shows the instant of before, and the next flush sets it': {
    requires: ({ interactive }) => interactive === 'session',
    async check(subject) {
      const [db, em, at] = await openAt(subject);
      await using _ = db;
      const bill = em.create(Bill, { price: 1 });
      await em.flush();
      const failure = new Error('the work failed');
      const during = at(1);
      const failing = em.transaction(async (tx) => {
        bill.price = 2;
        await tx.flush();
        expect(bill.updatedAt).toEqual(during);
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
      expect(bill.updatedAt).toEqual(new Date(START));
      const after = at(2);
      await em.flush();
      expect(bill.updatedAt).toEqual(after);
    },
  },
  'an upsert sets it on rows that it changes': async (subject) => {
    const [db, em, at] = await openAt(subject);
    await using _ = db;
    const receipt = em.create(Receipt, { id: 1, cents: 100 });
    await em.flush();
    const later = at(1);
    await em.upsert(Receipt, [{ id: 1, cents: 200 }]);
    expect([receipt.cents, receipt.euros, receipt.changedAt]).toEqual([200, 2, later]);
    at(2);
    await em.upsert(Receipt, [{ id: 1, cents: 300 }], { update: 'nothing' });
    expect([receipt.cents, receipt.changedAt]).toEqual([200, later]);
  },
};

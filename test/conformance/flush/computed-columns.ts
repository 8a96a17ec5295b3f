import { expect } from 'vitest';
import { type EntityManager, gt, type Persistence } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Bill, Box, bills, Customer, Receipt, Shape } from '../model/bills.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';

const byId = { orderBy: { id: 'asc' } } as const;

const columns = (bill: Bill): readonly unknown[] => [
  bill.id,
  bill.price,
  bill.amount,
  bill.total,
  bill.note,
  bill.label,
];

async function expectAsStored(db: Persistence, em: EntityManager, known: readonly Bill[]): Promise<void> {
  const stored = await db.em().find(Bill, {}, byId);
  expect(known.map(columns)).toEqual(stored.map(columns));
  expect((await em.plan()).steps).toEqual([]);
}

async function openBills(subject: Subject, count: number): Promise<readonly [Persistence, EntityManager, Bill[]]> {
  const db = await subject.open(bills);
  const em = db.em();
  const created = Array.from({ length: count }, (_, n) => em.create(Bill, { price: n + 1, note: `bill ${n}` }));
  await em.flush();
  return [db, em, created];
}

/** Columns that the database computes. */
export const computedColumns: Laws = {
  'a computed column comes into the entity with the insert and with each update': async (subject) => {
    const [db, em, [bill]] = await openBills(subject, 1);
    await using _ = db;
    if (bill === undefined) throw new Error('no bill');
    expect([bill.amount, bill.total, bill.label]).toEqual([2, 2, '#bill 0']);
    bill.price = 21;
    bill.note = null;
    await em.flush();
    expect([bill.total, bill.label]).toEqual([42, null]);
    await expectAsStored(db, em, [bill]);
  },
  'many rows are changed together, and each gets what was computed of it': async (subject) => {
    const [db, em, created] = await openBills(subject, 30);
    await using _ = db;
    for (const bill of created) bill.price *= 3;
    const statements = watchStatements(db);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(1);
    expect(created.map(({ total }) => total)).toEqual(created.map((_bill, n) => (n + 1) * 6));
    await expectAsStored(db, em, created);
  },
  'it can be filtered and ordered by': async (subject) => {
    const [db] = await openBills(subject, 5);
    await using _ = db;
    const found = await db.em().find(Bill, { total: gt(6) }, { orderBy: { total: 'desc' } });
    expect(found.map(({ total }) => total)).toEqual([10, 8]);
    expect(await db.em().count(Bill, { label: '#bill 3' })).toBe(1);
  },
  'a value that is assigned is refused before any SQL, and nothing is written': async (subject) => {
    const [db, em, [bill]] = await openBills(subject, 1);
    await using _ = db;
    if (bill === undefined) throw new Error('no bill');
    Reflect.set(bill, 'total', 7);
    bill.price = 5;
    const statements = watchStatements(db);
    const error = await expectCode(() => em.flush(), 'validation');
    expect(error).toMatchObject({ entity: 'bills', property: 'total' });
    expect(statements.texts).toEqual([]);
    em.revert(bill);
    expect([bill.total, bill.price]).toEqual([2, 1]);
    await expectCode(() => em.assign(bill, { total: 7 } as never), 'validation');
    em.create(Bill, { price: 1, total: 9 } as never);
    expect(await expectCode(() => em.flush(), 'validation')).toMatchObject({ entity: 'bills', property: 'total' });
    em.revert();
    await expectAsStored(db, em, [bill]);
  },
  'what is merged does not say what is computed': async (subject) => {
    const [db, em, [bill]] = await openBills(subject, 1);
    await using _ = db;
    if (bill === undefined) throw new Error('no bill');
    const data = { ...(JSON.parse(JSON.stringify(bill)) as object), price: 100, total: -1 };
    const { id, price, total } = data as { id: number; price: number; total: number };
    expect(await em.merge(Bill, { id, price, total })).toBe(bill);
    expect(bill.total).toBe(2);
    await em.flush();
    expect(bill.total).toBe(200);
    await expectAsStored(db, em, [bill]);
  },
  'an upsert computes it for new rows and for those that are there': async (subject) => {
    const [db, em, [bill]] = await openBills(subject, 1);
    await using _ = db;
    if (bill === undefined) throw new Error('no bill');
    const [same, fresh] = await em.upsert(Bill, [
      { id: bill.id, price: 10 },
      { id: bill.id + 1, price: 20 },
    ]);
    expect(same).toBe(bill);
    expect([bill.total, fresh?.total]).toEqual([20, 40]);
  },
  'classes of one table compute what is theirs': async (subject) => {
    await using db = await subject.open(bills);
    const em = db.em();
    const [shape, box] = [em.create(Shape, { width: 3 }), em.create(Box, { width: 4, height: 5 })];
    await em.flush();
    expect([shape.double, box.double, box.area]).toEqual([6, 8, 20]);
    box.width = 10;
    shape.width = 1;
    await em.flush();
    expect([shape.double, box.double, box.area]).toEqual([2, 20, 50]);
    const read = await db.em().find(Shape, {}, byId);
    expect(read.map(({ double }) => double)).toEqual([2, 20]);
    expect((await em.plan()).steps).toEqual([]);
  },
  'a removed row that comes again under its key is computed anew': async (subject) => {
    await using db = await subject.open(bills);
    const em = db.em();
    const old = em.create(Receipt, { id: 1, cents: 500 });
    await em.flush();
    em.remove(old);
    const fresh = em.create(Receipt, { id: 1, cents: 700 });
    await em.flush();
    expect(fresh.euros).toBe(7);
    const [read] = await db.em().find(Receipt);
    expect([read?.euros, read?.cents]).toEqual([7, 700]);
  },
  'a stale row is refused as ever, and its computed column stays as it was': async (subject) => {
    await using db = await subject.open(bills);
    const em = db.em();
    const mine = em.create(Receipt, { id: 1, cents: 500 });
    await em.flush();
    const other = db.em();
    const [theirs] = await other.find(Receipt);
    if (theirs === undefined) throw new Error('no receipt');
    theirs.cents = 900;
    await other.flush();
    expect([theirs.euros, theirs.version]).toEqual([9, 2]);
    mine.cents = 100;
    await expectCode(() => em.flush(), 'stale-entity');
    expect([mine.euros, mine.version]).toEqual([5, 1]);
  },
  'a rolled back transaction shows what had been computed before': {
    requires: ({ interactive }) => interactive === 'session',
    async check(subject) {
      const [db, em, [bill]] = await openBills(subject, 1);
      await using _ = db;
      if (bill === undefined) throw new Error('no bill');
      const failure = new Error('the work failed');
      const created: Bill[] = [];
      const failing = em.transaction(async (tx) => {
        bill.price = 50;
        created.push(tx.create(Bill, { price: 9 }));
        await tx.flush();
        expect([bill.total, created[0]?.total]).toEqual([100, 18]);
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
      expect([bill.price, bill.total, created[0]?.total]).toEqual([50, 2, undefined]);
      await em.flush();
      await expectAsStored(db, em, [bill, created[0] as Bill]);
    },
  },
  'it is read again where only a relation was set': async (subject) => {
    const [db, em, [bill]] = await openBills(subject, 1);
    await using _ = db;
    if (bill === undefined) throw new Error('no bill');
    bill.customer.set(em.create(Customer, { id: 1, name: 'c' }));
    await em.flush();
    await expectAsStored(db, em, [bill]);
  },
};

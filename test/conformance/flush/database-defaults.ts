import { expect } from 'vitest';
import { type EntityManager, isIn } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Stub, Ticket, tickets } from '../model/tickets.ts';
import { watchStatements, writing } from '../statements.ts';

const byId = { orderBy: { id: 'asc' } } as const;

const shown = ({ id, note, state, rank, hint, code }: Ticket): readonly unknown[] => [
  id,
  note,
  state,
  rank,
  hint,
  code,
];

/** What is in memory is what another EntityManager reads, and nothing is left to write. */
async function expectAsStored(em: EntityManager, fresh: EntityManager, created: readonly Ticket[]): Promise<void> {
  const stored = new Map((await fresh.find(Ticket)).map((ticket) => [ticket.id, shown(ticket)]));
  expect(created.map(shown)).toEqual(created.map(({ id }) => stored.get(id)));
  for (const ticket of created) expect([...em.changes(ticket)]).toEqual([]);
  expect((await em.plan()).steps).toEqual([]);
}

/** Values that the database gives to new rows. */
export const databaseDefaults: Laws = {
  'a column that is left out takes the default of the database, which comes into the entity': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const ticket = em.create(Ticket, { note: 'one' });
    expect([ticket.state, ticket.rank, ticket.hint]).toEqual([undefined, undefined, undefined]);
    await em.flush();
    expect([ticket.state, ticket.rank, ticket.hint]).toEqual(['open', 2, 'none']);
    expect(ticket.code.length).toBeGreaterThan(8);
    await expectAsStored(em, db.em(), [ticket]);
  },
  'a value that is given is written, NULL as well': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const created = [
      em.create(Ticket, { note: 'given', state: 'shut', rank: 9, hint: null, code: 'own' }),
      em.create(Ticket, { note: 'left out' }),
      em.create(Ticket, { note: 'in part', hint: null }),
      em.create(Ticket, { note: 'with its key', id: 50, rank: 7 }),
      em.create(Ticket, { note: 'left out again' }),
    ];
    await em.flush();
    expect(created.map(({ state, rank, hint }) => [state, rank, hint])).toEqual([
      ['shut', 9, null],
      ['open', 2, 'none'],
      ['open', 2, null],
      ['open', 7, 'none'],
      ['open', 2, 'none'],
    ]);
    expect(created[0]?.code).toBe('own');
    await expectAsStored(em, db.em(), created);
  },
  'many rows are written together, and each gets its own value back': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const created = Array.from({ length: 300 }, (_, n) => em.create(Ticket, { note: `ticket ${n}` }));
    const statements = watchStatements(db);
    await em.flush();
    // SQLite and MariaDB cut a long INSERT into parts.
    expect(writing(statements.texts).length).toBeLessThanOrEqual(3);
    expect(new Set(created.map(({ code }) => code)).size).toBe(300);
    await expectAsStored(em, db.em(), created);
  },
  'a row whose key holds a key of the same flush gets its values back': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const ticket = em.create(Ticket, { note: 'with stubs' });
    const stubs = [1, 2].map((no) => em.create(Stub, { no, ticket, ...(no === 2 ? { mark: 'torn' } : {}) }));
    await em.flush();
    expect(stubs.map(({ mark }) => mark)).toEqual(['whole', 'torn']);
    const read = await db.em().find(Stub, { ticket: ticket.id }, { orderBy: { no: 'asc' } });
    expect(read.map(({ mark }) => mark)).toEqual(['whole', 'torn']);
  },
  'an update does not read them again, and later edits are changes': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const ticket = em.create(Ticket, { note: 'one' });
    await em.flush();
    ticket.state = 'shut';
    expect([...em.changes(ticket)]).toEqual([['state', { before: 'open', after: 'shut' }]]);
    const statements = watchStatements(db);
    await em.flush();
    expect(statements.texts.filter((text) => text.startsWith('SELECT') && text.includes('"rank"'))).toEqual([]);
    await expectAsStored(em, db.em(), [ticket]);
  },
  'a flush that fails gives no values, and the next one does': async (subject) => {
    await using db = await subject.open(tickets);
    const seeding = db.em();
    seeding.create(Ticket, { note: 'taken', code: 'taken' });
    await seeding.flush();
    const em = db.em();
    const [good, bad] = [em.create(Ticket, { note: 'good' }), em.create(Ticket, { note: 'bad', code: 'taken' })];
    await expectCode(() => em.flush(), 'unique-violation');
    expect([good.id, good.state, good.code, bad.state]).toEqual([undefined, undefined, undefined, undefined]);
    bad.code = 'free';
    await em.flush();
    await expectAsStored(em, db.em(), [good, bad]);
  },
  'a rolled back transaction takes the values out of memory': {
    requires: ({ interactive }) => interactive === 'session',
    async check(subject) {
      await using db = await subject.open(tickets);
      const em = db.em();
      const ticket = em.create(Ticket, { note: 'one', rank: 5 });
      const failure = new Error('the work failed');
      const failing = em.transaction(async (tx) => {
        await tx.flush();
        expect([ticket.state, ticket.hint]).toEqual(['open', 'none']);
        ticket.hint = 'edited';
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
      // What the application has changed since is its own.
      expect([ticket.id, ticket.state, ticket.rank, ticket.hint]).toEqual([undefined, undefined, 5, 'edited']);
      await em.flush();
      await expectAsStored(em, db.em(), [ticket]);
    },
  },
  'a new entity with the key of a removed one begins with the defaults': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const old = em.create(Ticket, { note: 'old', state: 'shut' });
    await em.flush();
    em.remove(old);
    const fresh = em.create(Ticket, { id: old.id, note: 'fresh' });
    await em.flush();
    expect([fresh.state, fresh.rank]).toEqual(['open', 2]);
    await expectAsStored(em, db.em(), [fresh]);
  },
  'an upsert leaves them to the database, and leaves those of rows that are there': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const old = em.create(Ticket, { note: 'old', code: 'known', state: 'shut' });
    await em.flush();
    const rows = await em.upsert(
      Ticket,
      [
        { note: 'changed', code: 'known' },
        { note: 'new', code: 'unknown' },
      ],
      { by: ['code'] },
    );
    expect(rows.map(({ note, state, rank }) => [note, state, rank])).toEqual([
      ['changed', 'shut', 2],
      ['new', 'open', 2],
    ]);
    expect(rows[0]).toBe(old);
  },
  'merged data takes them, too': async (subject) => {
    await using db = await subject.open(tickets);
    const em = db.em();
    const merged = await em.merge(Ticket, { note: 'merged', rank: 4 });
    await em.flush();
    expect([merged.state, merged.rank, merged.hint]).toEqual(['open', 4, 'none']);
    const other = db.em();
    const again = await other.merge(merged);
    expect((await other.plan()).steps).toEqual([]);
    expect(again.code).toBe(merged.code);
    expect(await other.find(Ticket, { code: isIn([merged.code]) }, byId)).toEqual([again]);
  },
};

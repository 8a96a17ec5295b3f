import { expect } from 'vitest';
import { memory } from '../../../adapters/memory/index.ts';
import { type Driver, type Persistence, sql } from '../../../src/index.ts';
import { createMigrator, type Migration, type MigrationError } from '../../../src/migration/index.ts';
import type { Laws } from '../laws.ts';
import { hasTable, ledgerOf, migration, overtaken, refused, rowsOf, Setting, statesOf, three } from './fixture.ts';

const [first, second] = three as [Migration, Migration];

/** Fills a table with what is there once only if each step ran once. */
const careful: Migration = migration(
  '1',
  'careful',
  [
    ...(first.up as { steps: string[] }).steps,
    "INSERT INTO m_first (id, note) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    "INSERT INTO m_second (id, note, first_id) SELECT id + (SELECT COUNT(*) FROM m_first), 'c', id FROM m_first",
    'ALTER TABLE m_first ADD COLUMN extra INTEGER',
    'UPDATE m_first SET extra = COALESCE(extra, 0) + 1',
  ],
  ['DROP TABLE m_second', 'DROP TABLE m_first'],
);

async function expectDone(db: Persistence): Promise<void> {
  expect(await rowsOf(db, sql`SELECT id, note, extra FROM m_first ORDER BY id`)).toEqual([
    [1, 'a', 1],
    [2, 'b', 1],
    [3, 'c', 1],
  ]);
  expect(await rowsOf(db, sql`SELECT id FROM m_second ORDER BY id`)).toEqual([[4], [5], [6]]);
  expect(await statesOf(db, [careful])).toEqual({ 1: 'applied' });
}

async function expectOldNewOrUnfinished(db: Persistence): Promise<void> {
  const { 1: state } = await statesOf(db, [careful]);
  // The last statements only look whether there is more to do.
  if (state === 'applied') return expectDone(db);
  expect(['pending', 'unfinished']).toContain(state);
  if (state === 'pending')
    expect([await hasTable(db, 'm_first'), await hasTable(db, 'm_second')]).toEqual([false, false]);
}

/** What a migrator does where something goes wrong on the way. */
export const failing: Laws = {
  'a statement that fails is named, and nothing of a transaction stays': async (subject) => {
    await using db = await subject.open([Setting]);
    const wrong = migration('2', 'wrong', [
      "INSERT INTO m_first (id, note) VALUES (1, 'a')",
      'INSERT INTO m_nowhere VALUES (1)',
    ]);
    const error: MigrationError = await refused(() => createMigrator(db, [first, wrong]).up(), 'failed');
    expect(error.message).toContain('2 "wrong"');
    expect(error.cause).toBeInstanceOf(Error);
    if (subject.capabilities.interactive !== 'none') {
      expect(error).toMatchObject({
        version: '2',
        migration: 'wrong',
        step: 2,
        sql: 'INSERT INTO m_nowhere VALUES (1)',
      });
    }
    expect(await rowsOf(db, sql`SELECT COUNT(*) FROM m_first`)).toEqual([[0]]);
    // Nothing of it was done, so that it may be edited as long as it was not begun.
    if ((await statesOf(db, [first, wrong]))[2] === 'unfinished')
      await createMigrator(db, [first, wrong]).resolve('2', 'rolled-back');
    expect(await createMigrator(db, [first, second]).up()).toHaveLength(1);
  },
  'a failure at any statement leaves the old state or one that the next run goes on from': async (subject) => {
    for (let at = 1; ; at += 1) {
      let watched: ReturnType<typeof memory<Driver>> | undefined;
      const db = await subject.open([Setting], (driver) => {
        watched = memory({ backing: driver });
        return watched;
      });
      try {
        const fault = watched?.fail({ at });
        const failed = await createMigrator(db, [careful], { leaseTime: 1000 })
          .up()
          .then(
            () => null,
            (error: unknown) => error,
          );
        fault?.cancel();
        if (!(fault?.raised ?? false)) {
          expect(failed).toBeNull();
          expect(at).toBeGreaterThan(5);
          await expectDone(db);
          return;
        }
        if (failed !== null) await expectOldNewOrUnfinished(db);
        await createMigrator(db, [careful]).up();
        await expectDone(db);
        expect(await createMigrator(db, [careful]).down()).toHaveLength(1);
      } finally {
        await db.close();
      }
    }
  },
  'a lost answer to any statement is found out by the next run': async (subject) => {
    for (let at = 1; ; at += 1) {
      let watched: ReturnType<typeof memory<Driver>> | undefined;
      const db = await subject.open([Setting], (driver) => {
        watched = memory({ backing: driver });
        return watched;
      });
      try {
        const fault = watched?.loseAnswer({ at });
        await createMigrator(db, [careful], { leaseTime: 1000 })
          .up()
          .catch(() => {});
        fault?.cancel();
        watched?.reconnect();
        await createMigrator(db, [careful], { leaseTime: 1000 }).up();
        await expectDone(db);
        if (!(fault?.raised ?? false)) return;
      } finally {
        await db.close();
      }
    }
  },
  'who resolves what somebody else has gone on with is told, and changes nothing': async (subject) => {
    await using db = await subject.open([Setting]);
    await createMigrator(db, [first]).up();
    for (const as of ['rolled-back', 'applied', 1] as const) {
      await leave(db, 'failed', 1);
      const target = overtaken(db, as === 'rolled-back' ? 'DELETE' : 'UPDATE', () => leave(db, 'failed', 2));
      const error = await refused(() => createMigrator(target, [first]).resolve('1', as), 'locked');
      expect(error.message).toContain('look at its status');
      expect((await createMigrator(db, [first]).status()).migrations[0]).toMatchObject({
        state: 'unfinished',
        step: 2,
      });
    }
  },
  'what is left of a migration can be resolved by hand': async (subject) => {
    await using db = await subject.open([Setting]);
    const migrator = createMigrator(db, [first]);
    await refused(() => migrator.resolve('1', 'applied'), 'unknown');
    expect((await refused(() => migrator.resolve('9', 'applied'), 'unknown')).message).toMatch(
      /version "9": .*1 "tables"/,
    );
    await migrator.up();
    await refused(() => migrator.resolve('1', 'rolled-back'), 'unknown');
    await leave(db, 'failed', 2);
    expect((await migrator.status()).migrations[0]).toMatchObject({ state: 'unfinished', step: 2, steps: 2 });
    await migrator.resolve('1', 'applied');
    expect((await migrator.status()).isCurrent).toBe(true);
    await leave(db, 'failed', 1);
    await migrator.resolve('1', 3);
    expect(await migrator.up()).toHaveLength(1);
    expect((await migrator.status()).isCurrent).toBe(true);
    await leave(db, 'started', 1);
    await migrator.resolve('1', 'rolled-back');
    expect(await ledgerOf(db)).toEqual([]);
  },
};

const LEDGER = sql`__meshestra_migrations`;
const STATE = sql`state`;
const STATEMENT = sql`statement`;

/** Leaves the one entry in a state, at a step. */
function leave(db: Persistence, state: string, step: number): Promise<unknown> {
  return db.em().execute(sql`UPDATE ${LEDGER} SET ${STATE} = ${state}, ${STATEMENT} = ${step}`);
}

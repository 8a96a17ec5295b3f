import { describe, expect, it } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { createPersistence, Entity, integer, type Persistence, sql, text } from '../../../src/index.ts';
import { createMigrator, defineMigration, type MigrationItem } from '../../../src/migration/index.ts';
import { loadLedger } from '../../../src/migration/ledger.ts';
import { runText } from '../../../src/migration/run-text.ts';
import { refused, rowsOf, statesOf } from '../../conformance/migrations/fixture.ts';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase } from '../../support/engines/scratch-database.ts';

const engine = await findEngine('mysql');

class Entry extends Entity('entries', { id: integer().primaryKey(), note: text() }) {}

const list = (...steps: readonly MigrationItem[]) => [
  defineMigration({
    version: '1',
    name: 'pieces',
    up: {
      steps: [
        'CREATE TABLE entries (id INTEGER PRIMARY KEY, note VARCHAR(20))',
        "INSERT INTO entries VALUES (1, 'a')",
        ...steps,
      ],
    },
    down: null,
  }),
];

async function withDatabase(work: (db: Persistence) => Promise<void>): Promise<void> {
  const scratch = await createScratchDatabase('mysql', engine);
  const db = await createPersistence({ driver: mysql2(scratch.url), entities: [Entry] });
  try {
    await work(db);
  } finally {
    await db.close();
    await scratch.drop();
  }
}

describe.skipIf(engine.missing !== undefined)(engineTitle('MySQL, which commits at each definition,', engine), () => {
  it('goes on at the step that failed, with what was done before it', async () => {
    await withDatabase(async (db) => {
      const steps = list(
        'ALTER TABLE entries ADD COLUMN more INTEGER',
        'ALTER TABLE others ADD COLUMN more INTEGER',
        'UPDATE entries SET more = COALESCE(more, 0) + 1',
      );
      const error = await refused(() => createMigrator(db, steps).up(), 'failed');
      expect(error).toMatchObject({ step: 4, outcome: 'committed' });
      expect(error.message).toContain('The 3 steps before it stay done');
      expect(await statesOf(db, steps)).toEqual({ 1: 'unfinished' });
      await refused(() => createMigrator(db, steps).up(), 'failed');
      await db.em().execute(sql`CREATE TABLE others (id INTEGER PRIMARY KEY)`);
      await createMigrator(db, steps).up();
      expect(await rowsOf(db, sql`SELECT id, note, more FROM entries`)).toEqual([[1, 'a', 1]]);
    });
  });

  it('asks what became of a step that failed and changed something all the same', async () => {
    await withDatabase(async (db) => {
      // MariaDB drops the one that is there, and fails for the other.
      const steps = list('CREATE TABLE doomed (id INTEGER PRIMARY KEY)', 'DROP TABLE doomed, nowhere');
      await refused(() => createMigrator(db, steps).up(), 'failed');
      const error = await refused(() => createMigrator(db, steps).up(), 'unfinished');
      expect(error.message).toContain("resolve('1', 5)");
      expect(error).toMatchObject({ step: 4, sql: 'DROP TABLE doomed, nowhere' });
      await createMigrator(db, steps).resolve('1', 5);
      await createMigrator(db, steps).up();
      expect(await statesOf(db, steps)).toEqual({ 1: 'applied' });
    });
  });

  it('takes no definition in a function, whose piece would be noted as done before it is', async () => {
    await withDatabase(async (db) => {
      const steps = list(async ({ execute }) => {
        await execute(sql`INSERT INTO entries VALUES (2, 'b')`);
        await execute(sql`CREATE TABLE others (id INTEGER PRIMARY KEY)`);
      }, "INSERT INTO entries VALUES (3, 'c')");
      for (const _run of [1, 2]) {
        const error = await refused(() => createMigrator(db, steps).up(), 'failed');
        expect(error.message).toContain('make it a step of its own. SQL: CREATE TABLE others');
      }
      expect(await rowsOf(db, sql`SELECT id FROM entries`)).toEqual([]);
    });
  });

  it('goes on with a step that was corrected after it failed, once somebody says so', async () => {
    await withDatabase(async (db) => {
      const wrong = list('ALTER TABLE entries ADD COLUMN more NONSENSE');
      const corrected = list('ALTER TABLE entries ADD COLUMN more INTEGER');
      await refused(() => createMigrator(db, wrong).up(), 'failed');
      const error = await refused(() => createMigrator(db, corrected).up(), 'edited');
      expect(error.message).toContain('was edited after it was begun, and its step 3 is next');
      await createMigrator(db, corrected).resolve('1', 3);
      await createMigrator(db, corrected).up();
      expect(await rowsOf(db, sql`SELECT id, more FROM entries`)).toEqual([[1, null]]);
      expect(await statesOf(db, corrected)).toEqual({ 1: 'applied' });
    });
  });

  it('takes nothing for there of which a part is there', async () => {
    await withDatabase(async (db) => {
      const steps = list('ALTER TABLE others ADD COLUMN more INTEGER');
      await refused(() => createMigrator(db, steps).up(), 'failed');
      await refused(() => createMigrator(db, steps).baseline(), 'unfinished');
      expect(await statesOf(db, steps)).toEqual({ 1: 'unfinished' });
    });
  });

  it('runs a step that no catalog tells of once, where a later one fails', async () => {
    await withDatabase(async (db) => {
      const steps = list(
        'CREATE PROCEDURE fill() INSERT INTO entries SELECT COUNT(*) + 10, NULL FROM entries',
        'CALL fill()',
        'UPDATE others SET id = 1',
      );
      for (const _run of [1, 2]) await refused(() => createMigrator(db, steps).up(), 'failed');
      expect(await rowsOf(db, sql`SELECT id FROM entries`)).toEqual([[1], [11]]);
    });
  });

  it('finds what still runs by its text, whatever stands at the ends of it', async () => {
    await withDatabase(async (db) => {
      const { dialect } = await loadLedger(db.session.dialect);
      const text = '\n  DO SLEEP(2);\n';
      const asked = async () =>
        Number((await runText(db.session, { sql: dialect.running ?? '', params: [text] }, [])).rows[0]?.[0]);
      const over = runText(db.session, { sql: text, params: [] }, []);
      await expect.poll(asked, { interval: 50, timeout: 1900 }).toBe(1);
      await over;
      expect(await asked()).toBe(0);
    });
  });

  it('lets a lease go that its holder does not renew, and not before', async () => {
    await withDatabase(async (db) => {
      await createMigrator(db, list()).up();
      const more = [
        ...list(),
        defineMigration({ version: '2', name: 'more', up: { steps: ['DROP TABLE entries'] }, down: null }),
      ];
      const held = (ms: number) =>
        db
          .em()
          .execute(
            sql`INSERT INTO __meshestra_migration_lease VALUES (1, 'somebody', UTC_TIMESTAMP(3) + INTERVAL (${ms} * 1000) MICROSECOND)`,
          );
      await held(60_000);
      const told: string[] = [];
      const error = await refused(
        () => createMigrator(db, more, { waitTimeout: 100, onProgress: ({ kind }) => told.push(kind) }).up(),
        'locked',
      );
      expect(error.message).toContain('somebody');
      expect(told).toEqual(['waiting']);
      await db.em().execute(sql`DELETE FROM __meshestra_migration_lease`);
      await held(300);
      expect(await createMigrator(db, more).up()).toHaveLength(1);
      expect(await rowsOf(db, sql`SELECT COUNT(*) FROM __meshestra_migration_lease`)).toEqual([[0]]);
    });
  });
});

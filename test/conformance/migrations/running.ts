import { expect } from 'vitest';
import { sql } from '../../../src/index.ts';
import { createMigrator, type MigrationProgress } from '../../../src/migration/index.ts';
import type { Laws } from '../laws.ts';
import { hasTable, ledgerOf, migration, refused, rowsOf, Setting, statesOf, three } from './fixture.ts';

/** What a migrator does where nothing goes wrong. */
export const running: Laws = {
  'up applies what is pending, in the order of the versions, and once': async (subject) => {
    await using db = await subject.open([Setting]);
    const migrator = createMigrator(
      db,
      [three[2], three[0], three[1]].flatMap((one) => one ?? []),
    );
    expect((await migrator.status()).migrations.map(({ version, state }) => [version, state])).toEqual([
      ['1', 'pending'],
      ['2', 'pending'],
      ['10', 'pending'],
    ]);
    const outcomes = await migrator.up();
    expect(outcomes.map(({ version, direction }) => [version, direction])).toEqual([
      ['1', 'up'],
      ['2', 'up'],
      ['10', 'up'],
    ]);
    expect(await rowsOf(db, sql`SELECT id, note, extra FROM m_first ORDER BY id`)).toEqual([
      [1, 'a', 2],
      [2, 'b', 4],
      [3, 'c', 6],
    ]);
    expect(await migrator.up()).toEqual([]);
    const status = await migrator.status();
    expect(status.isCurrent).toBe(true);
    for (const { state, appliedAt, durationMs, problem } of status.migrations) {
      expect([state, problem]).toEqual(['applied', null]);
      expect(Math.abs((appliedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
      expect(durationMs).toBeGreaterThanOrEqual(0);
    }
  },
  'up and down stop at a version, and down takes back the newest by default': async (subject) => {
    await using db = await subject.open([Setting]);
    const migrator = createMigrator(db, three);
    expect((await migrator.up({ to: '2' })).map(({ version }) => version)).toEqual(['1', '2']);
    expect(await statesOf(db, three)).toEqual({ 1: 'applied', 2: 'applied', 10: 'pending' });
    await migrator.up();
    expect((await migrator.down()).map(({ version, direction }) => [version, direction])).toEqual([['10', 'down']]);
    expect(await rowsOf(db, sql`SELECT * FROM m_first ORDER BY id`)).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
    await migrator.up();
    expect((await migrator.down({ steps: 2 })).map(({ version }) => version)).toEqual(['10', '2']);
    expect(await rowsOf(db, sql`SELECT COUNT(*) FROM m_first`)).toEqual([[0]]);
    await migrator.up();
    expect((await migrator.down({ to: '1' })).map(({ version }) => version)).toEqual(['10', '2']);
    expect((await migrator.down({ to: null })).map(({ version }) => version)).toEqual(['1']);
    expect(await hasTable(db, 'm_first')).toBe(false);
    expect(await migrator.down()).toEqual([]);
    await refused(() => migrator.up({ to: '3' }), 'unknown');
    await refused(() => migrator.down({ to: '3' }), 'unknown');
  },
  'a database from before there were migrations is said to have them, and none of them runs': async (subject) => {
    await using db = await subject.open([Setting]);
    const migrator = createMigrator(db, three);
    expect(await migrator.baseline({ to: '2', dryRun: true })).toMatchObject([{ statements: [] }, { statements: [] }]);
    expect(await ledgerOf(db)).toEqual([]);
    expect((await migrator.baseline({ to: '2' })).map(({ version }) => version)).toEqual(['1', '2']);
    expect(await statesOf(db, three)).toEqual({ 1: 'applied', 2: 'applied', 10: 'pending' });
    expect(await hasTable(db, 'm_first')).toBe(false);
    expect(await migrator.baseline({ to: '2' })).toEqual([]);
    const edited = three.map((one) => ({ ...one, up: { steps: ['SELECT 1'] } }));
    await refused(() => createMigrator(db, edited).up(), 'edited');
  },
  'a dry run tells what would run, and writes nothing': async (subject) => {
    await using db = await subject.open([Setting]);
    const migrator = createMigrator(db, three);
    const planned = await migrator.up({ dryRun: true });
    expect(planned.map(({ version, durationMs, statements }) => [version, durationMs, statements.length])).toEqual([
      ['1', null, 2],
      ['2', null, 2],
      ['10', null, 2],
    ]);
    expect(planned[0]?.statements[0]).toContain('CREATE TABLE m_first');
    expect(await hasTable(db, 'm_first')).toBe(false);
    await migrator.up();
    expect((await migrator.down({ dryRun: true, to: '1' })).map(({ version }) => version)).toEqual(['10', '2']);
    expect((await migrator.status()).isCurrent).toBe(true);
  },
  'what happens is told as it happens': async (subject) => {
    await using db = await subject.open([Setting]);
    const told: MigrationProgress[] = [];
    await createMigrator(db, three, { onProgress: (progress) => told.push(progress) }).up({ to: '1' });
    expect(told.map((one) => (one.kind === 'step' ? `step ${one.step} of ${one.of}` : one.kind))).toEqual([
      'began',
      'step 1 of 2',
      'step 2 of 2',
      'ended',
    ]);
    expect(told[1]).toMatchObject({ version: '1', name: 'tables' });
  },
  'a function changes data by parameters, in the place where it stands': async (subject) => {
    await using db = await subject.open([Setting]);
    const [tables] = three;
    if (tables === undefined) throw new Error('no migration');
    const migrator = createMigrator(db, [
      tables,
      migration('2', 'by a function', [
        async ({ execute, dialect }) => {
          const { rows } = await execute(sql`SELECT COUNT(*) FROM m_first`);
          expect(dialect).toBe(db.dialect.name);
          const name = "it's; DROP TABLE m_first; --";
          await execute(sql`INSERT INTO m_first (id, note) VALUES (${Number(rows[0]?.[0]) + 1}, ${name})`);
        },
        {
          sql: `UPDATE m_first SET note = ${db.dialect.placeholder(1)} WHERE id = ${db.dialect.placeholder(2)}`,
          params: ['second', 2],
        },
        async ({ execute }) => void (await execute(sql`INSERT INTO m_first (id, note) VALUES (${2}, ${null})`)),
      ]),
    ]);
    await migrator.up();
    expect(await rowsOf(db, sql`SELECT id, note FROM m_first ORDER BY id`)).toEqual([
      [1, "it's; DROP TABLE m_first; --"],
      [2, null],
    ]);
  },
  'a function changes data by the tables of its time, whatever becomes of them later': async (subject) => {
    await using db = await subject.open([Setting]);
    const marked = migration('3', 'marked', [
      async (context) => {
        // No entity and no EntityManager: they are of today.
        expect(Object.keys(context).sort()).toEqual(['dialect', 'execute', 'signal']);
        const { rows } = await context.execute(sql`SELECT id FROM m_first ORDER BY id`);
        for (const [id] of rows) {
          await context.execute(sql`UPDATE m_first SET note = ${`note ${id}`} WHERE id = ${id as number}`);
        }
      },
    ]);
    const renamed = migration('4', 'renamed', ['ALTER TABLE m_first RENAME COLUMN note TO title']);
    await createMigrator(db, [...three.slice(0, 2), marked, renamed]).up();
    const joined = sql`SELECT f.title, s.note FROM m_first f JOIN m_second s ON s.first_id = f.id ORDER BY f.id`;
    expect(await rowsOf(db, joined)).toEqual([
      ['note 1', 'a'],
      ['note 2', 'b'],
      ['note 3', 'c'],
    ]);
  },
  'live queries and caches hear of it': async (subject) => {
    await using db = await subject.open([Setting]);
    const em = db.em();
    em.create(Setting, { id: 1, value: 'old' });
    await em.flush();
    expect(await db.em().find(Setting)).toHaveLength(1);
    const touched = new Set<string>();
    db.on('change', ({ tables }) => {
      for (const one of tables) touched.add(one);
    });
    await createMigrator(db, [
      migration('1', 'more room', [
        "UPDATE settings SET value = 'new'",
        'ALTER TABLE settings ADD COLUMN more INTEGER',
      ]),
    ]).up();
    expect(touched).toContain('settings');
    expect((await db.em().find(Setting)).map(({ value }) => value)).toEqual(['new']);
  },
};

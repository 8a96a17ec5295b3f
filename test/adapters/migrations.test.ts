import { describe, expect, it } from 'vitest';
import { betterSqlite3 } from '../../adapters/better-sqlite3/index.ts';
import { mysql2 } from '../../adapters/mysql2/index.ts';
import { pg } from '../../adapters/pg/index.ts';
import { createPersistence, type Driver, sql } from '../../src/index.ts';
import { createMigrator } from '../../src/migration/index.ts';
import { rowsOf, Setting } from '../conformance/migrations/fixture.ts';
import { engineTitle, findEngine } from '../support/engines/find-engine.ts';
import { createScratchDatabase } from '../support/engines/scratch-database.ts';
import { type MigratedDatabase, runRunner, writeRunner } from './migrations/runner.ts';
import { databaseFiles } from './native-sqlite/database-files.ts';

/** An engine whose databases are migrated by processes of their own. */
interface Engine {
  readonly name: string;
  readonly missing?: string | undefined;
  readonly makeDriver: string;
  /** A statement that no transaction can hold, or any other. */
  readonly besides: string;
  database(): Promise<{ readonly url: string; readonly driver: Driver; drop(): Promise<void> }>;
}

const table = (name: string) => `\`CREATE TABLE ${name} (id INTEGER NOT NULL PRIMARY KEY, note VARCHAR(100))\``;

/** Each step leaves another result where it runs twice, or not at all. */
const migrations = (besides: string) => `[
  { version: '1', name: 'tables', down: null, up: { steps: [${table('m_first')}, ${table('m_second')}] } },
  { version: '2', name: 'rows', down: null, up: { steps: [
    "INSERT INTO m_first (id, note) VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    "INSERT INTO m_second (id, note) SELECT id + (SELECT COUNT(*) FROM m_first), note FROM m_first",
    ${besides},
    async ({ execute }) => {
      const { rows } = await execute(sql\`SELECT COUNT(*) FROM m_second\`);
      await execute(sql\`UPDATE m_first SET note = \${'n' + String(rows[0][0])} WHERE id = 1\`);
    },
    'ALTER TABLE m_second ADD COLUMN extra INTEGER',
    'UPDATE m_second SET extra = COALESCE(extra, 0) + id',
  ] } },
  { version: '3', name: 'more', down: null, up: { steps: ["INSERT INTO m_first (id, note) SELECT COUNT(*) + 1, 'd' FROM m_first"] } },
]`;

/** The steps of all of them. */
const STEPS = 9;

const newFile = databaseFiles();
const postgres = await findEngine('postgres');
const mariadb = await findEngine('mysql');

const engines: readonly Engine[] = [
  {
    name: 'better-sqlite3',
    makeDriver:
      "import { betterSqlite3 } from 'meshestra/better-sqlite3';\nconst driver = betterSqlite3({ path: process.env.DATABASE });",
    besides: "'CREATE INDEX m_index ON m_first (note)'",
    async database() {
      const url = newFile();
      return { url, driver: betterSqlite3({ path: url }), drop: async () => {} };
    },
  },
  {
    name: 'pg',
    missing: postgres.missing,
    makeDriver: "import { pg } from 'meshestra/pg';\nconst driver = pg(process.env.DATABASE);",
    besides: "{ outside: 'CREATE INDEX CONCURRENTLY m_index ON m_first (note)' }",
    async database() {
      const scratch = await createScratchDatabase('postgres', postgres);
      return { url: scratch.url, driver: pg(scratch.url), drop: () => scratch.drop() };
    },
  },
  {
    name: 'mysql2',
    missing: mariadb.missing,
    makeDriver: "import { mysql2 } from 'meshestra/mysql2';\nconst driver = mysql2(process.env.DATABASE);",
    besides: "'CREATE INDEX m_index ON m_first (note)'",
    async database() {
      const scratch = await createScratchDatabase('mysql', mariadb);
      return { url: scratch.url, driver: mysql2(scratch.url), drop: () => scratch.drop() };
    },
  },
];

async function expectDone(driver: Driver): Promise<void> {
  await using db = await createPersistence({ driver, entities: [Setting] });
  expect(await rowsOf(db, sql`SELECT id, note FROM m_first ORDER BY id`)).toEqual([
    [1, 'n3'],
    [2, 'b'],
    [3, 'c'],
    [4, 'd'],
  ]);
  expect(await rowsOf(db, sql`SELECT id, note, extra FROM m_second ORDER BY id`)).toEqual([
    [4, 'a', 4],
    [5, 'b', 5],
    [6, 'c', 6],
  ]);
  const { migrations: all } = await createMigrator(db, []).status();
  expect(all.map(({ version }) => version)).toEqual(['1', '2', '3']);
}

async function withDatabase(
  { makeDriver, besides, database }: Engine,
  work: (migrated: MigratedDatabase, script: string) => Promise<void>,
): Promise<void> {
  const { url, driver, drop } = await database();
  const migrated = { makeDriver, url, migrations: migrations(besides) };
  try {
    await work(migrated, await writeRunner(migrated));
    await expectDone(driver);
  } finally {
    await driver.close();
    await drop();
  }
}

for (const engine of engines) {
  describe.skipIf(engine.missing !== undefined)(engineTitle(`processes that migrate by ${engine.name}`, engine), () => {
    it.each(Array.from({ length: STEPS }, (_, at) => at + 1))(
      'killed at step %i of all, another one goes on, and each step is done once',
      async (at) => {
        await withDatabase(engine, async (migrated, script) => {
          let steps = 0;
          const killed = await runRunner(script, migrated, ({ kind }, runner) => {
            if (kind !== 'step') return;
            steps += 1;
            // At once, or while the statement runs, or after it.
            if (steps === at) setTimeout(() => runner.kill('SIGKILL'), Math.random() * 6);
          });
          expect([null, 0], killed.errors).toContain(killed.exitCode);
          const next = await runRunner(script, migrated);
          expect(next.errors).toBe('');
          expect(next.exitCode).toBe(0);
        });
      },
    );

    it.each([2, 8])('%i at once on an empty database apply each migration once', async (count) => {
      await withDatabase(engine, async (migrated, script) => {
        const runs = await Promise.all(Array.from({ length: count }, () => runRunner(script, migrated)));
        for (const { exitCode, errors } of runs) expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
        const ended = runs
          .flatMap(({ progress }) => progress)
          .flatMap((one) => (one.kind === 'ended' ? [one.version] : []));
        expect(ended.sort()).toEqual(['1', '2', '3']);
      });
    });
  });
}

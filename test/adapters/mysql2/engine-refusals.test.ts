import { createPool } from 'mysql2';
import { describe, expect, it } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import {
  createPersistence,
  Entity,
  integer,
  manyToOne,
  type Persistence,
  snakeCase,
  sql,
  text,
} from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import {
  createMigrator,
  defineMigration,
  type Migration,
  planMigration,
  type Questioner,
} from '../../../src/migration/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { overtaken, refused } from '../../conformance/migrations/fixture.ts';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase } from '../../support/engines/scratch-database.ts';

const engine = await findEngine('mysql');

class Ticket extends Entity('tickets', { id: integer().primaryKey(), title: text({ maxLength: 50 }) }) {}

const nobody: Questioner = { formerTable: () => null, formerColumn: () => null, fill: () => null };
const migration = (version: string, ...steps: string[]): Migration =>
  defineMigration({ version, name: `step ${version}`, up: { steps }, down: null });

/** Tickets with a state of an ENUM, and replies to them: three rows with a child each. */
const begin = migration(
  '1',
  `CREATE TABLE tickets (id BIGINT PRIMARY KEY, title VARCHAR(50) NOT NULL, state ENUM('open', 'closed') NOT NULL)`,
  'CREATE TABLE replies (id BIGINT PRIMARY KEY, ticket_id BIGINT NOT NULL REFERENCES tickets (id))',
  `INSERT INTO tickets VALUES (1, 'a', 'open'), (2, 'b', 'closed'), (3, 'c', 'closed')`,
  'INSERT INTO replies VALUES (1, 1), (2, 2), (3, 3)',
);

async function rowsOf(db: Persistence): Promise<unknown> {
  const tickets = await db.em().execute(sql`SELECT id, title, state FROM tickets ORDER BY id`);
  const replies = await db.em().execute(sql`SELECT id, ticket_id FROM replies ORDER BY id`);
  return [tickets.rows, replies.rows];
}

async function withDatabase(work: (db: Persistence, url: string) => Promise<void>): Promise<void> {
  const scratch = await createScratchDatabase('mysql', engine);
  const db = await createPersistence({ driver: mysql2(scratch.url), entities: [Ticket] });
  try {
    await work(db, scratch.url);
  } finally {
    await db.close();
    await scratch.drop();
  }
}

describe.skipIf(engine.missing !== undefined)(engineTitle('MariaDB refuses a migration', engine), () => {
  it('that takes a value of an ENUM away which rows have: nothing becomes the empty text', () =>
    withDatabase(async (db) => {
      await createMigrator(db, [begin]).up();
      const before = await rowsOf(db);
      const fewer = migration('2', `ALTER TABLE tickets MODIFY state ENUM('open') NOT NULL`);
      const failure = await expectCode(() => createMigrator(db, [begin, fewer]).up(), 'migration');
      expect(failure.message).toMatch(/step 1 of 1/);
      expect(await rowsOf(db)).toEqual(before);
      const more = migration('2', `ALTER TABLE tickets MODIFY state ENUM('open', 'closed', 'waiting') NOT NULL`);
      const corrected = createMigrator(db, [begin, more]);
      // As the error says: the step was begun, and is another one now.
      await corrected.resolve('2', 1);
      await corrected.up();
      expect(await rowsOf(db)).toEqual(before);
    }));

  it('that takes a value of an ENUM away where connections begin without strictness: the driver makes them strict', () =>
    withDatabase(async (db, uri) => {
      await createMigrator(db, [begin]).up();
      const before = await rowsOf(db);
      const pool = createPool({ uri, supportBigNumbers: true, jsonStrings: true });
      const modes: unknown[] = [];
      pool.on('connection', (connection) => {
        connection.query("SET SESSION sql_mode = ''");
        connection.query('SELECT @@sql_mode AS mode', (_: unknown, rows: unknown) => modes.push(rows));
      });
      const lenient = await createPersistence({ driver: mysql2(pool), entities: [Ticket] });
      try {
        const fewer = migration('2', `ALTER TABLE tickets MODIFY state ENUM('open') NOT NULL`);
        await expectCode(() => createMigrator(lenient, [begin, fewer]).up(), 'migration');
        expect(modes[0]).toEqual([{ mode: '' }]);
        expect(await rowsOf(db)).toEqual(before);
      } finally {
        await lenient.close();
        await pool.promise().end();
      }
    }));

  it('that is being taken back, where somebody else has gone on with it', () =>
    withDatabase(async (db) => {
      const down = { steps: ['DROP TABLE replies', 'DROP TABLE tickets'] };
      const back = defineMigration({ ...begin, down });
      await createMigrator(db, [back]).up();
      const other = () => db.em().execute(sql`UPDATE __meshestra_migrations SET statement = 1`);
      await refused(() => createMigrator(overtaken(db, 'DELETE', other), [back]).down(), 'locked');
      expect((await createMigrator(db, [back]).status()).migrations[0]).toMatchObject({ state: 'unfinished', step: 1 });
    }));

  it(
    'never by copying rows itself: a change of 1,000,000 rows with children is the work of the engine',
    () =>
      withDatabase(async (db) => {
        const digits =
          '(SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)';
        const number = 'a.d + b.d * 10 + c.d * 100 + d.d * 1000 + e.d * 10000 + f.d * 100000';
        const big = migration(
          '1',
          'CREATE TABLE big (id BIGINT PRIMARY KEY, n INT NOT NULL)',
          'CREATE TABLE big_children (id BIGINT PRIMARY KEY, big_id BIGINT NOT NULL, CONSTRAINT big_children_big_id_fkey FOREIGN KEY (big_id) REFERENCES big (id))',
          `INSERT INTO big SELECT ${number}, (${number}) % 1000 FROM ${'abcdef'
            .split('')
            .map((name) => `${digits} AS ${name}`)
            .join(', ')}`,
          'INSERT INTO big_children SELECT id, id FROM big WHERE id < 1000',
        );
        await createMigrator(db, [big]).up();
        class Big extends Entity('big', { id: integer().primaryKey(), n: integer().nullable() }) {}
        class BigChild extends Entity('big_children', { id: integer().primaryKey() }) {
          big = manyToOne(() => Big);
        }
        const registry = createRegistry([Big, BigChild], snakeCase, db.dialect);
        const { up } = await planMigration({ registry, session: db.session }, nobody);
        const widen = up.steps.map(String).filter((step) => step.startsWith('ALTER TABLE `big` '));
        expect(widen.join()).toContain('MODIFY COLUMN `n` bigint');
        const sum = sql`SELECT COUNT(*), SUM(n), SUM(CRC32(CONCAT(id, ':', n))) FROM big`;
        const before = await db.em().execute(sum);
        let seen = 0;
        db.on('statement', ({ rows, sql: text }) => {
          // An ALTER tells of the rows that the engine copies.
          if (!text.startsWith('ALTER TABLE')) seen += rows;
        });
        await createMigrator(db, [big, migration('2', ...widen)]).up();
        expect(seen).toBeLessThan(1000);
        const after = await db.em().execute(sum);
        expect(after.rows).toEqual(before.rows);
        expect(after.rows[0]?.slice(0, 2).map(Number)).toEqual([1_000_000, 499_500_000]);
        expect(Number((await db.em().execute(sql`SELECT COUNT(*) FROM big_children`)).rows[0]?.[0])).toBe(1000);
      }),
    120_000,
  );
});

import { afterAll, describe, expect, it } from 'vitest';
import { createPersistence, Entity, integer, type Persistence, sql, text } from '../../../src/index.ts';
import { createMigrator, defineMigration, type MigrationItem } from '../../../src/migration/index.ts';
import { ledgerOf, refused, rowsOf } from '../../conformance/migrations/fixture.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

class Entry extends Entity('entries', { id: integer().primaryKey(), note: text() }) {}

const one = (version: string, ...steps: readonly MigrationItem[]) =>
  defineMigration({ version, name: 'a step', up: { steps }, down: null });

const tables = one(
  '1',
  'CREATE TABLE entries (id integer PRIMARY KEY, note varchar(20))',
  "INSERT INTO entries VALUES (1, 'a'), (2, 'a')",
);

async function opened(): Promise<Persistence> {
  return createPersistence({ driver: await server.driver(), entities: [Entry] });
}

describe.skipIf(server.missing !== undefined)(server.title('PostgreSQL after migrations'), () => {
  it('reads on by statements that were prepared before a type changed', async () => {
    await using db = await opened();
    await createMigrator(db, [tables]).up();
    const read = async () => (await db.em().find(Entry, {}, { orderBy: { id: 'asc' } })).map(({ note }) => note);
    // More often than any statement has to run before it is prepared by name.
    for (let round = 0; round < 10; round += 1) expect(await read()).toEqual(['a', 'a']);
    await createMigrator(db, [tables, one('2', 'ALTER TABLE entries ALTER COLUMN note TYPE text')]).up();
    for (let round = 0; round < 10; round += 1) expect(await read()).toEqual(['a', 'a']);
  });

  it('says what a statement outside of transactions has left behind, and goes on when it is gone', async () => {
    await using db = await opened();
    const unique = { outside: 'CREATE UNIQUE INDEX CONCURRENTLY entries_note ON entries (note)' };
    const list = [
      tables,
      one('2', 'ALTER TABLE entries ADD COLUMN more integer', unique, 'UPDATE entries SET more = 1'),
    ];
    const failed = await refused(() => createMigrator(db, list).up(), 'failed');
    expect(failed).toMatchObject({ version: '2', step: 2, sql: unique.outside, outcome: 'committed' });
    expect(await ledgerOf(db)).toEqual([
      ['1', 'a step', 'unknown'],
      ['2', 'a step', 'unknown'],
    ]);
    const left = await refused(() => createMigrator(db, list).up(), 'unfinished');
    expect(left.message).toContain('entries_note');
    await db.em().execute(sql`DROP INDEX entries_note`);
    await db.em().execute(sql`DELETE FROM entries WHERE id = 2`);
    await createMigrator(db, list).up();
    expect(await rowsOf(db, sql`SELECT id, note, more FROM entries`)).toEqual([[1, 'a', 1]]);
    expect((await createMigrator(db, list).status()).isCurrent).toBe(true);
  });

  it('keeps a transaction of a migration from a statement that must not be in one, and says so', async () => {
    await using db = await opened();
    const list = [tables, one('2', 'CREATE INDEX CONCURRENTLY entries_note ON entries (note)')];
    const failed = await refused(() => createMigrator(db, list).up(), 'failed');
    expect(failed.message).toMatch(/transaction block/);
    expect(await ledgerOf(db)).toHaveLength(1);
  });
});

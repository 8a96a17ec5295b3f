import { expect, it } from 'vitest';
import { betterSqlite3 } from '../../adapters/better-sqlite3/index.ts';
import { refusePending } from '../../cli/commands/refuse-pending.ts';
import { createPersistence, Entity, integer, sql } from '../../src/index.ts';
import { createMigrator, defineMigration } from '../../src/migration/index.ts';

class Entry extends Entity('entries', { id: integer().primaryKey() }) {}

it('refuses a database that a migration was left in the middle of', async () => {
  const steps = ['CREATE TABLE entries (id INTEGER PRIMARY KEY) STRICT'];
  const migrations = [defineMigration({ version: '1', name: 'tables', up: { steps }, down: null })];
  const db = await createPersistence({ driver: betterSqlite3({ path: ':memory:' }), entities: [Entry] });
  try {
    await createMigrator(db, migrations).up();
    await refusePending(db, migrations);
    await db.em().execute(sql`UPDATE "__meshestra_migrations" SET "state" = 'failed'`);
    await expect(refusePending(db, migrations)).rejects.toThrow('1 tables; run `meshestra migration:run` first');
  } finally {
    await db.close();
  }
});

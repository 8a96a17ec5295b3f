import Database from 'better-sqlite3';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { betterSqlite3 } from '../../../adapters/better-sqlite3/index.ts';
import { createPersistence, Entity, integer, sql, text } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { runWithoutPeers } from '../../support/without-peers.ts';

class Note extends Entity('notes', { id: integer().primaryKey().generated(), body: text() }) {}

describe('better-sqlite3 as a peer', () => {
  it('that is not installed is a configuration error with the command that installs it', async () => {
    const printed = await runWithoutPeers(`
      import { betterSqlite3 } from 'meshestra/better-sqlite3';
      const driver = betterSqlite3({ path: ':memory:' });
      await driver.connect().catch((error) => console.log(error.code, error.message));
      await driver.close();
    `);
    expect(printed).toMatch(/^configuration .*npm install better-sqlite3/);
  });

  it('may be handed in as its class, whose type the driver has then', async () => {
    const db = await createPersistence({ driver: betterSqlite3({ path: ':memory:', Database }), entities: [Note] });
    await createSchema(db);
    db.driver.database.function('shout', (value) => `${value}!`);
    expectTypeOf(db.driver.database).toEqualTypeOf<Database.Database>();
    const { rows } = await db.em().execute(sql`SELECT shout('hey')`);
    expect(rows).toEqual([['hey!']]);
    await db.close();
  });

  it('may be handed in as a database, whose type the driver has then', async () => {
    const database = new Database(':memory:');
    const driver = betterSqlite3({ database });
    const db = await createPersistence({ driver, entities: [Note] });
    expectTypeOf(db.driver.database).toEqualTypeOf<Database.Database>();
    await createSchema(db);
    const em = db.em();
    em.create(Note, { body: 'hello' });
    await em.flush();
    expect(database.prepare('SELECT body FROM notes').pluck().all()).toEqual(['hello']);
    await db.close();
    expect(database.open).toBe(true);
    database.close();
  });

  it('that hands out bigints by default gives numbers all the same', async () => {
    const database = new Database(':memory:').defaultSafeIntegers(true);
    const driver = betterSqlite3({ database });
    const connection = await driver.connect();
    expect(await connection.execute({ sql: 'SELECT 1, 9007199254740993', params: [] })).toMatchObject({
      rows: [[1, 9007199254740993n]],
    });
    await driver.close();
    database.close();
  });

  it('lets statements wait while the application reads with iterate()', async () => {
    const database = new Database(':memory:');
    database.exec('CREATE TABLE t (v TEXT); INSERT INTO t VALUES (1), (2)');
    const driver = betterSqlite3({ database, lockTimeout: 5 });
    const connection = await driver.connect();
    const reading = database.prepare('SELECT v FROM t').iterate();
    reading.next();
    const write = async () => connection.execute({ sql: "INSERT INTO t VALUES ('x')", params: [] });
    await expectCode(write, 'lock-timeout');
    const waiting = write();
    reading.return?.();
    expect(await waiting).toMatchObject({ affectedRows: 1 });
    await driver.close();
    database.close();
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { createPersistence, Entity, enumeration, integer, manyToOne, sql, text } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { evolve, expectCurrent } from '../../conformance/migrations/evolving.ts';
import { rowsOf } from '../../conformance/migrations/fixture.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

const id = () => integer().primaryKey().generated();

class Shop extends Entity('shops', { id: id(), name: text(), size: integer() }) {}
class Sale extends Entity('sales', { id: id(), mood: enumeration('good', 'bad') }) {
  shop = manyToOne(() => Shop, { onDelete: 'cascade' });
}
const before = [Shop, Sale];

class Store extends Entity('stores', { id: id(), title: text({ maxLength: 80 }), size: text() }) {}
class Sold extends Entity('sales', { id: id(), mood: enumeration('good', 'bad', 'fine') }) {
  shop = manyToOne(() => Store, { onDelete: 'cascade' });
}
const after = [Store, Sold];

/** What a server knows of a table that no entity has a word for. */
const BESIDE = sql`
  SELECT array_to_string(c.relacl, ' ') LIKE '%=r/%', c.relrowsecurity, c.relreplident::text,
    (SELECT COUNT(*) FROM pg_policy AS p WHERE p.polrelid = c.oid),
    obj_description(c.oid, 'pg_class'), pg_get_serial_sequence(quote_ident(c.relname), 'id') IS NOT NULL
  FROM pg_class AS c WHERE c.relname IN ('shops', 'stores') AND c.relkind = 'r'`;

describe.skipIf(server.missing !== undefined)(server.title('A table of PostgreSQL that changes'), () => {
  it('keeps its privileges, policies, replica identity and the next of its keys', async () => {
    await using db = await createPersistence({ driver: await server.driver(), entities: before });
    await createSchema(db);
    const em = db.em();
    for (const text of [
      sql`INSERT INTO shops (name, size) VALUES ('a', 1), ('b', 2), ('c', 3)`,
      sql`INSERT INTO sales (mood, shop_id) VALUES ('good', 1), ('bad', 2), ('good', 3)`,
      sql`GRANT SELECT ON shops TO PUBLIC`,
      sql`ALTER TABLE shops ENABLE ROW LEVEL SECURITY`,
      sql`CREATE POLICY small ON shops USING (size < 10)`,
      sql`ALTER TABLE shops REPLICA IDENTITY FULL`,
      sql`COMMENT ON TABLE shops IS 'where things are sold'`,
    ]) {
      await em.execute(text);
    }
    const said = await rowsOf(db, BESIDE);
    expect(said).toEqual([[true, true, 'f', 1, 'where things are sold', true]]);
    // A column that a policy speaks of keeps its type: the server refuses it otherwise, and nothing is changed.
    const answers = { tables: { stores: 'shops' }, columns: { 'stores.title': 'name' } };
    const refused = await evolve(db, after, answers);
    await expect(refused.up()).rejects.toMatchObject({ code: 'migration', outcome: 'rolled-back' });
    expect(await rowsOf(db, BESIDE)).toEqual(said);
    await em.execute(sql`DROP POLICY small ON shops`);
    await em.execute(sql`CREATE POLICY small ON shops USING (id < 10)`);
    const migrator = await evolve(db, after, answers);
    await migrator.up();
    await expectCurrent(db, after);
    expect(await rowsOf(db, BESIDE)).toEqual(said);
    await em.execute(sql`INSERT INTO stores (title, size) VALUES ('d', 'xl')`);
    expect(await rowsOf(db, sql`SELECT id, title, size FROM stores ORDER BY id`)).toEqual([
      [1, 'a', '1'],
      [2, 'b', '2'],
      [3, 'c', '3'],
      [4, 'd', 'xl'],
    ]);
    expect(await rowsOf(db, sql`SELECT shop_id, mood FROM sales ORDER BY id`)).toHaveLength(3);
    await em.execute(sql`DELETE FROM stores WHERE id = 4`);
    await migrator.down();
    await expectCurrent(db, before);
    expect(await rowsOf(db, BESIDE)).toEqual(said);
  });
});

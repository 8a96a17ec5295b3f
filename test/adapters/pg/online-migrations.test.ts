import { afterAll, describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer, manyToOne, snakeCase, sql, text } from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import { createMigrator, defineMigration, planMigration, type Questioner } from '../../../src/migration/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { expectCode } from '../../conformance/laws.ts';
import { expectCurrent } from '../../conformance/migrations/evolving.ts';
import { openTestServer } from './server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
class Post extends Entity('posts', { id: integer().primaryKey().generated(), title: text(), author_id: integer() }) {}
const before = [Author, Post];

class Writer extends Entity('authors', {
  id: integer().primaryKey().generated(),
  name: text({ maxLength: 50 }).unique(),
}) {}
class Article extends Entity('posts', { id: integer().primaryKey().generated(), title: text().index() }) {
  author = manyToOne(() => Writer);
}
const after = [Writer, Article];

const nobody: Questioner = { formerTable: () => null, formerColumn: () => null, fill: () => null };

describe.skipIf(server.missing !== undefined)(server.title('PostgreSQL while others write'), () => {
  it('gets indexes and constraints outside of the transaction, there and back', async () => {
    await using db = await createPersistence({ driver: await server.driver(), entities: before });
    await createSchema(db);
    await db.em().execute(sql`INSERT INTO authors (name) VALUES ('a'), ('b'), ('c')`);
    await db.em().execute(sql`INSERT INTO posts (title, author_id) VALUES ('x', 1), ('y', 2), ('z', 3)`);
    const registry = createRegistry(after, snakeCase, db.dialect);
    const { up, down } = await planMigration({ registry, session: db.session }, nobody, { online: true });
    const outside = up.steps.flatMap((step) => (typeof step === 'object' && 'outside' in step ? [step.outside] : []));
    expect(outside).toEqual([
      'CREATE UNIQUE INDEX CONCURRENTLY "authors_name_key" ON "authors" ("name")',
      'ALTER TABLE "authors" VALIDATE CONSTRAINT "authors_name_check"',
      'ALTER TABLE "posts" VALIDATE CONSTRAINT "posts_author_id_fkey"',
      'CREATE INDEX CONCURRENTLY "posts_author_id_idx" ON "posts" ("author_id")',
      'CREATE INDEX CONCURRENTLY "posts_title_idx" ON "posts" ("title")',
    ]);
    const side = ({ steps, atStake }: typeof up) => ({ steps, atStake });
    const migrator = createMigrator(db, [
      defineMigration({ version: '1', name: 'online', up: side(up), down: side(down) }),
    ]);
    await migrator.up();
    await expectCurrent(db, after);
    const { rows } = await db
      .em()
      .execute(sql`SELECT COUNT(*) FROM pg_constraint WHERE NOT convalidated`, { writes: [] });
    expect(Number(rows[0]?.[0])).toBe(0);
    await migrator.down();
    await expectCurrent(db, before);
    expect(await db.em().count(Post)).toBe(3);
  });
});

it('is refused where the dialect has no such thing', async () => {
  await using db = await createPersistence({ driver: sqljs(), entities: before });
  await expectCode(() => planMigration(db, nobody, { online: true }), 'unsupported-by-driver');
});

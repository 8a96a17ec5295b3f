import { expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer, snakeCase, text } from '../../../src/index.ts';
import { createRegistry } from '../../../src/metadata/create-registry.ts';
import { describeChange, planMigration, type Questioner } from '../../../src/migration/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

class Post extends Entity('posts', { id: integer().primaryKey().generated(), title: text(), body: text() }) {}
class Article extends Entity(
  'articles',
  {
    id: integer().primaryKey().generated(),
    headline: text({ maxLength: 80 }).renamedFrom('title'),
    text: text().column('full_text').renamedFrom('never_there'),
  },
  { renamedFrom: 'posts' },
) {}

it('what an entity says of its former names is not asked, and what it does not say is', async () => {
  await using db = await createPersistence({ driver: sqljs(), entities: [Post] });
  await createSchema(db);
  const asked: string[] = [];
  const questioner: Questioner = {
    formerTable: (table) => expect.fail(`asked for ${table}`),
    formerColumn(table, column, gone) {
      asked.push(`${table}.${column}: ${gone.join()}`);
      return 'body';
    },
    fill: () => null,
  };
  const registry = createRegistry([Article], snakeCase, db.dialect);
  const plan = await planMigration({ registry, session: db.session }, questioner);
  expect(asked).toEqual(['articles.full_text: body']);
  expect(plan.up.changes.flatMap(describeChange)).toEqual([
    'rename table posts to articles',
    'alter articles: rename column title to headline',
    'alter articles: rename column body to full_text',
    'alter articles: add check length("headline") <= 80',
  ]);
});

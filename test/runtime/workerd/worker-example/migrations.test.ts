import { createPersistence } from 'meshestra';
import { createMigrator, planMigration } from 'meshestra/migrations';
import { sqljs } from 'meshestra/sqljs';
import { expect, it } from 'vitest';
import { ENTITIES } from '../../../../demo-web/entities.ts';
import { migrations } from '../../../../demo-web/migrations/index.ts';

it('make the tables that the entities of demo and worker want, and nothing else', async () => {
  await using db = await createPersistence({ driver: sqljs(), entities: ENTITIES });
  const migrator = createMigrator(db, migrations);
  await migrator.up();
  // Whoever asks would be told that something was renamed: nothing is there to be asked.
  const refuse = (): never => expect.fail('there is a difference');
  const plan = await planMigration(db, { formerTable: refuse, formerColumn: refuse, fill: refuse });
  expect([plan.up.changes, plan.down.changes]).toEqual([[], []]);
  expect((await migrator.down()).map(({ version }) => version)).toEqual([migrations[0]?.version]);
});

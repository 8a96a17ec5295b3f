import { afterAll, describe, expect, it } from 'vitest';
import { postgres } from '../../src/dialect/postgres/index.ts';
import { diffDatabases } from '../../src/migration/diff/diff-databases.ts';
import type { DatabaseModel } from '../../src/schema/database-model.ts';
import { changeLaws } from '../conformance/schemas/change-laws.ts';
import { misfitLaws } from '../conformance/schemas/misfit-laws.ts';
import { POSTGRES_CHANGES } from '../conformance/schemas/postgres-changes.ts';
import { POSTGRES_MISFITS } from '../conformance/schemas/postgres-misfits.ts';
import { CHILD_AS_READ, OTHER_OBJECTS, RICH_TABLES, UNMANAGED } from '../conformance/schemas/postgres-rich.ts';
import { openPostgresStage } from '../conformance/schemas/postgres-stage.ts';
import { randomLaws } from '../conformance/schemas/random-laws.ts';
import { schemaLaws } from '../conformance/schemas/schema-laws.ts';
import { openTestServer } from './pg/server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

describe.skipIf(server.missing !== undefined)(server.title('The schema of PostgreSQL'), async () => {
  if (server.missing !== undefined) return;
  const driver = await server.driver();
  afterAll(() => driver.close());
  const stage = await openPostgresStage(driver);
  const { schema, run } = stage;
  const inspect = () => schema.inspect(run);
  const change = (before: DatabaseModel, after: DatabaseModel) =>
    stage.apply({ changes: [], atStake: [], steps: schema.steps(diffDatabases(before, after)) });

  schemaLaws(async () => ({ ...stage, dialect: postgres }));
  randomLaws(stage, 100);
  changeLaws(stage, POSTGRES_CHANGES);
  misfitLaws(stage, POSTGRES_MISFITS, 'v::text');

  it('is read with all that is said of it, and made again from that', async () => {
    await stage.empty();
    const empty = await inspect();
    for (const sql of RICH_TABLES) await run(sql);
    const rich = await inspect();
    expect(rich.unmanaged).toEqual([]);
    expect(rich.tables.map(({ name }) => name)).toEqual([
      'Parent',
      'child',
      'egg',
      'hen',
      'no columns',
      'select "from"',
      'é'.repeat(31),
    ]);
    const [, child] = rich.tables;
    expect(child).toMatchObject(CHILD_AS_READ);
    await change(rich, empty);
    expect(await inspect()).toEqual(empty);
    await change(empty, rich);
    expect(await inspect()).toEqual(rich);
    expect(await stage.scratch((inside) => schema.canonicalize(rich, inside))).toEqual(rich);
  });

  it('leaves alone, and names, what is no table or what there are no words for', async () => {
    await stage.empty();
    for (const sql of OTHER_OBJECTS) await run(sql);
    const { tables, unmanaged } = await inspect();
    expect(tables.map(({ name }) => name)).toEqual(['booked', 'feelings', 'full']);
    expect(unmanaged.map(({ kind, name }) => [kind, name])).toEqual(UNMANAGED);
    const [feelings] = tables.filter(({ name }) => name === 'feelings');
    expect(feelings?.columns.map(({ type, default: filled }) => [type, filled])).toEqual([
      ['integer', null],
      ['mood', "'sad'::mood"],
      ['positive', null],
    ]);
  });
});

import { expect, it } from 'vitest';
import { diffDatabases } from '../../../src/migration/diff/diff-databases.ts';
import type { DatabaseModel } from '../../../src/schema/database-model.ts';
import { CHILD_AS_READ, OTHER_OBJECTS, RICH_TABLES, UNMANAGED } from './postgres-rich.ts';
import type { SchemaStage } from './survival.ts';

/** The laws of reading what PostgreSQL has and entities cannot say. */
export function readingLaws(stage: SchemaStage): void {
  const { schema, run } = stage;
  const inspect = () => schema.inspect(run);
  const change = (before: DatabaseModel, after: DatabaseModel) =>
    stage.apply({ changes: [], atStake: [], steps: schema.steps(diffDatabases(before, after)) });

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
}

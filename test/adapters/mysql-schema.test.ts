import { afterAll, describe, expect, it } from 'vitest';
import { mysql } from '../../src/dialect/mysql/index.ts';
import { diffDatabases } from '../../src/migration/diff/diff-databases.ts';
import type { DatabaseModel } from '../../src/schema/database-model.ts';
import { changeLaws } from '../conformance/schemas/change-laws.ts';
import { misfitLaws } from '../conformance/schemas/misfit-laws.ts';
import { MYSQL_CHANGES } from '../conformance/schemas/mysql-changes.ts';
import { MYSQL_MISFITS } from '../conformance/schemas/mysql-misfits.ts';
import { COLUMNS_AS_READ, FIRST_AS_READ, OTHER_OBJECTS, RICH_TABLES } from '../conformance/schemas/mysql-rich.ts';
import { openMysqlStage } from '../conformance/schemas/mysql-stage.ts';
import { randomLaws } from '../conformance/schemas/random-laws.ts';
import { schemaLaws } from '../conformance/schemas/schema-laws.ts';
import { stakeLaws } from '../conformance/schemas/stake-laws.ts';
import { openTestServer } from './mysql2/server.ts';

const SAID_BY_SOMEBODY = [
  `ALTER TABLE parts COMMENT = 'spare', ROW_FORMAT = COMPACT`,
  `ALTER TABLE parts MODIFY price BIGINT COMMENT 'in cents'`,
  'CREATE INDEX parts_cheap ON parts (price DESC)',
  'ALTER TABLE parts ADD CONSTRAINT somebody CHECK (price < 1000)',
];

const server = await openTestServer();

describe.skipIf(server.missing !== undefined)(server.title('The schema of MySQL'), async () => {
  if (server.missing !== undefined) return;
  const opened = await server.open({ pool: { max: 1 } });
  afterAll(() => opened[Symbol.asyncDispose]());
  const stage = await openMysqlStage(opened.driver);
  const { schema, run } = stage;
  const inspect = () => schema.inspect(run);
  const change = (before: DatabaseModel, after: DatabaseModel) =>
    stage.apply({ changes: [], atStake: [], steps: schema.steps(diffDatabases(before, after)) });

  schemaLaws(async () => ({ ...stage, dialect: mysql }));
  randomLaws(stage, 100);
  changeLaws(stage, MYSQL_CHANGES);
  stakeLaws(stage, SAID_BY_SOMEBODY);
  misfitLaws(stage, MYSQL_MISFITS, 'CAST(v AS CHAR)');

  it('is read with all that is said of it, and made again from that', async () => {
    await stage.empty();
    const empty = await inspect();
    for (const sql of RICH_TABLES) await run(sql);
    const rich = await inspect();
    expect(rich.unmanaged).toEqual([]);
    const first = rich.tables.find(({ name }) => name.startsWith('select'));
    expect(first).toMatchObject(FIRST_AS_READ);
    for (const [name, ...said] of COLUMNS_AS_READ) {
      const column = first?.columns.find((other) => other.name === name);
      const { type, nullable, default: filled, collation, onUpdate } = column ?? {};
      expect([type, nullable, filled, collation, onUpdate], name).toEqual(said);
    }
    await change(rich, empty);
    expect(await inspect()).toEqual(empty);
    await change(empty, rich);
    expect(await inspect()).toEqual(rich);
    expect(await stage.scratch((inside) => schema.canonicalize(rich, inside))).toEqual(rich);
  });

  it('leaves alone, and names, what is no table', async () => {
    await stage.empty();
    for (const sql of OTHER_OBJECTS) await run(sql);
    const { tables, unmanaged } = await inspect();
    expect(tables.map(({ name }) => name)).toEqual(['feelings']);
    expect(unmanaged).toEqual([
      { kind: 'partitioned table', name: 'parted', sql: null },
      { kind: 'view', name: 'seen', sql: null },
    ]);
  });
});

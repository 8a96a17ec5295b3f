import { afterAll, describe } from 'vitest';
import { postgres } from '../../src/dialect/postgres/index.ts';
import { changeLaws } from '../conformance/schemas/change-laws.ts';
import { misfitLaws } from '../conformance/schemas/misfit-laws.ts';
import { POSTGRES_CHANGES } from '../conformance/schemas/postgres-changes.ts';
import { POSTGRES_MISFITS } from '../conformance/schemas/postgres-misfits.ts';
import { readingLaws } from '../conformance/schemas/postgres-reading.ts';
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

  schemaLaws(async () => ({ ...stage, dialect: postgres }));
  randomLaws(stage, 100);
  changeLaws(stage, POSTGRES_CHANGES);
  misfitLaws(stage, POSTGRES_MISFITS, 'v::text');
  readingLaws(stage);
});

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
import { stakeLaws } from '../conformance/schemas/stake-laws.ts';
import { openTestServer } from './pg/server.ts';

const SAID_BY_SOMEBODY = [
  `COMMENT ON TABLE parts IS 'spare'`,
  `COMMENT ON COLUMN parts.price IS 'in cents'`,
  'CREATE INDEX parts_cheap ON parts (price DESC) WHERE price < 10',
  'ALTER TABLE parts ADD CONSTRAINT somebody CHECK (price < 1000)',
  'ALTER TABLE parts SET (fillfactor = 70)',
];

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
  stakeLaws(stage, SAID_BY_SOMEBODY);
});

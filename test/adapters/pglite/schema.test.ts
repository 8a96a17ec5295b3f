import { PGlite } from '@electric-sql/pglite';
import { afterAll, describe } from 'vitest';
import { pglite } from '../../../adapters/pglite/index.ts';
import { postgres } from '../../../src/dialect/postgres/index.ts';
import { changeLaws } from '../../conformance/schemas/change-laws.ts';
import { POSTGRES_CHANGES } from '../../conformance/schemas/postgres-changes.ts';
import { readingLaws } from '../../conformance/schemas/postgres-reading.ts';
import { openPostgresStage } from '../../conformance/schemas/postgres-stage.ts';
import { schemaLaws } from '../../conformance/schemas/schema-laws.ts';

// Another version of PostgreSQL than the server's, with newer catalogs, and a schema whose name has to be quoted.
describe('The schema of PostgreSQL in PGlite', async () => {
  const database = await PGlite.create();
  afterAll(() => database.close());
  await database.exec('CREATE SCHEMA "My Schema"; SET search_path TO "My Schema"');
  const stage = await openPostgresStage(pglite(database));

  schemaLaws(async () => ({ ...stage, dialect: postgres }));
  changeLaws(stage, POSTGRES_CHANGES);
  readingLaws(stage);
});

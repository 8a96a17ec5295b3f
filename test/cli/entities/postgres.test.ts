import { afterAll, describe } from 'vitest';
import { openTestServer } from '../../adapters/pg/server.ts';
import { entityLaws } from './entity-laws.ts';
import { expectPostgresDraft, POSTGRES_SAMPLES, POSTGRES_TABLES } from './postgres-tables.ts';

const server = await openTestServer();
afterAll(() => server.drop());

describe.skipIf(server.missing !== undefined)(server.title('PostgreSQL'), () => {
  entityLaws({
    name: 'PostgreSQL',
    samples: POSTGRES_SAMPLES,
    expectDraft: expectPostgresDraft,
    async open() {
      const driver = await server.driver();
      const connection = await driver.connect();
      for (const sql of POSTGRES_TABLES) await connection.execute({ sql, params: [] });
      connection.release();
      return driver;
    },
  });
});

import { describe } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { openTestServer } from '../../adapters/mysql2/server.ts';
import { entityLaws } from './entity-laws.ts';
import { expectMysqlDraft, MYSQL_SAMPLES, MYSQL_TABLES } from './mysql-tables.ts';

const server = await openTestServer();

describe.skipIf(server.missing !== undefined)(server.title('MySQL'), () => {
  entityLaws({
    name: 'MySQL',
    samples: MYSQL_SAMPLES,
    expectDraft: expectMysqlDraft,
    async open() {
      const { url } = server.database();
      const name = new URL(url).pathname.slice(1);
      const driver = mysql2({ url });
      const connection = await driver.connect();
      for (const sql of [`DROP DATABASE ${name}`, `CREATE DATABASE ${name}`, `USE ${name}`]) {
        await connection.execute({ sql, params: [] });
      }
      for (const sql of MYSQL_TABLES) await connection.execute({ sql, params: [] });
      connection.release();
      return driver;
    },
  });
});

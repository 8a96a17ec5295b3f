import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pg } from '../../adapters/pg/index.ts';
import { sqljs } from '../../adapters/sqljs/index.ts';
import type { Subject } from '../conformance/subject.ts';
import { valueSuite } from '../conformance/value-suite.ts';
import { engineTitle, findEngine } from '../support/engines/find-engine.ts';
import { refusedByPostgres } from '../support/postgres-values.ts';
import { mysql2Subject } from './mysql2/mysql2-subject.ts';
import { openDatabase } from './open-database.ts';
import { openTestServer } from './pg/server.ts';

/**
 * Where local time differs most: behind UTC with summer time, a zone of quarters of an hour, and one that skipped a day
 * (Apia had no 2011-12-30). With the instant whose local clock shows it.
 */
const ZONES = {
  UTC: '2011-12-31T12:00:00Z',
  'America/New_York': '2011-12-31T07:00:00-05:00',
  'Asia/Kathmandu': '2011-12-31T17:45:00+05:45',
  'Pacific/Apia': '2012-01-01T02:00:00+14:00',
};

const mysql = await findEngine('mysql');
const server = await openTestServer();
afterAll(() => server.drop());

const embedded: Subject = {
  // As in the support matrix.
  name: 'sqljs in memory',
  capabilities: sqljs().capabilities,
  async open(entities) {
    return openDatabase(sqljs(), entities);
  },
  knownFailures: {},
};

const onPostgres: Subject = {
  name: 'pg',
  capabilities: pg().capabilities,
  async open(entities) {
    return openDatabase(await server.driver(), entities);
  },
  refuses: refusedByPostgres,
  knownFailures: {},
};

// The zone of a process may change while it runs: Node tells V8 and ICU when it is set in process.env.
describe.each(Object.entries(ZONES))('where the time zone is %s', (zone, local) => {
  const before = process.env.TZ;
  beforeAll(() => {
    process.env.TZ = zone;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it('is the zone of this process', () => {
    const noon = new Date('2011-12-31T12:00:00Z');
    expect(noon.getHours()).toBe(Number(local.slice(11, 13)));
    expect(noon.getDate()).toBe(Number(local.slice(8, 10)));
    expect(noon.getMinutes()).toBe(Number(local.slice(14, 16)));
  });

  valueSuite(embedded);
  describe.skipIf(server.missing !== undefined)(server.title('a PostgreSQL server'), () => valueSuite(onPostgres));
  describe.skipIf(mysql.missing !== undefined)(engineTitle('mysql2', mysql), () => valueSuite(mysql2Subject(mysql)));
});

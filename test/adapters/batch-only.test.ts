import { afterAll, describe } from 'vitest';
import { pg } from '../../adapters/pg/index.ts';
import { sqljs } from '../../adapters/sqljs/index.ts';
import { createPersistence, type Driver } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { batchSuite } from '../conformance/batch-suite.ts';
import { collectionSuite } from '../conformance/collection-suite.ts';
import { constraintSuite } from '../conformance/constraint-suite.ts';
import { postgresTells, sqliteTells } from '../conformance/constraints/told.ts';
import { flushSuite } from '../conformance/flush-suite.ts';
import { keySuite } from '../conformance/key-suite.ts';
import { lifecycleSuite } from '../conformance/lifecycle-suite.ts';
import { lockSuite } from '../conformance/lock-suite.ts';
import { migrationSuite } from '../conformance/migration-suite.ts';
import { querySuite } from '../conformance/query-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import { rowLockSuite } from '../conformance/row-lock-suite.ts';
import type { Subject } from '../conformance/subject.ts';
import { valueSuite } from '../conformance/value-suite.ts';
import { batchOnly, batchOnlyCapabilities } from '../support/batch-only.ts';
import { refusedByPostgres } from '../support/postgres-values.ts';
import { openTestServer } from './pg/server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

const requests = { count: 0 };

const subjectOf = (name: string, driver: () => Driver | Promise<Driver>, more: Partial<Subject>): Subject => ({
  name,
  capabilities: batchOnlyCapabilities(sqljs().capabilities),
  async open(entities, wrap = (inner) => inner) {
    const db = await createPersistence({ driver: wrap(batchOnly(await driver(), requests)), entities });
    await createSchema(db);
    return db;
  },
  knownFailures: {},
  ...more,
});

const sqlite = subjectOf('SQLite in batches', () => sqljs(), {});
const postgres = subjectOf('PostgreSQL in batches', () => server.driver(), {
  capabilities: batchOnlyCapabilities(pg().capabilities),
  refuses: refusedByPostgres,
});

function suites(subject: Subject): void {
  valueSuite(subject);
  querySuite(subject);
  attackSuite(subject);
  relationSuite(subject);
  collectionSuite(subject);
  flushSuite(subject);
  keySuite(subject);
  lifecycleSuite(subject);
  lockSuite(subject);
  migrationSuite(subject);
  rowLockSuite(subject, 'none');
  batchSuite(subject, () => requests.count);
}

suites(sqlite);
constraintSuite(sqlite, sqliteTells);
describe.skipIf(server.missing !== undefined)(server.title('batches of PostgreSQL'), () => {
  suites(postgres);
  constraintSuite(postgres, postgresTells);
});

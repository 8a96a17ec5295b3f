import { afterAll, describe } from 'vitest';
import { pg } from '../../adapters/pg/index.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { collectionSuite } from '../conformance/collection-suite.ts';
import { constraintSuite } from '../conformance/constraint-suite.ts';
import { postgresTells } from '../conformance/constraints/told.ts';
import { driverSuite } from '../conformance/driver-suite.ts';
import { eventSuite } from '../conformance/event-suite.ts';
import { faultSuite } from '../conformance/fault-suite.ts';
import { flushSuite } from '../conformance/flush-suite.ts';
import { graphSuite } from '../conformance/graph-suite.ts';
import { postgresLevels } from '../conformance/isolation/levels.ts';
import { isolationSuite } from '../conformance/isolation-suite.ts';
import { keySuite } from '../conformance/key-suite.ts';
import { lifecycleSuite } from '../conformance/lifecycle-suite.ts';
import { lockSuite } from '../conformance/lock-suite.ts';
import { migrationSuite } from '../conformance/migration-suite.ts';
import { querySuite } from '../conformance/query-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import { rowLockSuite } from '../conformance/row-lock-suite.ts';
import type { Subject } from '../conformance/subject.ts';
import { transactionSuite } from '../conformance/transaction-suite.ts';
import { valueSuite } from '../conformance/value-suite.ts';
import { refusedByPostgres } from '../support/postgres-values.ts';
import { openDatabase } from './open-database.ts';
import { openTestServer } from './pg/server.ts';

const server = await openTestServer();
afterAll(() => server.drop());

const subject: Subject = {
  name: 'pg',
  capabilities: pg().capabilities,
  async open(entities, wrap = (driver) => driver) {
    return openDatabase(wrap(await server.driver()), entities);
  },
  refuses: refusedByPostgres,
  knownFailures: {},
};

describe.skipIf(server.missing !== undefined)(server.title('a PostgreSQL server'), () => {
  driverSuite(subject);
  valueSuite(subject);
  querySuite(subject);
  attackSuite(subject);
  relationSuite(subject);
  collectionSuite(subject);
  flushSuite(subject);
  keySuite(subject);
  lifecycleSuite(subject);
  lockSuite(subject);
  rowLockSuite(subject, () => server.sessions());
  faultSuite(subject);
  transactionSuite(subject);
  isolationSuite(subject, postgresLevels, () => server.sessions());
  constraintSuite(subject, postgresTells);
  eventSuite(subject);
  graphSuite(subject);
  migrationSuite(subject);
});

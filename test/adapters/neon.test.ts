import { afterAll, describe } from 'vitest';
import { neonPool } from '../../adapters/neon/index.ts';
import { createPersistence } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
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
import { querySuite } from '../conformance/query-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import { rowLockSuite } from '../conformance/row-lock-suite.ts';
import type { Subject } from '../conformance/subject.ts';
import { transactionSuite } from '../conformance/transaction-suite.ts';
import { valueSuite } from '../conformance/value-suite.ts';
import { refusedByPostgres } from '../support/postgres-values.ts';
import { openTestGateway } from './neon/gateway.ts';

const test = await openTestGateway();
afterAll(() => test.drop());

const pool: Subject = {
  name: 'neon over WebSockets',
  capabilities: neonPool('postgres://a:b@c/d').capabilities,
  async open(entities, wrap = (driver) => driver) {
    const db = await createPersistence({ driver: wrap(neonPool(await test.poolUrl())), entities });
    await createSchema(db);
    return db;
  },
  refuses: refusedByPostgres,
  knownFailures: {},
};

describe.skipIf(test.missing !== undefined)(test.title('Neon over WebSockets'), () => {
  driverSuite(pool);
  valueSuite(pool);
  querySuite(pool);
  attackSuite(pool);
  relationSuite(pool);
  collectionSuite(pool);
  flushSuite(pool);
  keySuite(pool);
  lifecycleSuite(pool);
  lockSuite(pool);
  rowLockSuite(pool, () => test.sessions());
  faultSuite(pool);
  transactionSuite(pool);
  isolationSuite(pool, postgresLevels, () => test.sessions());
  constraintSuite(pool, postgresTells);
  eventSuite(pool);
  graphSuite(pool);
});

import { afterAll, describe, vi } from 'vitest';
import { httpCapabilities } from '../../adapters/neon/capabilities.ts';
import { neonFetch } from '../../adapters/neon/fetch.ts';
import { neonPool } from '../../adapters/neon/index.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { batchSuite } from '../conformance/batch-suite.ts';
import { collectionSuite } from '../conformance/collection-suite.ts';
import { constraintSuite } from '../conformance/constraint-suite.ts';
import { postgresTells } from '../conformance/constraints/told.ts';
import { driverSuite } from '../conformance/driver-suite.ts';
import { eventSuite } from '../conformance/event-suite.ts';
import { faultSuite } from '../conformance/fault-suite.ts';
import { flushSuite } from '../conformance/flush-suite.ts';
import { graphSuite } from '../conformance/graph-suite.ts';
import { postgresLevels, queuedLevels } from '../conformance/isolation/levels.ts';
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
import { openTestGateway } from './neon/gateway.ts';
import { openDatabase } from './open-database.ts';

const test = await openTestGateway();
afterAll(() => test.drop());
// Every statement over HTTP is a request, and laws that go on and on send thousands.
vi.setConfig({ testTimeout: 240_000 });

const pool: Subject = {
  name: 'neon over WebSockets',
  capabilities: neonPool('postgres://a:b@c/d').capabilities,
  async open(entities, wrap = (driver) => driver) {
    return openDatabase(wrap(neonPool(await test.poolUrl())), entities);
  },
  refuses: refusedByPostgres,
  knownFailures: {},
};

const FLUSHES_WITHIN = 'it flushes in the middle of a transaction, and what one writes is a batch at its end';

const http: Subject = {
  name: 'neon over HTTP',
  capabilities: httpCapabilities,
  async open(entities, wrap = (driver) => driver) {
    const { url, drop } = await test.ownUrl();
    const driver = neonFetch({ url, endpoint: `${test.gateway().origin}/sql` });
    return openDatabase(wrap(driver), entities, drop);
  },
  refuses: refusedByPostgres,
  rounds: 1000,
  knownFailures: {
    events: { 'a transaction is one change when it commits, and none when it does not': FLUSHES_WITHIN },
    'random graphs': {
      'a link that was taken away before anybody saw it can be added after a rollback': FLUSHES_WITHIN,
      'an orphan whose removal was rolled back can come to another owner, or be taken back': FLUSHES_WITHIN,
      'what is deleted is shown in no relation any more, and again after a rollback': FLUSHES_WITHIN,
      'a new entity that was refreshed in a transaction that rolled back has its collections': FLUSHES_WITHIN,
      'random edits leave rows, memory and a trivial reference the same': FLUSHES_WITHIN,
    },
  },
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
  migrationSuite(pool);
});

describe.skipIf(test.missing !== undefined)(test.title('Neon over HTTP'), () => {
  driverSuite(http);
  valueSuite(http);
  querySuite(http);
  attackSuite(http);
  relationSuite(http);
  collectionSuite(http);
  flushSuite(http);
  keySuite(http);
  lifecycleSuite(http);
  lockSuite(http);
  rowLockSuite(http, 'none');
  faultSuite(http);
  transactionSuite(http);
  isolationSuite(http, queuedLevels(http.capabilities.isolationLevels), async () => 'one after the other');
  constraintSuite(http, postgresTells);
  eventSuite(http);
  graphSuite(http);
  migrationSuite(http);
  batchSuite(http, () => test.gateway().requests.length);
});

import 'fake-indexeddb/auto';
import { indexedDb, type SqljsOptions, sqljs } from '../../adapters/sqljs/index.ts';
import { createPersistence } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { collectionSuite } from '../conformance/collection-suite.ts';
import { constraintSuite } from '../conformance/constraint-suite.ts';
import { sqliteTells } from '../conformance/constraints/told.ts';
import { driverSuite } from '../conformance/driver-suite.ts';
import { eventSuite } from '../conformance/event-suite.ts';
import { faultSuite } from '../conformance/fault-suite.ts';
import { flushSuite } from '../conformance/flush-suite.ts';
import { graphSuite } from '../conformance/graph-suite.ts';
import { queuedLevels } from '../conformance/isolation/levels.ts';
import { isolationSuite } from '../conformance/isolation-suite.ts';
import { keySuite } from '../conformance/key-suite.ts';
import { lifecycleSuite } from '../conformance/lifecycle-suite.ts';
import { lockSuite } from '../conformance/lock-suite.ts';
import { migrationSuite } from '../conformance/migration-suite.ts';
import { querySuite } from '../conformance/query-suite.ts';
import { rebuildSuite } from '../conformance/rebuild-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import { rowLockSuite } from '../conformance/row-lock-suite.ts';
import type { Subject } from '../conformance/subject.ts';
import { transactionSuite } from '../conformance/transaction-suite.ts';
import { valueSuite } from '../conformance/value-suite.ts';

function subject(name: string, options: () => SqljsOptions): Subject {
  return {
    name: `sqljs ${name}`,
    capabilities: sqljs().capabilities,
    async open(entities, wrap = (driver) => driver) {
      const db = await createPersistence({ driver: wrap(sqljs(options())), entities });
      await createSchema(db);
      return db;
    },
    knownFailures: {},
  };
}

let opened = 0;
const inMemory = subject('in memory', () => ({}));
// Here every write is a promise, which in memory none is.
const inIndexedDb = subject('over fake-indexeddb', () => {
  opened += 1;
  return { storage: indexedDb(`conformance ${opened}`), tabs: 'none' };
});

for (const each of [inMemory, inIndexedDb]) {
  driverSuite(each);
  valueSuite(each);
  querySuite(each);
  attackSuite(each);
  relationSuite(each);
  collectionSuite(each);
  flushSuite(each);
  keySuite(each);
  lifecycleSuite(each);
  lockSuite(each);
  rowLockSuite(each, 'none');
  faultSuite(each);
  transactionSuite(each);
  isolationSuite(each, queuedLevels(each.capabilities.isolationLevels), async () => 'one after the other');
  constraintSuite(each, sqliteTells);
  eventSuite(each);
  graphSuite(each);
  migrationSuite(each);
  rebuildSuite(each);
}

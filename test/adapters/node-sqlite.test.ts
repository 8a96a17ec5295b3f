import { nodeSqlite } from '../../adapters/node-sqlite/index.ts';
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
import { lockSuite } from '../conformance/lock-suite.ts';
import { querySuite } from '../conformance/query-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import { transactionSuite } from '../conformance/transaction-suite.ts';
import { valueSuite } from '../conformance/value-suite.ts';
import { nativeSubjects } from './native-sqlite/database-files.ts';

for (const each of nativeSubjects('node-sqlite', (path) => nodeSqlite({ path }))) {
  driverSuite(each);
  valueSuite(each);
  querySuite(each);
  attackSuite(each);
  relationSuite(each);
  collectionSuite(each);
  flushSuite(each);
  keySuite(each);
  lockSuite(each);
  faultSuite(each);
  transactionSuite(each);
  isolationSuite(each, queuedLevels(each.capabilities.isolationLevels), async () => 'one after the other');
  constraintSuite(each, sqliteTells);
  eventSuite(each);
  graphSuite(each);
}

import { attackSuite } from '../../../conformance/attack-suite.ts';
import { batchSuite, type CountRequests } from '../../../conformance/batch-suite.ts';
import { collectionSuite } from '../../../conformance/collection-suite.ts';
import { constraintSuite } from '../../../conformance/constraint-suite.ts';
import type { TellsDifferently } from '../../../conformance/constraints/told.ts';
import { driverSuite } from '../../../conformance/driver-suite.ts';
import { eventSuite } from '../../../conformance/event-suite.ts';
import { faultSuite } from '../../../conformance/fault-suite.ts';
import { flushSuite } from '../../../conformance/flush-suite.ts';
import { graphSuite } from '../../../conformance/graph-suite.ts';
import { queuedLevels } from '../../../conformance/isolation/levels.ts';
import { isolationSuite } from '../../../conformance/isolation-suite.ts';
import { keySuite } from '../../../conformance/key-suite.ts';
import { lifecycleSuite } from '../../../conformance/lifecycle-suite.ts';
import { lockSuite } from '../../../conformance/lock-suite.ts';
import { migrationSuite } from '../../../conformance/migration-suite.ts';
import { querySuite } from '../../../conformance/query-suite.ts';
import { rebuildSuite } from '../../../conformance/rebuild-suite.ts';
import { relationSuite } from '../../../conformance/relation-suite.ts';
import { rowLockSuite } from '../../../conformance/row-lock-suite.ts';
import type { Subject } from '../../../conformance/subject.ts';
import { transactionSuite } from '../../../conformance/transaction-suite.ts';
import { valueSuite } from '../../../conformance/value-suite.ts';

/** Registers every law of every suite. */
export function registerSuites(subject: Subject, tells: TellsDifferently, requests: CountRequests): void {
  driverSuite(subject);
  valueSuite(subject);
  querySuite(subject);
  attackSuite(subject);
  relationSuite(subject);
  collectionSuite(subject);
  flushSuite(subject);
  graphSuite(subject);
  migrationSuite(subject);
  rebuildSuite(subject);
  keySuite(subject);
  lifecycleSuite(subject);
  lockSuite(subject);
  rowLockSuite(subject, 'none');
  faultSuite(subject);
  transactionSuite(subject);
  isolationSuite(subject, queuedLevels(subject.capabilities.isolationLevels), async () => 'one after the other');
  constraintSuite(subject, tells);
  eventSuite(subject);
  if (subject.capabilities.interactive === 'none') batchSuite(subject, requests);
}

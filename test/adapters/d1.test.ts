import { afterAll } from 'vitest';
import { d1Capabilities } from '../../adapters/d1/capabilities.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { batchSuite } from '../conformance/batch-suite.ts';
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
import { lawsInWorkerd } from '../runtime/workerd/workerd.ts';

const FLUSHES_WITHIN = 'it flushes in the middle of a transaction, and what one writes is a batch at its end';

const { elsewhere, stop } = await lawsInWorkerd('d1');
afterAll(stop);

const subject: Subject = {
  name: 'd1',
  capabilities: d1Capabilities,
  open: () => Promise.reject(new Error('the driver runs in workerd')),
  elsewhere,
  knownFailures: {
    queries: { 'an or of ten thousand alternatives works': 'the text of a statement has 100 KB at most' },
    events: {
      'a transaction is one change when it commits, and none when it does not': FLUSHES_WITHIN,
    },
    'random graphs': {
      'a link that was taken away before anybody saw it can be added after a rollback': FLUSHES_WITHIN,
      'an orphan whose removal was rolled back can come to another owner, or be taken back': FLUSHES_WITHIN,
      'what is deleted is shown in no relation any more, and again after a rollback': FLUSHES_WITHIN,
      'a new entity that was refreshed in a transaction that rolled back has its collections': FLUSHES_WITHIN,
      'random edits leave rows, memory and a trivial reference the same': FLUSHES_WITHIN,
    },
  },
};

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
constraintSuite(subject, sqliteTells);
eventSuite(subject);
batchSuite(subject, () => 0);

import { afterAll } from 'vitest';
import { durableObjectCapabilities } from '../../adapters/durable-object/capabilities.ts';
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
import { lawsInWorkerd } from '../runtime/workerd/workerd.ts';

const LONG_TEXT = 'the text of a statement has 100 KB at most';
const FEW_PARAMETERS = 'a statement takes 100 parameters, so that there are more statements';
const NOBODY_OUTSIDE = 'as long as a transaction is open, the object gets no event that is not about it';

const { elsewhere, stop } = await lawsInWorkerd('durable-object');
afterAll(stop);

const subject: Subject = {
  name: 'durable-object',
  capabilities: durableObjectCapabilities,
  open: () => Promise.reject(new Error('the driver runs in workerd')),
  elsewhere,
  knownFailures: {
    queries: { 'an or of ten thousand alternatives works': LONG_TEXT },
    flush: {
      'rows that refer to each other in one table are written together, however deep they go': FEW_PARAMETERS,
      'three hundred rows with the same changed columns are one statement': FEW_PARAMETERS,
      'unique values go round over many rows': FEW_PARAMETERS,
      'unique values of a hundred rows move up by one, in few statements': FEW_PARAMETERS,
    },
    'failing flushes': {
      'a savepoint that cannot be rolled back takes its whole transaction with it, also where the error is caught':
        'the storage goes back by itself, so that no statement of it can fail',
    },
    transactions: { 'savepoints of every depth end with the transaction around them': NOBODY_OUTSIDE },
    isolation: {
      'default: exactly the anomalies that are written down': NOBODY_OUTSIDE,
      'default: a versioned entity loses no update': NOBODY_OUTSIDE,
      'serializable: exactly the anomalies that are written down': NOBODY_OUTSIDE,
      'serializable: a versioned entity loses no update': NOBODY_OUTSIDE,
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

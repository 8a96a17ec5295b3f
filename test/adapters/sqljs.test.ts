import { sqljs } from '../../adapters/sqljs/index.ts';
import { createPersistence } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { collectionSuite } from '../conformance/collection-suite.ts';
import { driverSuite } from '../conformance/driver-suite.ts';
import { eventSuite } from '../conformance/event-suite.ts';
import { faultSuite } from '../conformance/fault-suite.ts';
import { flushSuite } from '../conformance/flush-suite.ts';
import { keySuite } from '../conformance/key-suite.ts';
import { lockSuite } from '../conformance/lock-suite.ts';
import { querySuite } from '../conformance/query-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import type { Subject } from '../conformance/subject.ts';
import { transactionSuite } from '../conformance/transaction-suite.ts';
import { valueSuite } from '../conformance/value-suite.ts';

const memory: Subject = {
  name: 'sqljs in memory',
  capabilities: sqljs().capabilities,
  async open(entities, wrap = (driver) => driver) {
    const db = await createPersistence({ driver: wrap(sqljs()), entities });
    await createSchema(db);
    return db;
  },
  knownFailures: {},
};

driverSuite(memory);
valueSuite(memory);
querySuite(memory);
attackSuite(memory);
relationSuite(memory);
collectionSuite(memory);
flushSuite(memory);
keySuite(memory);
lockSuite(memory);
faultSuite(memory);
transactionSuite(memory);
eventSuite(memory);

import { PGlite } from '@electric-sql/pglite';
import { afterAll } from 'vitest';
import { pglite } from '../../adapters/pglite/index.ts';
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
import { queuedLevels } from '../conformance/isolation/levels.ts';
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

// Opening a database takes seconds, so all laws share one, and each has a schema of its own in it.
const database = await PGlite.create();
afterAll(() => database.close());
let schemas = 0;

const subject: Subject = {
  name: 'pglite',
  capabilities: pglite().capabilities,
  async open(entities, wrap = (driver) => driver) {
    schemas += 1;
    await database.exec(`CREATE SCHEMA law_${schemas}; SET search_path TO law_${schemas}`);
    const db = await createPersistence({ driver: wrap(pglite(database)), entities });
    await createSchema(db);
    return db;
  },
  refuses: refusedByPostgres,
  knownFailures: {},
};

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
rowLockSuite(subject, 'alone');
faultSuite(subject);
transactionSuite(subject);
isolationSuite(subject, queuedLevels(subject.capabilities.isolationLevels), async () => 'one after the other');
constraintSuite(subject, postgresTells);
eventSuite(subject);
graphSuite(subject);
migrationSuite(subject);

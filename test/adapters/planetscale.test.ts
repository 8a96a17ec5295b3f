import { afterAll, describe, vi } from 'vitest';
import { planetscaleCapabilities } from '../../adapters/planetscale/capabilities.ts';
import { attackSuite } from '../conformance/attack-suite.ts';
import { collectionSuite } from '../conformance/collection-suite.ts';
import { constraintSuite } from '../conformance/constraint-suite.ts';
import { mysqlTells } from '../conformance/constraints/told.ts';
import { driverSuite } from '../conformance/driver-suite.ts';
import { eventSuite } from '../conformance/event-suite.ts';
import { faultSuite } from '../conformance/fault-suite.ts';
import { flushSuite } from '../conformance/flush-suite.ts';
import { graphSuite } from '../conformance/graph-suite.ts';
import { innodbLevels } from '../conformance/isolation/levels.ts';
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
import { refusedByMysql } from '../support/mysql-values.ts';
import { openDatabase } from './open-database.ts';
import { openTestGateway } from './planetscale/gateway.ts';

const test = await openTestGateway();
afterAll(() => test.drop());
// Every statement is a request, and laws that make each of a flush's statements fail in turn send thousands.
vi.setConfig({ testTimeout: 240_000 });

const subject: Subject = {
  name: 'planetscale',
  capabilities: planetscaleCapabilities,
  async open(entities, wrap = (driver) => driver) {
    const { driver, drop } = await test.database();
    return openDatabase(wrap(driver), entities, drop);
  },
  refuses: refusedByMysql,
  longestKey: 255,
  rounds: 1000,
  knownFailures: {},
};

describe.skipIf(test.missing !== undefined)(test.title('PlanetScale over HTTP'), () => {
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
  rowLockSuite(subject, () => test.sessions());
  faultSuite(subject);
  transactionSuite(subject);
  isolationSuite(subject, innodbLevels({ snapshotIsolation: test.snapshotIsolation }), () => test.sessions());
  constraintSuite(subject, mysqlTells);
  eventSuite(subject);
  graphSuite(subject);
  migrationSuite(subject);
});

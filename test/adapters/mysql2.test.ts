import { afterAll, describe } from 'vitest';
import { mysql2 } from '../../adapters/mysql2/index.ts';
import { createPersistence } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
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
import { querySuite } from '../conformance/query-suite.ts';
import { relationSuite } from '../conformance/relation-suite.ts';
import { rowLockSuite } from '../conformance/row-lock-suite.ts';
import type { Subject } from '../conformance/subject.ts';
import { transactionSuite } from '../conformance/transaction-suite.ts';
import { valueSuite } from '../conformance/value-suite.ts';
import { engineTitle, findEngine } from '../support/engines/find-engine.ts';
import { createScratchDatabase } from '../support/engines/scratch-database.ts';
import { refusesChangedRows, watchSessions } from '../support/engines/server-sessions.ts';

const engine = await findEngine('mysql');
const sessions = engine.missing === undefined ? await watchSessions('mysql', engine.url) : undefined;
const snapshotIsolation = sessions !== undefined && (await refusesChangedRows(sessions));
afterAll(() => sessions?.close());

const subject: Subject = {
  name: 'mysql2',
  capabilities: mysql2().capabilities,
  async open(entities, wrap = (driver) => driver) {
    const database = await createScratchDatabase('mysql', engine);
    const db = await createPersistence({ driver: wrap(mysql2(database.url)), entities });
    const close = db.close.bind(db);
    db.close = async () => {
      await close();
      await database.drop();
    };
    await createSchema(db);
    return db;
  },
  // Instants of the years 1 to 9999.
  refuses: (_type, value) => value instanceof Date && !/^\d{4}-/.test(value.toISOString().replace(/^0000/, '')),
  longestKey: 255,
  knownFailures: {},
};

describe.skipIf(engine.missing !== undefined)(engineTitle('mysql2', engine), () => {
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
  rowLockSuite(subject, async () => sessions ?? 'one after the other');
  faultSuite(subject);
  transactionSuite(subject);
  isolationSuite(subject, innodbLevels({ snapshotIsolation }), async () => sessions ?? 'one after the other');
  constraintSuite(subject, mysqlTells);
  eventSuite(subject);
  graphSuite(subject);
});

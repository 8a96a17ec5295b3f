import { afterAll, describe } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { attackSuite } from '../../conformance/attack-suite.ts';
import { batchSuite } from '../../conformance/batch-suite.ts';
import { collectionSuite } from '../../conformance/collection-suite.ts';
import { constraintSuite } from '../../conformance/constraint-suite.ts';
import { mysqlTells } from '../../conformance/constraints/told.ts';
import { driverSuite } from '../../conformance/driver-suite.ts';
import { eventSuite } from '../../conformance/event-suite.ts';
import { faultSuite } from '../../conformance/fault-suite.ts';
import { flushSuite } from '../../conformance/flush-suite.ts';
import { graphSuite } from '../../conformance/graph-suite.ts';
import { keySuite } from '../../conformance/key-suite.ts';
import { lifecycleSuite } from '../../conformance/lifecycle-suite.ts';
import { lockSuite } from '../../conformance/lock-suite.ts';
import { querySuite } from '../../conformance/query-suite.ts';
import { relationSuite } from '../../conformance/relation-suite.ts';
import { transactionSuite } from '../../conformance/transaction-suite.ts';
import { valueSuite } from '../../conformance/value-suite.ts';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { countCommands } from '../../support/servers/count-commands.ts';
import { startTcpProxy } from '../../support/servers/tcp-proxy.ts';
import { mysql2Subject } from './mysql2-subject.ts';

const engine = await findEngine('mysql');
const commands = countCommands();
const proxy =
  engine.missing === undefined ? await startTcpProxy(Number(new URL(engine.url).port), commands.watch) : undefined;
afterAll(() => proxy?.close());

// Every request goes through the proxy, which counts them as the server sees them.
const subject = mysql2Subject(engine, 'mysql2 with a pipeline', (url) => {
  const through = new URL(url);
  if (proxy !== undefined) through.port = String(proxy.port);
  return mysql2({ url: through.href, pipeline: true });
});

describe.skipIf(engine.missing !== undefined)(engineTitle('a pipeline to MySQL', engine), () => {
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
  faultSuite(subject);
  transactionSuite(subject);
  constraintSuite(subject, mysqlTells);
  eventSuite(subject);
  graphSuite(subject);
  batchSuite(subject, () => commands.count);
});

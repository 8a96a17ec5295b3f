import { afterAll, describe } from 'vitest';
import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { createPersistence } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { innodbLevels } from '../../conformance/isolation/levels.ts';
import { isolationSuite } from '../../conformance/isolation-suite.ts';
import type { Subject } from '../../conformance/subject.ts';
import { engineTitle, findServerBinaries, startPrivateServer } from '../../support/engines/find-engine.ts';
import { refusesChangedRows, watchSessions } from '../../support/engines/server-sessions.ts';

const binaries = await findServerBinaries('mysql');
// `loose`, because MySQL does not know it.
const settings = { 'loose-innodb-snapshot-isolation': 'ON' };
const server = binaries.missing === undefined ? await startPrivateServer('mysql', binaries, settings) : undefined;
const sessions = server === undefined ? undefined : await watchSessions('mysql', server.url);
const isRefused = sessions !== undefined && (await refusesChangedRows(sessions));
const missing = isRefused ? undefined : (binaries.missing ?? 'this server has no innodb_snapshot_isolation');
afterAll(async () => {
  await sessions?.close();
  await server?.close();
});
let made = 0;

/** A server that refuses writes to rows that changed since the snapshot, as MariaDB does by itself from 11.6 on. */
const subject: Subject = {
  name: 'mysql2',
  capabilities: mysql2().capabilities,
  async open(entities) {
    made += 1;
    const url = new URL(server?.url ?? '');
    url.pathname = `/snapshot_${made}`;
    await sessions?.query(`CREATE DATABASE snapshot_${made}`);
    const db = await createPersistence({ driver: mysql2(url.href), entities });
    await createSchema(db);
    return db;
  },
  knownFailures: {},
};

describe.skipIf(missing !== undefined)(engineTitle('with innodb_snapshot_isolation', { missing }), () => {
  isolationSuite(subject, innodbLevels({ snapshotIsolation: true }), async () => sessions ?? 'one after the other');
});

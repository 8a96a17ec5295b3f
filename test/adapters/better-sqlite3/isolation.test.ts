import { betterSqlite3 } from '../../../adapters/better-sqlite3/index.ts';
import { createPersistence } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { cells } from '../../conformance/isolation/cells.ts';
import { queuedLevels } from '../../conformance/isolation/levels.ts';
import { isolationSuite } from '../../conformance/isolation-suite.ts';
import type { Subject } from '../../conformance/subject.ts';
import { databaseFiles } from '../native-sqlite/database-files.ts';

const newFile = databaseFiles();
let path = newFile();
// Somebody who waited for a lock of the same thread would wait in vain.
const open = () => createPersistence({ driver: betterSqlite3({ path, lockTimeout: 0 }), entities: cells });

/** Connections of their own to one file, as several processes have them. */
const subject: Subject = {
  name: 'better-sqlite3 on a file',
  capabilities: betterSqlite3({ path: ':memory:' }).capabilities,
  async open() {
    path = newFile();
    const db = await open();
    await createSchema(db);
    return db;
  },
  knownFailures: {},
};

isolationSuite(subject, queuedLevels(subject.capabilities.isolationLevels), async () => ({ open }));

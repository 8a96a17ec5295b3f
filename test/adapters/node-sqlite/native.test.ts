import { type NodeSqliteDatabase, nodeSqlite } from '../../../adapters/node-sqlite/index.ts';
import { loadNodeSqlite } from '../../../adapters/node-sqlite/load-node-sqlite.ts';
import { databaseFiles } from '../native-sqlite/database-files.ts';
import { fileTests, lockTests, optionTests } from '../native-sqlite/file-tests.ts';
import { killedTests } from '../native-sqlite/killed-tests.ts';
import type { NativeAdapter } from '../native-sqlite/native-driver.ts';
import { statementTests } from '../native-sqlite/statement-tests.ts';
import { valueTests } from '../native-sqlite/value-tests.ts';

const { DatabaseSync } = loadNodeSqlite();
const adapter: NativeAdapter = {
  name: 'node-sqlite',
  driver: (options) => nodeSqlite(options),
  openHandle: (path) => new DatabaseSync(path),
  handedIn: (database, options) => nodeSqlite({ ...options, database: database as NodeSqliteDatabase }),
};

const newFile = databaseFiles();
valueTests(adapter);
statementTests(adapter, newFile);
lockTests(adapter, newFile);
fileTests(adapter, newFile);
optionTests(adapter);
killedTests(
  adapter,
  newFile,
  `
import { nodeSqlite } from 'meshestra/node-sqlite';
const driver = nodeSqlite({ path: process.env.DATABASE });`,
);

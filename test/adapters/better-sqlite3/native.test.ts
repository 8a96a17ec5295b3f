import Database from 'better-sqlite3';
import { betterSqlite3 } from '../../../adapters/better-sqlite3/index.ts';
import { databaseFiles } from '../native-sqlite/database-files.ts';
import { fileTests, lockTests, optionTests } from '../native-sqlite/file-tests.ts';
import { killedTests } from '../native-sqlite/killed-tests.ts';
import type { NativeAdapter } from '../native-sqlite/native-driver.ts';
import { statementTests } from '../native-sqlite/statement-tests.ts';
import { valueTests } from '../native-sqlite/value-tests.ts';

const adapter: NativeAdapter = {
  name: 'better-sqlite3',
  driver: (options) => betterSqlite3(options),
  openHandle: (path) => new Database(path),
  handedIn: (database, options) => betterSqlite3({ ...options, database: database as Database.Database }),
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
import { createRequire } from 'node:module';
import { betterSqlite3 } from 'meshestra/better-sqlite3';
const Database = createRequire(import.meta.url)(process.env.MESHESTRA_BETTER_SQLITE3 ?? 'better-sqlite3');
const driver = betterSqlite3({ path: process.env.DATABASE, Database });`,
);

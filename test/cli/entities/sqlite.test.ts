import { betterSqlite3 } from '../../../adapters/better-sqlite3/index.ts';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import type { Driver } from '../../../src/index.ts';
import { entityLaws } from './entity-laws.ts';
import { expectSqliteDraft, SQLITE_SAMPLES, SQLITE_TABLES } from './sqlite-tables.ts';

async function filled(driver: Driver): Promise<Driver> {
  const connection = await driver.connect();
  for (const sql of SQLITE_TABLES) await connection.execute({ sql, params: [] });
  connection.release();
  return driver;
}

entityLaws({
  name: 'SQLite by better-sqlite3',
  open: () => filled(betterSqlite3({ path: ':memory:' })),
  samples: SQLITE_SAMPLES,
  expectDraft: expectSqliteDraft,
});
entityLaws({
  name: 'SQLite by sql.js',
  open: () => filled(sqljs()),
  samples: SQLITE_SAMPLES,
  expectDraft: expectSqliteDraft,
});

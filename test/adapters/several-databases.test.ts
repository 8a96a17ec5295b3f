import { describe } from 'vitest';
import { betterSqlite3 } from '../../adapters/better-sqlite3/index.ts';
import { mysql2 } from '../../adapters/mysql2/index.ts';
import { pg } from '../../adapters/pg/index.ts';
import { sqljs } from '../../adapters/sqljs/index.ts';
import { asWritten, createPersistence, type Driver, snakeCase } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import type { EngineName } from '../support/engines/engine-kind.ts';
import { engineTitle, findEngine } from '../support/engines/find-engine.ts';
import { createScratchDatabase } from '../support/engines/scratch-database.ts';
import { databasesSideBySide, type NamedDatabase, shouting } from '../support/servers/databases-side-by-side.ts';

const engines = { postgres: await findEngine('postgres'), mysql: await findEngine('mysql') } as const;

const database = (
  name: string,
  naming: NamedDatabase['naming'],
  driver: () => Driver | Promise<Driver>,
): NamedDatabase => ({
  name,
  naming,
  async open(entities) {
    const db = await createPersistence({ driver: await driver(), entities, naming });
    await createSchema(db);
    return db;
  },
});

/** A database of its own on a server; it goes with the run. */
const scratch = (engine: EngineName & keyof typeof engines, driver: (url: string) => Driver) => async () =>
  driver((await createScratchDatabase(engine, engines[engine])).url);

const inMemory = database('sqljs', snakeCase, sqljs);
const onPostgres = (naming: NamedDatabase['naming']) => database('pg', naming, scratch('postgres', pg));
const onMysql = (naming: NamedDatabase['naming']) => database('mysql2', naming, scratch('mysql', mysql2));

describe('the same classes in three SQLite databases', () => {
  databasesSideBySide([
    inMemory,
    database('sqljs', asWritten, sqljs),
    database('better-sqlite3', shouting, () => betterSqlite3({ path: ':memory:' })),
  ]);
});

describe.skipIf(engines.postgres.missing !== undefined)(
  engineTitle('the same classes in SQLite and PostgreSQL', engines.postgres),
  () => databasesSideBySide([inMemory, onPostgres(asWritten), onPostgres(shouting)]),
);

const missing = engines.postgres.missing ?? engines.mysql.missing;
describe.skipIf(missing !== undefined)(
  engineTitle('the same classes in SQLite, PostgreSQL and MySQL', { missing }),
  () => databasesSideBySide([inMemory, onPostgres(asWritten), onMysql(shouting)]),
);

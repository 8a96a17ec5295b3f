import { describe } from 'vitest';
import { sqljs } from '../../adapters/sqljs/index.ts';
import { asWritten, createPersistence, type Driver, snakeCase } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { databasesSideBySide, type NamedDatabase, shouting } from '../support/servers/databases-side-by-side.ts';

const database = (name: string, naming: NamedDatabase['naming'], driver: () => Driver): NamedDatabase => ({
  name,
  naming,
  async open(entities) {
    const db = await createPersistence({ driver: driver(), entities, naming });
    await createSchema(db);
    return db;
  },
});

const inMemory = database('sqljs', snakeCase, sqljs);

describe('the same classes in three SQLite databases', () => {
  databasesSideBySide([inMemory, database('sqljs', asWritten, sqljs), database('sqljs', shouting, sqljs)]);
});

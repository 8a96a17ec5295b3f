import { createPersistence, type Persistence } from 'meshestra';
import { createSchema } from 'meshestra/schema';
import { indexedDb, type SqljsDriver, sqljs } from 'meshestra/sqljs';
import { ENTITIES } from '../../entities.ts';

/** The open database of the app. */
export type Library = Persistence<SqljsDriver>;

/** The name of the stored database; one of it per browser profile and origin. */
const DATABASE_NAME = 'liner-notes';

/** Opens the stored library, which is empty the first time, and brings its tables into being. */
export async function openLibrary(): Promise<Library> {
  const db = await createPersistence({
    driver: sqljs({
      storage: indexedDb(DATABASE_NAME),
      wasm: new URL('sql-wasm.wasm', document.baseURI).href,
      worker: () => new Worker('database-worker.js', { type: 'module', name: 'library' }),
    }),
    entities: ENTITIES,
  });
  await createSchema(db);
  return db;
}

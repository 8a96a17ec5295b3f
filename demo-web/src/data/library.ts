import { createPersistence, type Persistence } from 'meshestra';
import { createMigrator, refuseNewer } from 'meshestra/migrations';
import { indexedDb, type SqljsDriver, sqljs } from 'meshestra/sqljs';
import { ENTITIES } from '../../entities.ts';
import { migrations } from '../../migrations/index.ts';

/** The open database of the app. */
export type Library = Persistence<SqljsDriver>;

/** The name of the stored database; one of it per browser profile and origin. */
const DATABASE_NAME = 'liner-notes';

/**
 * Opens the stored library, which is empty the first time, and brings its tables to where this version of the app wants them:
 * one tab migrates, the others wait. Throws `migration` (`newer`) where a newer version of the app was here already.
 */
export async function openLibrary(): Promise<Library> {
  const db = await createPersistence({
    // A tab that is open since before an update reads on, and writes no more.
    driver: refuseNewer(
      sqljs({
        storage: indexedDb(DATABASE_NAME),
        wasm: new URL('sql-wasm.wasm', document.baseURI).href,
        worker: () => new Worker('database-worker.js', { type: 'module', name: 'library' }),
      }),
      migrations,
    ),
    entities: ENTITIES,
  });
  await createMigrator(db, migrations).up();
  return db;
}

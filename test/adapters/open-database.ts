import { createPersistence, type Driver, type EntityClass, type Persistence } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';

/** Opens a database with the schema of the entities; `drop` runs when it has been closed. */
export async function openDatabase(
  driver: Driver,
  entities: readonly EntityClass[],
  drop?: () => Promise<void>,
): Promise<Persistence> {
  const db = await createPersistence({ driver, entities });
  if (drop !== undefined) {
    const close = db.close.bind(db);
    db.close = async () => {
      await close();
      await drop();
    };
  }
  await createSchema(db);
  return db;
}

/**
 * The same application without an adapter: what core alone weighs.
 *
 * @module
 */
import { createPersistence, Entity, integer, text } from 'meshestra';
import type { Driver } from 'meshestra/port';

declare const driver: Driver;

class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}

const db = await createPersistence({ driver, entities: [Author] });
const em = db.em();
em.create(Author, { name: 'Ada' });
await em.flush();
await em.find(Author, { name: 'Ada' });

// Meshestra: entity changed, em.flush(). The durability is in the page's address.

import { createPersistence, Entity, integer, sql, text } from 'meshestra';
import { indexedDb, sqljs } from 'meshestra/sqljs';
import initSqlJs from 'sql.js';
import { offer } from './harness.js';

class Item extends Entity('items', { id: integer().primaryKey(), name: text(), counter: integer(), body: text() }) {}

const durability = new URLSearchParams(location.search).get('durability');
let em;
let item;
const connect = async () => {
  const driver = sqljs({ storage: indexedDb('bench'), durability, initSqlJs, wasm: '/sql-wasm-browser.wasm' });
  const db = await createPersistence({ driver, entities: [Item] });
  em = db.em();
  return db;
};
offer({
  async open(file) {
    const db = await connect();
    await db.driver.importFile(file);
  },
  async prepare(id) {
    item = await em.findById(Item, id);
  },
  async commit() {
    item.counter++;
    await em.flush();
  },
  async reopen() {
    await connect();
    const { rows } = await em.execute(sql`select sum(counter) from items`);
    return rows[0][0];
  },
});

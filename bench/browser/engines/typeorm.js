// TypeORM's own persistence for the browser: autoSave with localForage (localStorage ends at 5 MB).
// `update` is its cheapest write: `save` would select first.
import 'reflect-metadata';
import localforage from 'localforage';
import initSqlJs from 'sql.js';
import { DataSource, EntitySchema } from 'typeorm';
import { offer } from './harness.js';

globalThis.localforage = localforage;
const Item = new EntitySchema({
  name: 'Item',
  tableName: 'items',
  columns: {
    id: { type: 'integer', primary: true },
    name: { type: 'text' },
    counter: { type: 'integer' },
    body: { type: 'text' },
  },
});
let source;
const connect = async () => {
  const SQL = await initSqlJs({ locateFile: () => '/sql-wasm-browser.wasm' });
  source = await new DataSource({
    type: 'sqljs',
    driver: SQL,
    location: 'bench',
    autoSave: true,
    useLocalForage: true,
    entities: [Item],
  }).initialize();
};
offer({
  async open(file) {
    await connect();
    await source.sqljsManager.loadDatabase(file);
  },
  async commit(id) {
    await source.getRepository(Item).update({ id }, { counter: () => 'counter + 1' });
  },
  async reopen() {
    await connect();
    return Number((await source.query('select sum(counter) as total from items'))[0].total);
  },
});

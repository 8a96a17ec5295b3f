// What people do without a library: export the whole database, put it under one key.
import { get, set } from 'idb-keyval';
import initSqlJs from 'sql.js';
import { offer } from './harness.js';

let db;
const SQL = initSqlJs({ locateFile: () => '/sql-wasm-browser.wasm' });
offer({
  async open(file) {
    db = new (await SQL).Database(file);
    await set('bench', file);
  },
  async commit(id) {
    db.run('update items set counter = counter + 1 where id = ?', [id]);
    await set('bench', db.export());
  },
  async reopen() {
    db = new (await SQL).Database(await get('bench'));
    return db.exec('select sum(counter) from items')[0].values[0][0];
  },
});

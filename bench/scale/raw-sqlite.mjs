// The scenarios of the scale part written by hand for SQLite: one prepared INSERT a row, a list to delete by.
import assert from 'node:assert/strict';
import { TITLE } from './pg-schema.mjs';

const TABLES = `
pragma foreign_keys = on;
create table topics (id integer primary key, name text not null, parent_id integer references topics (id)) strict;
create index topics_parent_id on topics (parent_id);
create table items (id integer primary key, name text not null) strict;
create table boxes (id integer primary key, name text not null) strict;
create table box_items (boxes_id integer not null references boxes (id), items_id integer not null references items (id),
  primary key (boxes_id, items_id)) strict, without rowid;
create index box_items_items_id on box_items (items_id);
`;

/** The scenarios over an empty database; `engine` is one of lib/engines. */
export function scaleOver(engine, db) {
  db.exec(TABLES);
  let count = 0;
  const prepare = (sql) => {
    const statement = engine.prepare(db, sql);
    const counted = (method) => (params, map) => {
      count++;
      return statement[method](params, map);
    };
    return { rows: counted('rows'), first: counted('first'), run: counted('run') };
  };
  const exec = (sql) => {
    count++;
    db.exec(sql);
  };
  const insert = prepare('insert into topics (name, parent_id) values (?, ?) returning id');
  const link = prepare('insert into box_items values (1, ?)');
  const unlink = prepare('delete from box_items where boxes_id = 1 and items_id in (select value from json_each(?))');
  const countLinks = prepare('select count(*) from box_items');
  return {
    countStatements() {
      count = 0;
      return () => count;
    },
    close: async () => db.close(),
    async insert(size) {
      const rows = [];
      return {
        work: async () => {
          exec('begin');
          for (let n = 0; n < size; n++) rows.push({ name: TITLE(n), id: insert.first([TITLE(n), null])[0] });
          exec('commit');
        },
        verify: async () => assert.equal(new Set(rows.map(({ id }) => id)).size, size),
      };
    },
    async chain(size) {
      let last = null;
      return {
        work: async () => {
          exec('begin');
          for (let n = 0; n < size; n++) last = insert.first([TITLE(n), last])[0];
          exec('commit');
        },
        verify: async () => assert.equal(last, size),
      };
    },
    async diff(size) {
      const item = prepare('insert into items values (?, ?)');
      db.exec(`begin; insert into boxes values (1, 'box')`);
      for (let n = 1; n <= size * 1.5; n++) item.run([n, TITLE(n)]);
      for (let n = 1; n <= size; n++) link.run([n]);
      db.exec('commit');
      const before = new Set(prepare('select items_id from box_items').rows([], ([id]) => id));
      return {
        work: async () => {
          const wanted = new Set(Array.from({ length: size }, (_, n) => size / 2 + 1 + n));
          exec('begin');
          unlink.run([JSON.stringify([...before].filter((id) => !wanted.has(id)))]);
          for (const id of wanted) if (!before.has(id)) link.run([id]);
          exec('commit');
        },
        verify: async () => assert.equal(countLinks.first([])[0], size),
      };
    },
  };
}

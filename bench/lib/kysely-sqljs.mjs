// sql.js under Kysely's own SqliteDialect: a bridge with the better-sqlite3 shape it expects, as MikroORM bridges node:sqlite.
// Rows are read as arrays and turned into objects here: sql.js's getAsObject is 4.6 times slower, and would be a straw man.
import { SqliteDialect } from 'kysely';

// sql.js has to ask for the last rowid with a statement of its own; only an INSERT without RETURNING needs it.
const INSERT = /^\s*insert/i;

function statement(db, sql, lastId) {
  const native = db.prepare(sql);
  const columns = native.getColumnNames();
  const rows = (params) => {
    const out = [];
    try {
      native.bind(params);
      while (native.step()) {
        const values = native.get();
        const row = {};
        for (let i = 0; i < columns.length; i++) row[columns[i]] = values[i];
        out.push(row);
      }
    } finally {
      native.free();
    }
    return out;
  };
  return {
    reader: columns.length > 0,
    all: rows,
    *iterate(params) {
      yield* rows(params);
    },
    run(params) {
      try {
        native.run(params);
      } finally {
        native.free();
      }
      const changes = db.getRowsModified();
      if (!INSERT.test(sql)) return { changes };
      lastId.step();
      const [lastInsertRowid] = lastId.get();
      lastId.reset();
      return { changes, lastInsertRowid };
    },
  };
}

const plain = (value) => (typeof value === 'boolean' ? Number(value) : value instanceof Date ? value.getTime() : value);

/** A Kysely dialect over an open sql.js database. */
export function sqljsDialect(db) {
  const lastId = db.prepare('select last_insert_rowid()');
  const bridge = (one) => ({
    ...one,
    all: (params) => one.all(params.map(plain)),
    run: (params) => one.run(params.map(plain)),
  });
  return new SqliteDialect({ database: { prepare: (sql) => bridge(statement(db, sql, lastId)), close: () => {} } });
}

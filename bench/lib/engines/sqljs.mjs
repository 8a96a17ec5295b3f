// sql.js in this process, and a count of the statements it executes.
import initSqlJs from 'sql.js';
import { sqljsDialect } from '../kysely-sqljs.mjs';

export const title = 'sql.js';

/** sql.js, ready. It is a singleton per process, so the counter below sees every contender's statements. */
export const load = () => initSqlJs();

/**
 * Opens the fixture. `foreign_keys` is on for everybody, since TypeORM, MikroORM and Meshestra turn it on themselves;
 * `pragmas` adds the two that keep a memory database from being locked and validated for each read.
 */
export function openDatabase(SQL, { bytes, pragmas }) {
  const db = new SQL.Database(bytes);
  db.exec('pragma foreign_keys = on');
  if (pragmas) db.exec('pragma locking_mode = exclusive; pragma journal_mode = memory');
  return db;
}

/** A statement written by hand: rows as arrays through a function, one row, or a run without rows. */
export function prepare(db, sql) {
  const statement = db.prepare(sql);
  return {
    rows(params, map) {
      const out = [];
      statement.bind(params);
      while (statement.step()) out.push(map(statement.get()));
      statement.reset();
      return out;
    },
    first(params) {
      statement.bind(params);
      statement.step();
      const row = statement.get();
      statement.reset();
      return row;
    },
    run: (params) => statement.run(params),
  };
}

export const kyselyDialect = sqljsDialect;

export const drizzle = (module) => import(`${module}/sql-js`);
export const drizzleArguments = (db, config) => [db, config];

export const typeormOptions = (SQL, _, { bytes }) => ({
  type: 'sqljs',
  driver: { Database: SQL.Database },
  database: bytes,
});
/** TypeORM's driver opens a database of its own. */
export const typeormDatabase = (source) => source.driver.databaseConnection;

/** Meshestra's driver initialises sql.js itself, with its hook. */
export async function meshestraDriver({ bytes }) {
  const { sqljs } = await import('meshestra/sqljs');
  let SQL;
  const driver = sqljs({
    file: bytes,
    wasm: new URL(import.meta.resolve('sql.js/dist/sql-wasm.wasm')),
    initSqlJs: async (config) => {
      SQL = await initSqlJs(config);
      return SQL;
    },
  });
  return { driver, native: () => SQL };
}

/** Rows of a query as arrays, for checks outside the clock. */
const rowsOf = (db, sql) => db.exec(sql)[0]?.values ?? [];

/** The verification handle most contenders share. */
export const handle = (db) => ({ exec: (sql) => db.exec(sql), all: (sql) => rowsOf(db, sql) });

/**
 * Counts executions: a statement counts at its first step after a bind or a reset. Patched in for one uncounted run and
 * taken out again, so that no timed run pays for it.
 */
export async function countStatements(SQL, work) {
  const database = SQL.Database.prototype;
  const scratch = new SQL.Database();
  const statement = Object.getPrototypeOf(scratch.prepare('select 1'));
  scratch.close();
  const originals = [];
  const fresh = new WeakSet();
  let count = 0;
  let depth = 0;
  const patch = (target, name, before) => {
    const original = target[name];
    if (typeof original !== 'function') return;
    originals.push([target, name, original]);
    target[name] = function (...parameters) {
      if (depth === 0) before.call(this, parameters);
      depth++;
      try {
        return original.apply(this, parameters);
      } finally {
        depth--;
      }
    };
  };
  const step = function () {
    if (!fresh.has(this)) {
      fresh.add(this);
      count++;
    }
  };
  const forget = function () {
    fresh.delete(this);
  };
  const whole = function () {
    count++;
    fresh.delete(this);
  };
  // Meshestra's driver calls the exported C functions, which sql.js's own methods reach another way.
  const running = new Set();
  patch(SQL, '_sqlite3_step', ([pointer]) => {
    if (!running.has(pointer)) count++;
    running.add(pointer);
  });
  for (const name of ['_sqlite3_reset', '_sqlite3_finalize']) patch(SQL, name, ([pointer]) => running.delete(pointer));
  patch(statement, 'step', step);
  patch(statement, 'bind', forget);
  patch(statement, 'reset', forget);
  patch(statement, 'run', whole);
  patch(statement, 'get', function ([values]) {
    if (values !== undefined) whole.call(this);
  });
  patch(statement, 'getAsObject', function ([values]) {
    if (values !== undefined) whole.call(this);
  });
  const script = ([sql]) => {
    count += sql.split(';').filter((part) => part.trim() !== '').length;
  };
  for (const name of ['exec', 'run', 'each']) patch(database, name, script);
  try {
    await work();
  } finally {
    for (const [target, name, original] of originals) target[name] = original;
  }
  return count;
}

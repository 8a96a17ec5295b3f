// better-sqlite3 in this process, and a count of the statements it executes.
import Database from 'better-sqlite3';
import { SqliteDialect } from 'kysely';

export const title = 'better-sqlite3';

export const load = async () => Database;

/** Opens a copy of the fixture in memory. `foreign_keys` is on for everybody, as on the other engine. */
export function openDatabase(_, { bytes, pragmas }) {
  const db = new Database(Buffer.from(bytes));
  db.pragma('foreign_keys = on');
  if (pragmas) db.exec('pragma locking_mode = exclusive; pragma journal_mode = memory');
  return db;
}

/** A statement written by hand: rows as arrays through a function, one row, or a run without rows. */
export function prepare(db, sql) {
  const statement = db.prepare(sql);
  if (statement.reader) statement.raw();
  return {
    rows: (params, map) => statement.all(params).map(map),
    first: (params) => statement.get(params),
    run: (params) => statement.run(params),
  };
}

/** The verification handle most contenders share. */
export const handle = (db) => ({ exec: (sql) => db.exec(sql), all: (sql) => db.prepare(sql).raw().all() });

const plain = (value) => (typeof value === 'boolean' ? Number(value) : value instanceof Date ? value.getTime() : value);

/** Kysely's own dialect; values that the engine does not take are made plain, as on the other engine. */
export function kyselyDialect(db) {
  const bridge = (statement) => ({
    reader: statement.reader,
    all: (params) => statement.all(params.map(plain)),
    run: (params) => statement.run(params.map(plain)),
    iterate: (params) => statement.iterate(params.map(plain)),
  });
  return new SqliteDialect({ database: { prepare: (sql) => bridge(db.prepare(sql)), close: () => {} } });
}

export const drizzle = (module) => import(`${module}/better-sqlite3`);
export const drizzleArguments = (client, config) => [{ client, ...config }];

/** TypeORM opens its database by itself: it is handed a class that gives the one that is open. */
export const typeormOptions = (_, db) => ({
  type: 'better-sqlite3',
  database: ':memory:',
  driver: function OpenDatabase() {
    return db;
  },
});
export const typeormDatabase = (_, db) => db;

/** Meshestra's driver over a database that is open already. */
export async function meshestraDriver({ bytes }) {
  const { betterSqlite3 } = await import('meshestra/better-sqlite3');
  return { driver: betterSqlite3({ database: new Database(Buffer.from(bytes)) }), native: () => Database };
}

/** Counts executions, for one run that is not timed. */
export async function countStatements(_, work) {
  const scratch = new Database(':memory:');
  const statement = Object.getPrototypeOf(scratch.prepare('select 1'));
  scratch.close();
  const originals = [];
  let count = 0;
  let depth = 0;
  const patch = (target, name, counted) => {
    const original = target[name];
    originals.push([target, name, original]);
    target[name] = function (...parameters) {
      if (depth === 0) count += counted(parameters);
      depth++;
      try {
        return original.apply(this, parameters);
      } finally {
        depth--;
      }
    };
  };
  for (const name of ['run', 'get', 'all', 'iterate']) patch(statement, name, () => 1);
  patch(Database.prototype, 'exec', ([sql]) => sql.split(';').filter((part) => part.trim() !== '').length);
  try {
    await work();
  } finally {
    for (const [target, name, original] of originals) target[name] = original;
  }
  return count;
}

// The database whose commits are timed: one table of about 1 kB a row, as many rows as make the wanted size.
export const rowsFor = (megabytes) => Math.floor((megabytes * 1_000_000) / 1_027);

/** The row the n-th update touches: spread over the file, the same for every engine. */
export const rowOf = (n, rows) => ((n * 7_919) % rows) + 1;

/** The SQLite file, made with sql.js. */
export function createFile(SQL, megabytes) {
  const db = new SQL.Database();
  db.exec(
    'create table items (id integer primary key, name text not null, counter integer not null, body text not null) strict; begin',
  );
  const insert = db.prepare('insert into items values (?, ?, 0, ?)');
  const rows = rowsFor(megabytes);
  for (let id = 1; id <= rows; id++)
    insert.run([id, `item ${id}`, `${String(id * 2_654_435_761).padStart(20, 'x')} `.repeat(46)]);
  insert.free();
  db.exec('commit');
  const file = db.export();
  db.close();
  return file;
}

import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { keepRows } from '../../../src/dialect/sqlite/keep-rows.ts';

it('keeps rows that a step before the rebuild lets refer to the table', async () => {
  const db = new Database(':memory:');
  db.pragma('foreign_keys = ON');
  db.exec('CREATE TABLE parent (id INTEGER PRIMARY KEY); CREATE TABLE child (id INTEGER PRIMARY KEY)');
  db.exec('INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1), (2)');
  const before = [
    'ALTER TABLE child ADD COLUMN parent_id INTEGER REFERENCES "parent" (id) ON DELETE CASCADE',
    'UPDATE child SET parent_id = 1',
  ];
  const statements = [
    'CREATE TABLE kept AS SELECT id FROM parent',
    'DROP TABLE parent',
    'CREATE TABLE parent (id INTEGER PRIMARY KEY, note TEXT)',
    'INSERT INTO parent (id) SELECT id FROM kept',
    'DROP TABLE kept',
  ];
  // As in a batch: what is there is read before any of it has run.
  const kept = await keepRows({ rebuild: 'parent', statements }, before, async (sql, params = []) =>
    db
      .prepare<unknown[], []>(sql)
      .raw()
      .all(...params),
  );
  db.transaction(() => {
    for (const sql of [...before, ...kept.statements]) db.exec(sql);
  })();
  expect(db.prepare('SELECT * FROM child').raw().all()).toEqual([
    [1, 1],
    [2, 1],
  ]);
  db.close();
});

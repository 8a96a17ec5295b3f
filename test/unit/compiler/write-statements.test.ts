import { beforeEach, describe, expect, it } from 'vitest';
import { bindStatement } from '../../../src/compiler/bind-statement.ts';
import { compile } from '../../../src/compiler/compile.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

const id = { name: 'id', type: { name: 'integer' } } as const;
const title = { name: 'title', type: { name: 'text' } } as const;
const big = { name: 'big', type: { name: 'bigint' } } as const;
const version = { name: 'version', type: { name: 'integer' } } as const;

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
  raw.db.run(
    'CREATE TABLE "t" ("id" INTEGER PRIMARY KEY, "title" TEXT, "big" INTEGER, "version" INTEGER DEFAULT 1) STRICT',
  );
});

describe('INSERT', () => {
  it('carries several rows and casts bigints, which sql.js binds as text', () => {
    const compiled = compile(
      { kind: 'insert', table: 't', columns: [title, big], rows: 2, key: null, ignoreConflicts: false },
      sqlite,
    );
    expect(compiled).toEqual({
      sql: 'INSERT INTO "t" ("title", "big") VALUES (?, CAST(? AS INTEGER)), (?, CAST(? AS INTEGER))',
      bindings: [0, 1, 2, 3],
      direct: true,
      reads: [],
      writes: ['t'],
    });
    raw.all(bindStatement(compiled, ['a', 2n ** 63n - 1n, null, -(2n ** 63n)]));
    expect(raw.all('SELECT title, big, typeof(big) FROM t ORDER BY id')).toEqual([
      ['a', 2n ** 63n - 1n, 'integer'],
      [null, -(2n ** 63n), 'integer'],
    ]);
  });

  it('takes the defaults of the table where it has no columns', () => {
    const compiled = compile(
      { kind: 'insert', table: 't', columns: [], rows: 1, key: null, ignoreConflicts: false },
      sqlite,
    );
    expect(compiled.sql).toBe('INSERT INTO "t" DEFAULT VALUES');
    raw.all(bindStatement(compiled, []));
    expect(raw.all('SELECT id, version FROM t')).toEqual([[1, 1]]);
  });

  it('leaves rows with a known key as they are where conflicts are ignored', () => {
    const compiled = compile(
      { kind: 'insert', table: 't', columns: [id, title], rows: 2, key: null, ignoreConflicts: true },
      sqlite,
    );
    expect(compiled.sql).toBe('INSERT INTO "t" ("id", "title") VALUES (?, ?), (?, ?) ON CONFLICT DO NOTHING');
    raw.all(bindStatement(compiled, [1, 'first', 1, 'second']));
    expect(raw.all('SELECT id, title FROM t')).toEqual([[1, 'first']]);
  });
});

describe('UPDATE of rows', () => {
  beforeEach(() => {
    raw.db.run(`INSERT INTO t(id, title, version) VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 7)`);
  });

  it('of one row is plain, with the values in the order of the text', () => {
    const compiled = compile(
      { kind: 'update-rows', table: 't', match: [id, version], set: [title, version], rows: 1 },
      sqlite,
    );
    expect(compiled).toEqual({
      sql: 'UPDATE "t" SET "title" = ?, "version" = ? WHERE "t"."id" = ? AND "t"."version" = ?',
      bindings: [2, 3, 0, 1],
      direct: false,
      reads: [],
      writes: ['t'],
    });
    raw.all(bindStatement(compiled, [2, 1, 'B', 2]));
    expect(raw.db.getRowsModified()).toBe(1);
    raw.all(bindStatement(compiled, [3, 6, 'stale', 7]));
    expect(raw.db.getRowsModified()).toBe(0);
    expect(raw.all('SELECT title, version FROM t ORDER BY id')).toEqual([
      ['a', 1],
      ['B', 2],
      ['c', 7],
    ]);
  });

  it('of many rows joins a list of values and counts only the rows that matched', () => {
    const compiled = compile(
      { kind: 'update-rows', table: 't', match: [id, version], set: [title, big], rows: 3 },
      sqlite,
    );
    expect(compiled.sql).toBe(
      'WITH "v"("0", "1", "2", "3") AS (VALUES (?, ?, ?, CAST(? AS INTEGER)), (?, ?, ?, CAST(? AS INTEGER)), ' +
        '(?, ?, ?, CAST(? AS INTEGER))) UPDATE "t" SET "title" = "v"."2", "big" = "v"."3" FROM "v" ' +
        'WHERE "t"."id" = "v"."0" AND "t"."version" = "v"."1"',
    );
    expect(compiled.direct).toBe(true);
    raw.all(bindStatement(compiled, [1, 1, 'A', 2n ** 60n, 2, 1, null, null, 3, 1, 'stale', 0n]));
    expect(raw.db.getRowsModified()).toBe(2);
    expect(raw.all('SELECT title, big FROM t ORDER BY id')).toEqual([
      ['A', 2n ** 60n],
      [null, null],
      ['c', null],
    ]);
  });
});

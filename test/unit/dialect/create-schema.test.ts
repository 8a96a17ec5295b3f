import { beforeEach, describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../src/codec/column-type.ts';
import { createSchema as schemaStatements } from '../../../src/dialect/sqlite/create-schema.ts';
import { sqlite } from '../../../src/dialect/sqlite/index.ts';
import { ConfigurationError, ValidationError } from '../../../src/errors.ts';
import type { ColumnModel, TableModel } from '../../../src/schema/schema-model.ts';
import type { WireValue } from '../../../src/wire/wire-value.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
});

function column(name: string, type: ColumnType, more: Partial<ColumnModel> = {}): ColumnModel {
  return { name, type, nullable: false, generated: false, default: null, ...more };
}

function table(name: string, columns: readonly ColumnModel[], more: Partial<TableModel> = {}): TableModel {
  return { name, columns, primaryKey: ['id'], uniques: [], indexes: [], foreignKeys: [], ...more };
}

const id = column('id', { name: 'integer' }, { generated: true });

function create(...tables: readonly TableModel[]): readonly string[] {
  const definitions = schemaStatements({ tables });
  for (const { sql } of definitions) raw.db.run(sql);
  return definitions.map(({ sql }) => sql);
}

describe('Tables', () => {
  it('are STRICT, with the storage class of each type and a rowid as the generated key', () => {
    const [sql] = create(
      table('t', [
        id,
        column('big', { name: 'bigint' }),
        column('ratio', { name: 'float' }, { nullable: true }),
        column('price', { name: 'decimal', precision: 10, scale: 2 }),
        column('name', { name: 'text', maxLength: 5 }),
        column('state', { name: 'text', values: ['open', "it's"] }, { nullable: true }),
        column('done', { name: 'boolean' }),
        column('at', { name: 'datetime' }),
        column('day', { name: 'date' }),
        column('key', { name: 'uuid' }),
        column('data', { name: 'json' }),
        column('file', { name: 'bytes' }),
      ]),
    );
    expect(sql).toBe(
      `CREATE TABLE IF NOT EXISTS "t" (
  "id" INTEGER PRIMARY KEY,
  "big" INTEGER NOT NULL,
  "ratio" REAL,
  "price" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "state" TEXT,
  "done" INTEGER NOT NULL,
  "at" INTEGER NOT NULL,
  "day" TEXT NOT NULL,
  "key" TEXT NOT NULL,
  "data" TEXT NOT NULL,
  "file" BLOB NOT NULL,
  CONSTRAINT "t_name_check" CHECK (length("name") <= 5),
  CONSTRAINT "t_state_check" CHECK ("state" IN ('open', 'it''s')),
  CONSTRAINT "t_done_check" CHECK ("done" IN (0, 1))
) STRICT`,
    );
    expect(raw.all('SELECT name, type, "notnull", pk FROM pragma_table_info(\'t\') LIMIT 3')).toEqual([
      ['id', 'INTEGER', 0, 1],
      ['big', 'INTEGER', 1, 0],
      ['ratio', 'REAL', 0, 0],
    ]);
    expect(raw.all("SELECT strict FROM pragma_table_list('t')")).toEqual([[1]]);
  });

  it('refuse what does not fit, and name the constraint', () => {
    create(
      table('t', [
        id,
        column('name', { name: 'text', maxLength: 3 }, { nullable: true }),
        column('state', { name: 'text', values: ['open', "it's"] }, { nullable: true }),
        column('done', { name: 'boolean' }, { nullable: true }),
      ]),
    );
    const insert = (name: WireValue, state: WireValue, done: WireValue): unknown =>
      raw.all({ sql: 'INSERT INTO t (name, state, done) VALUES (?, ?, ?)', params: [name, state, done] });
    insert('😀😀😀', "it's", 1);
    insert(null, null, null);
    expect(() => insert('abcd', null, null)).toThrow('CHECK constraint failed: t_name_check');
    expect(() => insert(null, 'its', null)).toThrow('CHECK constraint failed: t_state_check');
    expect(() => insert(null, null, 2)).toThrow('CHECK constraint failed: t_done_check');
    expect(() => insert(null, null, 'x')).toThrow('cannot store TEXT value in INTEGER column t.done');
    expect(raw.all('SELECT COUNT(*) FROM t')).toEqual([[2]]);
  });

  it('have composite keys, unique constraints, indexes and foreign keys with their actions', () => {
    const author = table('author', [column('a', { name: 'text' }), column('b', { name: 'integer' })], {
      primaryKey: ['a', 'b'],
    });
    const reference = { referencedTable: 'author', referencedColumns: ['a', 'b'] };
    const nullable = { nullable: true };
    const post = table(
      'post',
      [
        id,
        column('x', { name: 'text' }, nullable),
        column('y', { name: 'integer' }, nullable),
        column('u', { name: 'text' }, nullable),
        column('v', { name: 'integer' }, nullable),
        column('p', { name: 'integer' }, nullable),
      ],
      {
        uniques: [{ name: 'post_u_key', columns: ['u'] }],
        indexes: [{ name: 'post_x_y_idx', columns: ['x', 'y'] }],
        foreignKeys: [
          { ...reference, name: 'post_x_y_fkey', columns: ['x', 'y'], onDelete: 'cascade', onUpdate: 'set null' },
          { ...reference, name: 'post_u_v_fkey', columns: ['u', 'v'], onDelete: 'set null', onUpdate: 'cascade' },
          {
            name: 'post_p_fkey',
            columns: ['p'],
            referencedTable: 'post',
            referencedColumns: ['id'],
            onDelete: 'no action',
            onUpdate: 'no action',
          },
        ],
      },
    );
    const sqls = create(author, post);
    expect(sqls[1]).toBe(`CREATE TABLE IF NOT EXISTS "post" (
  "id" INTEGER PRIMARY KEY,
  "x" TEXT,
  "y" INTEGER,
  "u" TEXT,
  "v" INTEGER,
  "p" INTEGER,
  CONSTRAINT "post_u_key" UNIQUE ("u"),
  CONSTRAINT "post_x_y_fkey" FOREIGN KEY ("x", "y") REFERENCES "author" ("a", "b") ON DELETE CASCADE ON UPDATE SET NULL,
  CONSTRAINT "post_u_v_fkey" FOREIGN KEY ("u", "v") REFERENCES "author" ("a", "b") ON DELETE SET NULL ON UPDATE CASCADE,
  CONSTRAINT "post_p_fkey" FOREIGN KEY ("p") REFERENCES "post" ("id")
) STRICT`);
    expect(sqls[2]).toBe('CREATE INDEX IF NOT EXISTS "post_x_y_idx" ON "post" ("x", "y")');
    expect(
      raw.all(`SELECT id, seq, "table", "from", "to", on_delete FROM pragma_foreign_key_list('post') ORDER BY id, seq`),
    ).toEqual([
      [0, 0, 'post', 'p', 'id', 'NO ACTION'],
      [1, 0, 'author', 'u', 'a', 'SET NULL'],
      [1, 1, 'author', 'v', 'b', 'SET NULL'],
      [2, 0, 'author', 'x', 'a', 'CASCADE'],
      [2, 1, 'author', 'y', 'b', 'CASCADE'],
    ]);
    expect(raw.all(`SELECT name FROM pragma_index_list('post') ORDER BY name`)).toEqual([
      ['post_x_y_idx'],
      ['sqlite_autoindex_post_1'],
    ]);
    expect(raw.all(`SELECT name, "notnull", pk FROM pragma_table_info('author')`)).toEqual([
      ['a', 1, 1],
      ['b', 1, 2],
    ]);
    raw.db.run(`INSERT INTO author VALUES ('k', 1);
      INSERT INTO post (x, y) VALUES ('k', 1); INSERT INTO post (u, v) VALUES ('k', 1); DELETE FROM author`);
    expect(raw.all('SELECT id, u, v FROM post')).toEqual([[2, null, null]]);
    expect(() => raw.db.run('INSERT INTO post (p) VALUES (99)')).toThrow('FOREIGN KEY constraint failed');
  });

  it('are left as they are where they exist', () => {
    const first = table('t', [id, column('a', { name: 'text' })], { indexes: [{ name: 't_a_idx', columns: ['a'] }] });
    create(first);
    raw.db.run("INSERT INTO t (a) VALUES ('kept')");
    create(first);
    create(table('t', [id, column('a', { name: 'text' }), column('b', { name: 'text' })]));
    expect(raw.all('SELECT * FROM t')).toEqual([[1, 'kept']]);
  });

  it('may refer to each other in a circle', () => {
    const pointing = (name: string, other: string): TableModel =>
      table(name, [id, column('o', { name: 'integer' }, { nullable: true })], {
        foreignKeys: [
          {
            name: `${name}_o_fkey`,
            columns: ['o'],
            referencedTable: other,
            referencedColumns: ['id'],
            onDelete: 'no action',
            onUpdate: 'no action',
          },
        ],
      });
    create(pointing('a', 'b'), pointing('b', 'a'));
    raw.db.run('INSERT INTO a (o) VALUES (NULL); INSERT INTO b (o) VALUES (1); UPDATE a SET o = 1');
    expect(raw.all('PRAGMA foreign_key_check')).toEqual([]);
  });
});

describe('Keys that SQLite generates', () => {
  it('are consecutive within a statement and go on behind the largest one', () => {
    create(table('t', [id, column('a', { name: 'text' }, { nullable: true })]));
    const allocate = (count: number) => raw.all({ sql: sqlite.allocateKeys?.('t', 'id') ?? '', params: [count] });
    expect(allocate(2)).toEqual([[1], [2]]);
    raw.db.run('INSERT INTO t (id) VALUES (41)');
    expect(allocate(3)).toEqual([[42], [43], [44]]);
    raw.db.run("INSERT INTO t (a) VALUES ('x'), ('y'), ('z')");
    expect(raw.all('SELECT id, a FROM t WHERE a IS NOT NULL ORDER BY id')).toEqual([
      [42, 'x'],
      [43, 'y'],
      [44, 'z'],
    ]);
    expect(raw.all('SELECT last_insert_rowid()')).toEqual([[44]]);
  });

  it('need a key of one column', () => {
    const parts = [id, column('b', { name: 'integer' })];
    expect(() => create(table('t', parts, { primaryKey: ['id', 'b'] }))).toThrow(ConfigurationError);
  });
});

describe('Defaults', () => {
  it.each<[ColumnType, WireValue]>([
    [{ name: 'integer' }, -5],
    [{ name: 'bigint' }, 2n ** 63n - 1n],
    [{ name: 'bigint' }, -(2n ** 63n)],
    [{ name: 'float' }, 1e21],
    [{ name: 'float' }, -5e-324],
    [{ name: 'float' }, 0.1],
    [{ name: 'text' }, 'it\'s\n"); DROP TABLE t; --'],
    [{ name: 'text' }, ''],
    [{ name: 'json' }, `{"a":"'); drop table x;--"}`],
    [{ name: 'boolean' }, 1],
    [{ name: 'bytes' }, new Uint8Array([0, 15, 255])],
    [{ name: 'bytes' }, new Uint8Array()],
    [{ name: 'text' }, null],
  ])('%o %o is the value of a new row', (type, value) => {
    create(table('t', [id, column('c', type, { nullable: true, default: { kind: 'constant', value } })]));
    raw.db.run('INSERT INTO t DEFAULT VALUES');
    expect(raw.all('SELECT c FROM t')).toEqual([[value]]);
  });

  it('of the present instant is in milliseconds for a datetime and a day for a date', () => {
    create(
      table('t', [
        id,
        column('at', { name: 'datetime' }, { default: { kind: 'now' } }),
        column('day', { name: 'date' }, { default: { kind: 'now' } }),
      ]),
    );
    const before = Date.now();
    raw.db.run('INSERT INTO t DEFAULT VALUES');
    const after = Date.now();
    const [[at, day] = []] = raw.all('SELECT "at", "day" FROM t');
    expect(Number.isInteger(at)).toBe(true);
    expect(Number(at)).toBeGreaterThanOrEqual(before);
    expect(Number(at)).toBeLessThanOrEqual(after);
    const days = [new Date(before), new Date(after)].map((date) => date.toISOString().slice(0, 10));
    expect(days).toContain(day);
  });

  it('of the present instant make no sense for other types', () => {
    const at = column('at', { name: 'text' }, { default: { kind: 'now' } });
    expect(() => create(table('t', [id, at]))).toThrow(ConfigurationError);
  });

  it('cannot be text that SQL cannot hold', () => {
    const constant = (value: string): ColumnModel =>
      column('c', { name: 'text' }, { default: { kind: 'constant', value } });
    expect(() => create(table('t', [id, constant('a\0b')]))).toThrow(ValidationError);
    expect(() => create(table('t', [id, column('c', { name: 'text', values: ['\0'] })]))).toThrow(ValidationError);
  });
});

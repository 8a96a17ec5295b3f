import { beforeEach, describe, expect, it } from 'vitest';
import { schema } from '../../../src/dialect/sqlite/schema/schema.ts';
import type { DatabaseTable } from '../../../src/schema/database-model.ts';
import { openRawSqljs, type RawSqljs } from '../../support/raw-sqljs.ts';

let raw: RawSqljs;
beforeEach(async () => {
  raw = await openRawSqljs();
});

const inspect = () => schema.inspect(async (sql) => raw.all(sql));

async function tableOf(...statements: readonly string[]): Promise<DatabaseTable> {
  for (const sql of statements) raw.db.run(sql);
  const { tables } = await inspect();
  const [table] = tables;
  if (table === undefined) throw new Error('no table');
  return table;
}

const RICH = [
  `CREATE TABLE "order" (
    [id] INTEGER CONSTRAINT pk PRIMARY KEY AUTOINCREMENT, -- the key, and a "quote"
    'na me' VARCHAR(20) COLLATE NOCASE NOT NULL ON CONFLICT IGNORE DEFAULT 'it''s',
    \`größe\` DECIMAL(10, 2) DEFAULT -1.5 CHECK (\`größe\` <> ')'),
    a INT DEFAULT (1 + (2)) UNIQUE, /* , ) */
    b TEXT GENERATED ALWAYS AS (upper("na me") || 'x') STORED,
    c AS (a * 2),
    "no type",
    at TEXT DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "u 1" UNIQUE (a, b) ON CONFLICT REPLACE,
    CHECK (a > 0 AND b IN ('x', 'y'))
  )`,
  `CREATE TABLE child (
    x TEXT NOT NULL, y INTEGER NOT NULL REFERENCES "order" ON DELETE CASCADE,
    z INTEGER, t BLOB,
    PRIMARY KEY (x, y),
    CONSTRAINT fk FOREIGN KEY (z) REFERENCES "order" ("id") ON UPDATE SET NULL ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED
  ) WITHOUT ROWID, STRICT`,
  'CREATE UNIQUE INDEX "i 1" ON child (z DESC, lower(x) COLLATE NOCASE, y) WHERE z > 1 AND x IS NOT NULL',
  'CREATE INDEX "i2" ON "order" ("na me" COLLATE BINARY ASC)',
  `CREATE TRIGGER "after" AFTER INSERT ON child BEGIN UPDATE "order" SET a = 1; END`,
  'CREATE VIEW "a view" AS SELECT * FROM "order"',
  'CREATE VIRTUAL TABLE "search" USING fts3(body)',
];

describe('Tables of SQLite', () => {
  it('are read with all that is said of them', async () => {
    for (const sql of RICH) raw.db.run(sql);
    const { tables, unmanaged } = await inspect();
    const [child, order] = tables;
    expect(order?.columns.map(({ name, type, nullable, default: value }) => [name, type, nullable, value])).toEqual([
      ['id', 'INTEGER', false, null],
      ['na me', 'VARCHAR(20)', false, "'it''s'"],
      ['größe', 'DECIMAL(10, 2)', true, '- 1.5'],
      ['a', 'INT', true, '1 + (2)'],
      ['b', 'TEXT', true, null],
      ['c', '', true, null],
      ['no type', '', true, null],
      ['at', 'TEXT', true, 'CURRENT_TIMESTAMP'],
    ]);
    expect(order?.columns[0]?.generated).toBe('auto-increment');
    expect(order?.columns[1]).toMatchObject({ collation: 'NOCASE', onConflict: 'IGNORE' });
    expect(order?.columns[4]?.computed).toEqual({ expression: `upper("na me") || 'x'`, stored: true });
    expect(order?.columns[5]?.computed).toEqual({ expression: 'a * 2', stored: false });
    expect(order?.primaryKey).toEqual({ name: 'pk', columns: ['id'] });
    expect(order?.uniques.map(({ name, columns, onConflict }) => [name, columns, onConflict])).toEqual([
      [null, ['a'], undefined],
      ['u 1', ['a', 'b'], 'REPLACE'],
    ]);
    expect(order?.checks).toEqual([
      { name: null, expression: "`größe` <> ')'" },
      { name: null, expression: "a > 0 AND b IN ('x', 'y')" },
    ]);
    expect(child?.foreignKeys).toEqual([
      {
        name: null,
        columns: ['y'],
        referencedTable: 'order',
        referencedColumns: ['id'],
        onDelete: 'cascade',
        onUpdate: 'no action',
        deferral: 'immediate',
      },
      {
        name: 'fk',
        columns: ['z'],
        referencedTable: 'order',
        referencedColumns: ['id'],
        onDelete: 'set default',
        onUpdate: 'set null',
        deferral: 'deferred',
      },
    ]);
    expect(child?.options).toEqual(['WITHOUT ROWID', 'STRICT']);
    expect(child?.indexes[0]).toMatchObject({
      name: 'i 1',
      unique: true,
      where: 'z > 1 AND x IS NOT NULL',
      parts: [
        { column: 'z', descending: true },
        { column: null, expression: 'lower(x)', suffix: 'COLLATE NOCASE' },
        { column: 'y', descending: false },
      ],
    });
    expect(child?.triggers).toHaveLength(1);
    expect(unmanaged.map(({ kind, name }) => [kind, name])).toEqual([
      ['view', 'a view'],
      ['virtual table', 'search'],
      ['shadow table', 'search_content'],
      ['shadow table', 'search_segments'],
      ['shadow table', 'search_segdir'],
    ]);
  });

  it('are the same when they are created again from what was read', async () => {
    for (const sql of RICH) raw.db.run(sql);
    const before = await inspect();
    raw = await openRawSqljs();
    for (const step of schema.steps(before.tables.map((table) => ({ kind: 'create-table', table })))) {
      raw.db.run(step as string);
    }
    expect((await inspect()).tables).toEqual(before.tables);
  });

  it('of Cloudflare and of SQLite itself are not there', async () => {
    raw.db.run('CREATE TABLE _cf_KV (key TEXT PRIMARY KEY, value BLOB)');
    raw.db.run('CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)');
    expect((await inspect()).tables.map(({ name }) => name)).toEqual(['t']);
  });

  it('have a rowid only where SQLite has one', async () => {
    const generated = async (sql: string) => (await tableOf(sql)).columns[0]?.generated;
    expect(await generated('CREATE TABLE a (id INTEGER PRIMARY KEY)')).toBe('rowid');
    raw.db.run('DROP TABLE a');
    expect(await generated('CREATE TABLE a (id INTEGER, PRIMARY KEY (id))')).toBe('rowid');
    raw.db.run('DROP TABLE a');
    expect(await generated('CREATE TABLE a (id INT PRIMARY KEY)')).toBe(null);
    raw.db.run('DROP TABLE a');
    expect(await generated('CREATE TABLE a (id INTEGER PRIMARY KEY DESC)')).toBe(null);
    raw.db.run('DROP TABLE a');
    expect(await generated('CREATE TABLE a (id INTEGER PRIMARY KEY) WITHOUT ROWID')).toBe(null);
  });

  it('are told to be unreadable instead of being read wrong', async () => {
    const run = async () => [['table', 't', 't', 'CREATE TABLE t (a', 'table']];
    await expect(schema.inspect(run)).rejects.toMatchObject({ code: 'driver', message: /could not be read/ });
  });
});

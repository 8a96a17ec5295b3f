import { expect } from 'vitest';
import type { EntitiesDraft } from '../../../src/migration/index.ts';

/** Tables of SQLite with all that entities can say, and much that they cannot. */
export const SQLITE_TABLES: readonly string[] = [
  `CREATE TABLE authors (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CONSTRAINT authors_name_check CHECK (length("name") <= 100),
    email TEXT UNIQUE,
    "createdAt" INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER)),
    is_admin INTEGER NOT NULL DEFAULT 0 CHECK (is_admin IN (0, 1)),
    active INTEGER NOT NULL CHECK ("active" IN (0, 1)),
    kind TEXT NOT NULL DEFAULT 'a' CHECK ("kind" IN ('a', 'it''s', '😀')),
    score REAL DEFAULT -1.5,
    photo BLOB,
    code TEXT NOT NULL DEFAULT (lower(hex(randomblob(4))))
  ) STRICT`,
  `CREATE TABLE "order" (
    "select" INTEGER PRIMARY KEY AUTOINCREMENT,
    "größe (cm)" INT,
    "it's ""quoted"" \`name\`" VARCHAR(20) NOT NULL DEFAULT 'x' COLLATE NOCASE,
    "UPPER_CASE" DECIMAL(10, 2),
    "mixedCase" BOOLEAN NOT NULL DEFAULT FALSE,
    a_b TEXT, aB TEXT,
    "2nd" ANYTHING, "typeless",
    constructor TEXT, "__proto__" TEXT, toJSON TEXT, "then" TEXT, "toString" TEXT, "static" TEXT, "get" TEXT,
    author_id INTEGER REFERENCES authors ON DELETE SET NULL ON UPDATE CASCADE,
    editor INTEGER NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
    total REAL GENERATED ALWAYS AS ("UPPER_CASE" * 2) VIRTUAL,
    label TEXT NOT NULL AS ("mixedCase" || '!') STORED,
    CHECK ("größe (cm)" > 0), CONSTRAINT long_enough CHECK (length("static") >= 1),
    CONSTRAINT order_check CHECK (length("get") > 0)
  )`,
  `CREATE TABLE order_lines (
    "order" INTEGER NOT NULL REFERENCES "order" ("select") ON DELETE CASCADE,
    no INTEGER NOT NULL,
    item TEXT NOT NULL,
    PRIMARY KEY ("order", no)
  ) WITHOUT ROWID`,
  `CREATE TABLE line_notes (
    id TEXT PRIMARY KEY,
    line_no INTEGER, line_order INTEGER, note TEXT,
    FOREIGN KEY (line_order, line_no) REFERENCES order_lines ("order", no) ON DELETE CASCADE
  )`,
  `CREATE TABLE nodes (
    id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES nodes, twin_id INTEGER UNIQUE REFERENCES nodes,
    sort INTEGER NOT NULL, name TEXT, UNIQUE (parent_id, sort)
  )`,
  `CREATE TABLE profiles (
    author_id INTEGER PRIMARY KEY REFERENCES authors ON DELETE CASCADE, text TEXT, nick TEXT REFERENCES authors (email)
  )`,
  `CREATE TABLE tags (name VARCHAR(10) NOT NULL PRIMARY KEY, count BIGINT NOT NULL DEFAULT 0)`,
  `CREATE TABLE order_tags (
    "order" INTEGER NOT NULL REFERENCES "order", tag VARCHAR(10) NOT NULL REFERENCES tags,
    PRIMARY KEY (tag, "order")
  )`,
  'CREATE TABLE tenants (id INTEGER PRIMARY KEY)',
  'CREATE TABLE people (tenant_id INTEGER NOT NULL REFERENCES tenants, id INTEGER NOT NULL, boss_id INTEGER, PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, boss_id) REFERENCES people (tenant_id, id))',
  'CREATE TABLE tasks (id INTEGER PRIMARY KEY, tenant_id INTEGER NOT NULL REFERENCES tenants, person_id INTEGER NOT NULL, FOREIGN KEY (tenant_id, person_id) REFERENCES people (tenant_id, id))',
  'CREATE TABLE owner_texts (id INTEGER PRIMARY KEY, owner_id TEXT REFERENCES tenants)',
  'CREATE TABLE log (at INTEGER, text TEXT, node_id INTEGER REFERENCES nodes)',
  'CREATE TABLE "日本 表" ("名前" TEXT NOT NULL PRIMARY KEY, "Ünïcode" TEXT)',
  'CREATE TABLE "Ref" (id INTEGER PRIMARY KEY, "日本" TEXT REFERENCES "日本 表")',
  'CREATE TABLE "2fa" (id INTEGER PRIMARY KEY)',
  'CREATE TABLE cased (Id INTEGER, author INTEGER NOT NULL REFERENCES AUTHORS (ID), sort INT, PRIMARY KEY (ID), UNIQUE (AUTHOR, sort))',
  'CREATE INDEX cased_sort ON CASED (SORT)',
  'CREATE INDEX authors_name ON authors (name)',
  'CREATE INDEX authors_partial ON authors (email) WHERE active = 1',
  'CREATE INDEX authors_lower ON authors (lower(name), score DESC)',
  'CREATE INDEX authors_two ON authors (name, "createdAt")',
  'CREATE INDEX orders_editor ON "order" (editor, "mixedCase")',
  'CREATE UNIQUE INDEX order_unique ON "order" (author_id, a_b)',
  'CREATE INDEX lines_leading ON order_lines ("order")',
  'CREATE INDEX tasks_person ON tasks (person_id)',
  'CREATE VIEW named AS SELECT name FROM authors',
  `CREATE TRIGGER noted AFTER DELETE ON authors BEGIN INSERT INTO log (text) VALUES ('gone'); END`,
];

/** Values for what no builder of Meshestra's makes. */
export const SQLITE_SAMPLES = {
  INT: 3,
  'VARCHAR(20)': 'x ü',
  'VARCHAR(10)': 'key',
  'DECIMAL(10, 2)': '12.25',
  BOOLEAN: 1,
  BIGINT: 12,
  ANYTHING: '17',
  '': 'anything',
  'authors.kind': "it's",
  'authors.is_admin': 1,
  'people.boss_id': null,
  'profiles.nick': "it's ü",
  'owner_texts.owner_id': null,
};

/** What of the draft could be wrong without a difference in the tables. */
export function expectSqliteDraft({ entities, notes }: EntitiesDraft): void {
  expect(notes).toEqual([
    'authors: the index authors_partial is no plain one and is not said',
    'authors: the index authors_lower is no plain one and is not said',
    'log: no entity: the table has no primary key',
    'owner_texts: the foreign key owner_id is no relation: its columns have other types than the key',
    'people: the foreign key tenant_id, boss_id is no relation: a part of it is in the primary key',
    'profiles: the foreign key nick is no relation: it refers to something that is no primary key',
    'tasks: the foreign key tenant_id is no relation: another relation has its columns',
    'view named: left alone',
  ]);
  const [authors, order, lines, nodes] = ['Authors', 'Order', 'OrderLines', 'Nodes'].map((name) =>
    entities.find(({ className }) => className === name),
  );
  expect(new Set(entities.map(({ className }) => className))).toEqual(new Set(CLASSES));
  expect(authors?.columns.map(({ property, type }) => [property, type])).toEqual(
    AUTHOR_TYPES.map(([property, type]) => [property, { kind: 'built-in', type }]),
  );
  expect(authors?.columns.find(({ property }) => property === 'createdAt')?.default).toEqual({ kind: 'now' });
  expect(order?.columns.map(({ property }) => property)).toEqual(ORDER_PROPERTIES);
  expect(lines?.relations).toMatchObject([{ property: 'order', primaryKey: true, onDelete: 'cascade' }]);
  expect(nodes?.relations).toMatchObject([
    { property: 'parent', kind: 'manyToOne', nullable: true },
    { property: 'twin', kind: 'oneToOne' },
  ]);
  expect(nodes?.inverses).toMatchObject([
    { property: 'nodesByParent', kind: 'oneToMany', inverse: 'parent' },
    { property: 'nodesByTwin', kind: 'oneToOne', inverse: 'twin' },
  ]);
}

const CLASSES = [
  ...['Authors', 'Order', 'OrderLines', 'LineNotes', 'Nodes', 'Profiles', 'Tags', 'OrderTags', 'Tenants', 'People'],
  ...['Tasks', 'OwnerTexts', '日本表', 'Ref2', '_2fa', 'Cased'],
];

const AUTHOR_TYPES = [
  ['id', { name: 'integer' }],
  ['name', { name: 'text', maxLength: 100 }],
  ['email', { name: 'text' }],
  ['createdAt', { name: 'datetime' }],
  ['isAdmin', { name: 'integer' }],
  ['active', { name: 'boolean' }],
  ['kind', { name: 'text', values: ['a', "it's", '😀'] }],
  ['score', { name: 'float' }],
  ['photo', { name: 'bytes' }],
  ['code', { name: 'text' }],
] as const;

const ORDER_PROPERTIES = [
  ...['select', 'größeCm', 'itSQuotedName', 'upperCase', 'mixedCase', 'aB', 'aB2', '_2nd', 'typeless'],
  ...['constructorColumn', 'proto', 'toJSONColumn', 'thenColumn', 'toStringColumn', 'static', 'get', 'total', 'label'],
];

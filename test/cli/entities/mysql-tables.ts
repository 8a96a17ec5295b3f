import { expect } from 'vitest';
import type { EntitiesDraft } from '../../../src/migration/index.ts';
import { typesIn } from './types-in.ts';

/** Tables of MySQL and MariaDB with all that entities can say, and much that they cannot. */
export const MYSQL_TABLES: readonly string[] = [
  `CREATE TABLE authors (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(255) UNIQUE,
    \`createdAt\` DATETIME(3) NOT NULL DEFAULT (UTC_TIMESTAMP(3)),
    is_admin TINYINT(1) NOT NULL DEFAULT 0,
    active TINYINT(1) NOT NULL,
    kind VARCHAR(4) NOT NULL DEFAULT 'a',
    born DATE, score DOUBLE DEFAULT -1.5, photo LONGBLOB, bio LONGTEXT, price DECIMAL(10, 2),
    CONSTRAINT authors_kind_check CHECK (kind IN ('a', 'it''s')),
    CONSTRAINT authors_active_check CHECK (active IN (0, 1)), CONSTRAINT name_long CHECK (char_length(name) >= 1)
  )`,
  `CREATE TABLE \`order\` (
    \`select\` INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    \`größe (cm)\` INT CHECK (\`größe (cm)\` > 0),
    \`it's "quoted" \`\`name\`\`\` VARCHAR(500) NOT NULL DEFAULT 'it''s \\\\ x',
    \`UPPER_CASE\` DECIMAL(20, 4) UNSIGNED, small SMALLINT, f FLOAT, c CHAR(3), ts TIMESTAMP NULL, dt DATETIME, t TIME, y YEAR,
    \`mixedCase\` BIT(4), how ENUM('sad', 'it''s') NOT NULL DEFAULT 'sad', flags SET('a', 'b'), j JSON, b VARBINARY(20), bl BLOB,
    tt TINYTEXT, big BIGINT UNSIGNED, at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    place POINT, a_b VARCHAR(50), \`constructor\` LONGTEXT, \`then\` LONGTEXT, \`static\` LONGTEXT,
    author_id BIGINT, editor BIGINT NOT NULL DEFAULT 1,
    total DECIMAL(20, 4) GENERATED ALWAYS AS (\`UPPER_CASE\` * 2) STORED,
    shown VARCHAR(60) AS (concat(a_b, '!')) VIRTUAL,
    KEY orders_editor (editor, small), KEY long_text (\`static\`(20)), FULLTEXT KEY words (\`constructor\`),
    FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE SET NULL ON UPDATE CASCADE,
    FOREIGN KEY (editor) REFERENCES authors (id) ON DELETE RESTRICT
  ) COMMENT = 'said'`,
  `CREATE TABLE order_lines (
    \`order\` INT UNSIGNED NOT NULL, no INT NOT NULL, item VARCHAR(20) COLLATE utf8mb4_general_ci NOT NULL, PRIMARY KEY (\`order\`, no),
    FOREIGN KEY (\`order\`) REFERENCES \`order\` (\`select\`) ON DELETE CASCADE
  )`,
  `CREATE TABLE line_notes (
    id CHAR(36) NOT NULL PRIMARY KEY DEFAULT (uuid()), line_no INT, line_order INT UNSIGNED, note TEXT,
    FOREIGN KEY (line_order, line_no) REFERENCES order_lines (\`order\`, no) ON DELETE CASCADE
  )`,
  `CREATE TABLE nodes (
    id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, parent_id BIGINT, twin_id BIGINT UNIQUE, sort BIGINT NOT NULL, UNIQUE (parent_id, sort),
    FOREIGN KEY (parent_id) REFERENCES nodes (id), FOREIGN KEY (twin_id) REFERENCES nodes (id)
  )`,
  `CREATE TABLE profiles (
    author_id BIGINT NOT NULL PRIMARY KEY, text LONGTEXT, nick VARCHAR(255),
    FOREIGN KEY (author_id) REFERENCES authors (id), FOREIGN KEY (nick) REFERENCES authors (email)
  )`,
  'CREATE TABLE counters (id VARCHAR(5) NOT NULL PRIMARY KEY, counted BIGINT NOT NULL AUTO_INCREMENT UNIQUE)',
  'CREATE TABLE tags (name VARCHAR(10) NOT NULL PRIMARY KEY)',
  `CREATE TABLE order_tags (
    \`order\` INT UNSIGNED NOT NULL, tag VARCHAR(10) NOT NULL, PRIMARY KEY (tag, \`order\`),
    FOREIGN KEY (\`order\`) REFERENCES \`order\` (\`select\`), FOREIGN KEY (tag) REFERENCES tags (name)
  )`,
  'CREATE TABLE log (at DATETIME, node_id BIGINT, FOREIGN KEY (node_id) REFERENCES nodes (id))',
  'CREATE TABLE `日本 表` (`名前` VARCHAR(50) NOT NULL PRIMARY KEY, `Ünïcode` VARCHAR(50))',
  'CREATE INDEX authors_name ON authors (name)',
  'CREATE INDEX authors_down ON authors (name DESC, score)',
  'CREATE VIEW named AS SELECT name FROM authors',
];

/** Values for what no builder of Meshestra's makes. */
export const MYSQL_SAMPLES = {
  'tinyint(1)': 1,
  'int(11)': 3,
  'int(10) unsigned': 4,
  'smallint(6)': 2,
  'varchar(500)': 'x ü',
  'varchar(20)': 'x ü',
  'varchar(4)': "it's",
  'decimal(20,4) unsigned': '12.2500',
  float: 1.5,
  'char(3)': 'abc',
  timestamp: '2024-02-29 12:34:56',
  datetime: '2024-02-29 12:34:56',
  time: '12:34:56',
  'year(4)': '2024',
  'bit(4)': 10n,
  "enum('sad','it''s')": "it's",
  "set('a','b')": 'a,b',
  json: '{"a": 1}',
  'varbinary(20)': new Uint8Array([1, 0]),
  blob: new Uint8Array([1, 0]),
  tinytext: 'x',
  text: 'x',
  'bigint(20) unsigned': 18_446_744_073_709_551n,
  'bigint(20)': 5n,
  point: 'POINT(1 2)',
  'authors.kind': "it's",
  'counters.counted': undefined,
  'profiles.nick': "it's ü",
};

/** What of the draft could be wrong without a difference in the tables. */
export function expectMysqlDraft({ entities, notes }: EntitiesDraft): void {
  expect(notes).toEqual([
    'authors: the index authors_down is no plain one and is not said',
    'counters: that the database generates counted is not said; only a key of one column can be',
    'line_notes: the default of id is not said: uuid()',
    'log: no entity: the table has no primary key',
    'order: what each update sets at to is not said: current_timestamp(3)',
    'order: the default of editor is not said: 1',
    'order: the index words is no plain one and is not said',
    'profiles: the foreign key nick is no relation: it refers to something that is no primary key',
    'view named: left alone',
  ]);
  expect(typesIn(entities, 'authors')).toEqual(AUTHOR_TYPES);
  expect(typesIn(entities, 'order')).toMatchObject(ORDER_TYPES);
}

const AUTHOR_TYPES = {
  id: { name: 'integer' },
  name: { name: 'text', maxLength: 100 },
  email: { name: 'text', maxLength: 255 },
  createdAt: { name: 'datetime' },
  is_admin: 'integer',
  active: { name: 'boolean' },
  kind: { name: 'text', values: ['a', "it's"] },
  born: { name: 'date' },
  score: { name: 'float' },
  photo: { name: 'bytes' },
  bio: { name: 'text' },
  price: { name: 'decimal', precision: 10, scale: 2 },
};

const ORDER_TYPES = {
  select: 'integer',
  UPPER_CASE: 'text',
  f: 'float',
  dt: 'text',
  mixedCase: 'bigint',
  how: 'text',
  b: 'bytes',
  big: 'bigint',
  place: 'text',
};

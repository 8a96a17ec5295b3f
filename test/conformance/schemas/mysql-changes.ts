import { type ChangeCase, filling, renaming } from './change-laws.ts';

const CHILD =
  'CREATE TABLE child (id int PRIMARY KEY, parent bigint, CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE)';
const CHILD_ROWS = ['INSERT INTO child VALUES (1, 1), (2, 1), (3, 2)'];
const CHILDREN_SEEN = {
  query: 'SELECT id, parent FROM child ORDER BY id',
  rows: [
    [1, 1],
    [2, 1],
    [3, 2],
  ],
};

/** Changes of tables with rows on MySQL and MariaDB. */
export const MYSQL_CHANGES: readonly ChangeCase[] = [
  {
    name: 'changes types where they stand, of both sides of a foreign key too, and keeps all that is said of a column',
    before: [
      `CREATE TABLE parent (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, short varchar(50) COLLATE utf8mb4_general_ci DEFAULT 'x' COMMENT 'it''s' UNIQUE,
        digits varchar(20) NOT NULL DEFAULT '7', price decimal(10,4), at datetime DEFAULT NULL ON UPDATE current_timestamp(),
        doubled int GENERATED ALWAYS AS (digits * 2) STORED, seen int GENERATED ALWAYS AS (digits + 1) VIRTUAL,
        KEY parent_doubled (doubled), KEY parent_seen (seen), CONSTRAINT positive CHECK (price > 0))`,
      'CREATE TABLE child (id int PRIMARY KEY, parent int, CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE)',
    ],
    after: [
      `CREATE TABLE parent (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, short varchar(51) COLLATE utf8mb4_general_ci DEFAULT 'x' COMMENT 'it''s' UNIQUE,
        digits int NOT NULL DEFAULT 7, price decimal(10,2), at datetime(3) DEFAULT NULL ON UPDATE current_timestamp(3),
        doubled bigint GENERATED ALWAYS AS (digits * 3) STORED, seen int GENERATED ALWAYS AS (digits + 2) STORED,
        KEY parent_doubled (doubled), KEY parent_seen (seen), CONSTRAINT positive CHECK (price > 0))`,
      CHILD,
    ],
    rows: [
      `INSERT INTO parent (id, short, digits, price, at) VALUES (1, 'a', '12', 1.25, '2024-03-10 02:30:00'), (2, 'B', '7', 2.5, NULL), (3, NULL, '0', NULL, NULL)`,
      ...CHILD_ROWS,
    ],
    seen: [
      {
        query: `SELECT id, short, digits, price, at = '2024-03-10 02:30:00', doubled, seen FROM parent ORDER BY id`,
        rows: [
          [1, 'a', 12, '1.25', 1, 36, 14],
          [2, 'B', 7, '2.50', null, 21, 9],
          [3, null, 0, null, null, 0, 2],
        ],
      },
      CHILDREN_SEEN,
    ],
    seenAgain: [
      {
        query: 'SELECT id, digits, price, doubled, seen FROM parent ORDER BY id',
        rows: [
          [1, '12', '1.2500', 24, 13],
          [2, '7', '2.5000', 14, 8],
          [3, '0', null, 0, 1],
        ],
      },
      CHILDREN_SEEN,
    ],
  },
  {
    name: 'fills new columns and NULLs before they are NOT NULL, which is no update of the rows',
    before: [
      'CREATE TABLE parent (id int PRIMARY KEY, name text, other int, at datetime(3) DEFAULT NULL ON UPDATE current_timestamp(3))',
    ],
    after: [
      `CREATE TABLE parent (id int PRIMARY KEY, name varchar(80) NOT NULL, other int NOT NULL, at datetime(3) DEFAULT NULL ON UPDATE current_timestamp(3),
        slug varchar(80) NOT NULL DEFAULT 'none', note text DEFAULT 'new', CONSTRAINT named CHECK (name <> ''))`,
    ],
    rows: [`INSERT INTO parent VALUES (1, 'One', NULL, '2024-01-01'), (2, NULL, 1, NULL), (3, NULL, NULL, NULL)`],
    up: { fills: filling({ parent: { name: `concat('#', id)`, other: '1', slug: `lower(name)` } }) },
    seen: [
      {
        query: `SELECT id, name, other, slug, note, at = '2024-01-01' FROM parent ORDER BY id`,
        rows: [
          [1, 'One', 1, 'one', 'new', 1],
          [2, '#2', 1, '#2', 'new', null],
          [3, '#3', 1, '#3', 'new', null],
        ],
      },
    ],
    seenAgain: [{ query: 'SELECT count(*) FROM parent WHERE other = 1', rows: [[3]] }],
  },
  {
    name: 'lets tables, columns and indexes change places, with what speaks of them',
    before: [
      `CREATE TABLE a (id int PRIMARY KEY, x int, \`X y\` varchar(20), \`name\` varchar(20), g int GENERATED ALWAYS AS (x + 1) STORED,
        KEY first (x), KEY third (g), CONSTRAINT one CHECK (x > 0), CONSTRAINT two CHECK (\`X y\` <> ''))`,
      'CREATE TABLE b (id int PRIMARY KEY, a int, `select` varchar(20) UNIQUE, KEY second (a), KEY other (id, a), CONSTRAINT b_a FOREIGN KEY (a) REFERENCES a (id))',
    ],
    after: [
      `CREATE TABLE b (id int PRIMARY KEY, \`X y\` int, x varchar(20), \`Name\` varchar(20), h int GENERATED ALWAYS AS (\`X y\` + 1) STORED,
        KEY second (\`X y\`), KEY third (h), CONSTRAINT two CHECK (\`X y\` > 0), CONSTRAINT one CHECK (x <> ''))`,
      'CREATE TABLE a (id int PRIMARY KEY, b int, `from` varchar(20), UNIQUE KEY `from` (`from`), KEY other (b), KEY second (id, b), CONSTRAINT a_b FOREIGN KEY (b) REFERENCES b (id))',
    ],
    rows: [
      `INSERT INTO a (id, x, \`X y\`, name) VALUES (1, 10, 'p', 'n'), (2, 20, 'q', NULL), (3, 30, 'r', NULL)`,
      `INSERT INTO b VALUES (1, 1, 's'), (2, 2, 't'), (3, NULL, NULL)`,
    ],
    up: {
      renames: renaming(
        { a: 'b', b: 'a' },
        { b: { x: 'X y', 'X y': 'x', name: 'Name', g: 'h' }, a: { a: 'b', select: 'from' } },
      ),
    },
    seen: [
      {
        query: 'SELECT id, `X y`, x, `Name`, h FROM b ORDER BY id',
        rows: [
          [1, 10, 'p', 'n', 11],
          [2, 20, 'q', null, 21],
          [3, 30, 'r', null, 31],
        ],
      },
      {
        query: 'SELECT * FROM a ORDER BY id',
        rows: [
          [1, 1, 's'],
          [2, 2, 't'],
          [3, null, null],
        ],
      },
    ],
    seenAgain: [{ query: 'SELECT x, `X y`, `name`, g FROM a WHERE id = 1', rows: [[10, 'p', 'n', 11]] }],
  },
  {
    name: 'changes a primary key that others refer to, and one that counts',
    before: [
      'CREATE TABLE parent (id bigint NOT NULL PRIMARY KEY, code int NOT NULL)',
      'CREATE TABLE counted (id int NOT NULL AUTO_INCREMENT PRIMARY KEY, code int NOT NULL)',
      CHILD,
    ],
    after: [
      'CREATE TABLE parent (id bigint NOT NULL, code int NOT NULL, PRIMARY KEY (code), UNIQUE KEY parent_id_key (id))',
      'CREATE TABLE counted (id int NOT NULL, code int NOT NULL AUTO_INCREMENT, more int DEFAULT NULL, PRIMARY KEY (code))',
      CHILD,
    ],
    rows: [
      'INSERT INTO parent VALUES (1, 10), (2, 20), (3, 30)',
      'INSERT INTO counted (code) VALUES (10), (20), (30)',
      ...CHILD_ROWS,
    ],
    seen: [
      CHILDREN_SEEN,
      {
        query: 'SELECT id, code FROM counted ORDER BY code',
        rows: [
          [1, 10],
          [2, 20],
          [3, 30],
        ],
      },
    ],
    seenAgain: [CHILDREN_SEEN],
  },
  {
    name: 'changes what is said of tables, columns, constraints and indexes',
    before: [
      `CREATE TABLE parent (id bigint PRIMARY KEY, name varchar(50), n int COMMENT 'n', kind varchar(20), lone int CHECK (lone > 0),
        UNIQUE KEY u (name), KEY i (n), KEY old (kind), CONSTRAINT c CHECK (n > 0)) COMMENT='it''s' DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci ROW_FORMAT=COMPACT`,
      CHILD,
    ],
    after: [
      `CREATE TABLE parent (id bigint PRIMARY KEY, name varchar(50) COMMENT 'it''s \\\\ n', n int DEFAULT (1 + 2), kind enum('k','l'), lone int CHECK (lone > 1),
        UNIQUE KEY u (name, n), KEY i (n DESC, name(10)), KEY new (kind), CONSTRAINT c CHECK (n > 1)) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin`,
      CHILD.replace('CASCADE', 'SET NULL'),
    ],
    rows: [
      `INSERT INTO parent VALUES (1, 'a', 6, 'k', 2), (2, 'b', 7, 'l', NULL), (3, 'c', NULL, NULL, 3)`,
      ...CHILD_ROWS,
    ],
    seen: [
      {
        query: 'SELECT id, name, n, kind, lone FROM parent ORDER BY id',
        rows: [
          [1, 'a', 6, 'k', 2],
          [2, 'b', 7, 'l', null],
          [3, 'c', null, null, 3],
        ],
      },
      CHILDREN_SEEN,
    ],
    seenAgain: [CHILDREN_SEEN],
  },
  {
    name: 'drops and adds columns and tables that refer to each other in a circle',
    before: [
      'CREATE TABLE hen (id int PRIMARY KEY, egg int)',
      'CREATE TABLE egg (id int PRIMARY KEY, hen int, CONSTRAINT egg_hen FOREIGN KEY (hen) REFERENCES hen (id))',
      'ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg (id)',
      `CREATE TABLE farm (id int PRIMARY KEY, hen int, name varchar(20), loud varchar(20) GENERATED ALWAYS AS (upper(name)) STORED,
        UNIQUE KEY farm_name (name, hen), CONSTRAINT farm_hen FOREIGN KEY (hen) REFERENCES hen (id))`,
    ],
    after: [
      'CREATE TABLE nest (id int PRIMARY KEY, tree int, farm int, CONSTRAINT nest_farm FOREIGN KEY (farm) REFERENCES nest (id))',
      'CREATE TABLE tree (id int PRIMARY KEY, nest int, CONSTRAINT tree_nest FOREIGN KEY (nest) REFERENCES nest (id))',
      'ALTER TABLE nest ADD CONSTRAINT nest_tree FOREIGN KEY (tree) REFERENCES tree (id)',
      `CREATE TABLE farm (id int PRIMARY KEY, tree int, size int, \`double\` int GENERATED ALWAYS AS (size * 2) STORED,
        CONSTRAINT farm_tree FOREIGN KEY (tree) REFERENCES tree (id), CONSTRAINT farm_double CHECK (\`double\` > 0))`,
    ],
    rows: [
      'INSERT INTO hen VALUES (1, NULL), (2, NULL), (3, NULL)',
      'INSERT INTO egg VALUES (1, 1)',
      `INSERT INTO farm (id, hen, name) VALUES (1, 1, 'a'), (2, 1, 'b'), (3, 1, NULL)`,
    ],
    up: { fills: filling({ farm: { size: 'id + 1' } }) },
    down: filling({ farm: { name: `concat('farm ', id)` } }),
    seen: [
      {
        query: 'SELECT id, tree, size, `double` FROM farm ORDER BY id',
        rows: [
          [1, null, 2, 4],
          [2, null, 3, 6],
          [3, null, 4, 8],
        ],
      },
    ],
    seenAgain: [{ query: 'SELECT id, hen, loud FROM farm WHERE id = 3', rows: [[3, null, 'FARM 3']] }],
  },
];

import { type ChangeCase, filling, renaming } from './change-laws.ts';

const CHILD =
  'CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent (id) ON DELETE CASCADE ON UPDATE CASCADE) STRICT';
const CHILD_ROWS = ['INSERT INTO child VALUES (1, 1), (2, 1), (3, 2)'];
const CHILDREN_SEEN = {
  query: 'SELECT id, parent FROM child ORDER BY id',
  rows: [
    [1, 1],
    [2, 1],
    [3, 2],
  ],
};

/** Changes of tables with rows on SQLite, where most build a table anew. */
export const SQLITE_CHANGES: readonly ChangeCase[] = [
  {
    name: 'changes types, and keeps all that is said of a table',
    before: [
      `CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE DEFAULT 'it''s' UNIQUE ON CONFLICT IGNORE,
        digits TEXT NOT NULL DEFAULT '7', doubled INTEGER GENERATED ALWAYS AS (digits * 2) STORED, at TEXT DEFAULT CURRENT_TIMESTAMP,
        owner INTEGER REFERENCES parent (id) ON DELETE SET DEFAULT ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT positive CHECK (digits > 0))`,
      'CREATE UNIQUE INDEX parent_partial ON parent (lower(name) DESC, digits) WHERE name IS NOT NULL',
      'CREATE TRIGGER parent_trigger AFTER INSERT ON parent BEGIN UPDATE parent SET at = 0 WHERE id = 0; END',
      CHILD,
    ],
    after: [
      `CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE DEFAULT 'it''s' UNIQUE ON CONFLICT IGNORE,
        digits INTEGER NOT NULL DEFAULT 7, doubled INTEGER GENERATED ALWAYS AS (digits * 3) STORED, at TEXT DEFAULT CURRENT_TIMESTAMP,
        owner INTEGER REFERENCES parent (id) ON DELETE SET DEFAULT ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
        CONSTRAINT positive CHECK (digits > 0))`,
      'CREATE UNIQUE INDEX parent_partial ON parent (lower(name) DESC, digits) WHERE name IS NOT NULL',
      'CREATE TRIGGER parent_trigger AFTER INSERT ON parent BEGIN UPDATE parent SET at = 0 WHERE id = 0; END',
      CHILD,
    ],
    rows: [
      `INSERT INTO parent (id, name, digits, at, owner) VALUES (1, 'a', '12', 't', 2), (2, 'B', '7', 't', 1), (3, NULL, '1', 't', NULL), (9, 'gone', '1', 't', NULL)`,
      'DELETE FROM parent WHERE id = 9',
      ...CHILD_ROWS,
    ],
    seen: [
      {
        query: 'SELECT id, name, digits, doubled, at, owner FROM parent ORDER BY id',
        rows: [
          [1, 'a', 12, 36, 't', 2],
          [2, 'B', 7, 21, 't', 1],
          [3, null, 1, 3, 't', null],
        ],
      },
      // A key that was given once is not given again.
      { query: `SELECT seq FROM sqlite_sequence WHERE name = 'parent'`, rows: [[9]] },
      CHILDREN_SEEN,
    ],
    seenAgain: [
      {
        query: 'SELECT id, digits, doubled FROM parent ORDER BY id',
        rows: [
          [1, '12', 24],
          [2, '7', 14],
          [3, '1', 2],
        ],
      },
      CHILDREN_SEEN,
    ],
  },
  {
    name: 'builds a table anew beside views and triggers that speak of what is not there',
    before: [
      'CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT) STRICT',
      'CREATE TABLE gone (x TEXT)',
      'CREATE VIEW seen AS SELECT name FROM parent',
      'CREATE VIEW broken AS SELECT x FROM gone',
      'CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT',
      'CREATE TRIGGER broken_too AFTER INSERT ON other BEGIN INSERT INTO gone VALUES (1); END',
      'DROP TABLE gone',
      CHILD,
    ],
    after: [
      `CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '', CONSTRAINT short CHECK (length(name) < 9)) STRICT`,
      'CREATE TABLE gone (x TEXT)',
      'CREATE VIEW seen AS SELECT name FROM parent',
      'CREATE VIEW broken AS SELECT x FROM gone',
      'CREATE TABLE other (id INTEGER PRIMARY KEY) STRICT',
      'CREATE TRIGGER broken_too AFTER INSERT ON other BEGIN INSERT INTO gone VALUES (1); END',
      'DROP TABLE gone',
      CHILD,
    ],
    rows: [`INSERT INTO parent VALUES (1, 'a'), (2, NULL), (3, 'c')`, ...CHILD_ROWS],
    up: { fills: filling({ parent: { name: `'-'` } }) },
    seen: [{ query: 'SELECT name FROM seen ORDER BY name', rows: [['-'], ['a'], ['c']] }, CHILDREN_SEEN],
    seenAgain: [CHILDREN_SEEN],
  },
  {
    name: 'copies by name, whatever the order of columns, and no computed ones',
    before: ['CREATE TABLE t (id INTEGER PRIMARY KEY, b TEXT, a TEXT, ab TEXT AS (a || b) VIRTUAL) STRICT'],
    after: ['CREATE TABLE t (a TEXT NOT NULL, id INTEGER PRIMARY KEY, ab TEXT AS (a || b) STORED, b TEXT) STRICT'],
    rows: [`INSERT INTO t (id, a, b) VALUES (1, 'A', 'B'), (2, 'C', 'D'), (3, 'E', NULL)`],
    seen: [
      {
        query: 'SELECT id, a, b, ab FROM t ORDER BY id',
        rows: [
          [1, 'A', 'B', 'AB'],
          [2, 'C', 'D', 'CD'],
          [3, 'E', null, null],
        ],
      },
    ],
  },
  {
    name: 'trades the names of columns and tables, and changes the case of a name and a type with it',
    before: [
      'CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, y TEXT, "Name" TEXT) STRICT',
      'CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id)) STRICT',
    ],
    after: [
      'CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT, x TEXT, name INTEGER) STRICT',
      'CREATE TABLE a (id INTEGER PRIMARY KEY, a INTEGER REFERENCES b (id)) STRICT',
    ],
    rows: [
      `INSERT INTO a VALUES (1, 'x1', 'y1', '1'), (2, 'x2', 'y2', '2'), (3, NULL, 'y3', NULL)`,
      'INSERT INTO b VALUES (7, 1), (8, 2), (9, NULL)',
    ],
    up: { renames: renaming({ a: 'b', b: 'a' }, { b: { x: 'y', y: 'x', Name: 'name' } }) },
    seen: [
      {
        query: 'SELECT id, x, y, name FROM b ORDER BY id',
        rows: [
          [1, 'y1', 'x1', 1],
          [2, 'y2', 'x2', 2],
          [3, 'y3', null, null],
        ],
      },
      {
        query: 'SELECT id, a FROM a ORDER BY id',
        rows: [
          [7, 1],
          [8, 2],
          [9, null],
        ],
      },
    ],
  },
  {
    name: 'builds two tables anew that refer to each other, and the child of both',
    before: [
      'CREATE TABLE one (id INTEGER PRIMARY KEY, other INTEGER REFERENCES two (id) ON DELETE CASCADE, v TEXT) STRICT',
      'CREATE TABLE two (id INTEGER PRIMARY KEY, other INTEGER REFERENCES one (id) ON DELETE RESTRICT, v TEXT) STRICT',
      'CREATE TABLE both (a INTEGER REFERENCES one (id) ON DELETE SET NULL, b INTEGER REFERENCES two (id) ON DELETE CASCADE, v TEXT, PRIMARY KEY (a, b)) STRICT',
    ],
    after: [
      'CREATE TABLE one (id INTEGER PRIMARY KEY, other INTEGER REFERENCES two (id) ON DELETE CASCADE, v INTEGER) STRICT',
      'CREATE TABLE two (id INTEGER PRIMARY KEY, other INTEGER REFERENCES one (id) ON DELETE RESTRICT, v INTEGER) STRICT',
      'CREATE TABLE both (a INTEGER REFERENCES one (id) ON DELETE SET NULL, b INTEGER REFERENCES two (id) ON DELETE CASCADE, v INTEGER, PRIMARY KEY (a, b)) STRICT',
    ],
    rows: [
      `INSERT INTO one VALUES (1, NULL, '1'), (2, NULL, '2'), (3, NULL, '3')`,
      `INSERT INTO two VALUES (1, 1, '1'), (2, 2, '2'), (3, 3, '3')`,
      'UPDATE one SET other = id',
      `INSERT INTO both VALUES (1, 1, '1'), (2, 2, '2'), (3, 3, '3')`,
    ],
    seen: [
      {
        query: 'SELECT id, other, v FROM one ORDER BY id',
        rows: [
          [1, 1, 1],
          [2, 2, 2],
          [3, 3, 3],
        ],
      },
      {
        query: 'SELECT id, other, v FROM two ORDER BY id',
        rows: [
          [1, 1, 1],
          [2, 2, 2],
          [3, 3, 3],
        ],
      },
      {
        query: 'SELECT a, b, v FROM both ORDER BY a',
        rows: [
          [1, 1, 1],
          [2, 2, 2],
          [3, 3, 3],
        ],
      },
    ],
    seenAgain: [
      {
        query: 'SELECT a, b, v FROM both ORDER BY a',
        rows: [
          [1, 1, '1'],
          [2, 2, '2'],
          [3, 3, '3'],
        ],
      },
    ],
  },
];

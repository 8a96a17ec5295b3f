import { type ChangeCase, filling, renaming } from './change-laws.ts';

const CHILDREN = [
  'CREATE TABLE child (id integer PRIMARY KEY, parent bigint, CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent ON DELETE CASCADE)',
];
const CHILD_ROWS = ['INSERT INTO child VALUES (1, 1), (2, 1), (3, 2)'];
const CHILDREN_SEEN = {
  query: 'SELECT id, parent FROM child ORDER BY id',
  rows: [
    [1, 1],
    [2, 1],
    [3, 2],
  ],
};

/** Changes of tables with rows on PostgreSQL. */
export const POSTGRES_CHANGES: readonly ChangeCase[] = [
  {
    name: 'changes types where they stand, with what is computed from them',
    before: [
      `CREATE TABLE parent (id integer PRIMARY KEY, short varchar(50) DEFAULT 'x' UNIQUE, digits text DEFAULT '7' NOT NULL,
        price numeric(10,4), flag boolean DEFAULT true, at timestamp, doubled text GENERATED ALWAYS AS (digits || digits) STORED,
        CONSTRAINT positive CHECK (price > 0), CONSTRAINT long CHECK (length(doubled) < 20))`,
      'CREATE INDEX parent_doubled ON parent (doubled) WHERE doubled IS NOT NULL',
      'CREATE TABLE child (id integer PRIMARY KEY, parent integer, CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent ON DELETE CASCADE)',
    ],
    after: [
      `CREATE TABLE parent (id bigint PRIMARY KEY, short varchar(51) DEFAULT 'x' UNIQUE, digits integer DEFAULT 7 NOT NULL,
        price numeric(10,2), flag bigint DEFAULT 1, at timestamptz, doubled integer GENERATED ALWAYS AS (digits + digits) STORED,
        CONSTRAINT positive CHECK (price > 0), CONSTRAINT long CHECK (doubled < 20000))`,
      'CREATE INDEX parent_doubled ON parent (doubled) WHERE doubled IS NOT NULL',
      ...CHILDREN,
    ],
    rows: [
      `INSERT INTO parent VALUES (1, 'a', '12', 1.25, true, '2024-03-10 02:30:00'), (2, 'b', ' 7', 2.5, false, NULL), (3, NULL, '0', NULL, NULL, NULL)`,
      ...CHILD_ROWS,
    ],
    seen: [
      {
        query: `SELECT id, short, digits, price, flag, at = '2024-03-10 02:30:00+00', doubled FROM parent ORDER BY id`,
        rows: [
          [1, 'a', 12, '1.25', 1, true, 24],
          [2, 'b', 7, '2.50', 0, null, 14],
          [3, null, 0, null, null, null, 0],
        ],
      },
      CHILDREN_SEEN,
    ],
    seenAgain: [
      {
        query: 'SELECT id, digits, price, flag, at::text, doubled FROM parent ORDER BY id',
        rows: [
          [1, '12', '1.2500', true, '2024-03-10 02:30:00', '1212'],
          [2, '7', '2.5000', false, null, '77'],
          [3, '0', null, null, null, '00'],
        ],
      },
      CHILDREN_SEEN,
    ],
  },
  {
    name: 'fills new columns and NULLs before they are NOT NULL, with constraints that are checked late',
    before: [
      'CREATE TABLE parent (id integer PRIMARY KEY, name text, other integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
    ],
    after: [
      `CREATE TABLE parent (id integer PRIMARY KEY, name text NOT NULL, other integer NOT NULL REFERENCES parent DEFERRABLE INITIALLY DEFERRED,
        slug text DEFAULT 'none' NOT NULL, stamp timestamptz DEFAULT now() NOT NULL, note text DEFAULT 'new')`,
    ],
    rows: [`INSERT INTO parent VALUES (1, 'One', NULL), (2, NULL, 1), (3, NULL, NULL)`],
    up: { fills: filling({ parent: { name: `'#' || id`, other: '1', slug: `lower(name)` } }) },
    seen: [
      {
        query: 'SELECT id, name, other, slug, stamp IS NOT NULL, note FROM parent ORDER BY id',
        rows: [
          [1, 'One', 1, 'one', true, 'new'],
          [2, '#2', 1, '#2', true, 'new'],
          [3, '#3', 1, '#3', true, 'new'],
        ],
      },
    ],
    seenAgain: [{ query: 'SELECT count(*) FROM parent WHERE other = 1', rows: [[3]] }],
  },
  {
    name: 'lets tables, columns, constraints and indexes change places',
    before: [
      'CREATE TABLE a (id integer PRIMARY KEY, x integer, "X y" text, "name" text, CONSTRAINT one CHECK (x > 0), CONSTRAINT two CHECK ("X y" <> $$$$))',
      'CREATE TABLE b (id integer PRIMARY KEY, a integer CONSTRAINT b_a REFERENCES a, "select" text UNIQUE)',
      'CREATE INDEX first ON a (x)',
      'CREATE INDEX second ON b (a)',
    ],
    after: [
      'CREATE TABLE b (id integer CONSTRAINT a_pkey PRIMARY KEY, "X y" integer, x text, "Name" text, CONSTRAINT two CHECK ("X y" > 0), CONSTRAINT one CHECK (x <> $$$$))',
      'CREATE TABLE a (id integer CONSTRAINT b_pkey PRIMARY KEY, b integer CONSTRAINT a_b REFERENCES b, "from" text CONSTRAINT a_from_key UNIQUE)',
      'CREATE INDEX second ON b ("X y")',
      'CREATE INDEX first ON a (b)',
    ],
    rows: [
      `INSERT INTO a VALUES (1, 10, 'p', 'n'), (2, 20, 'q', NULL), (3, 30, 'r', NULL)`,
      `INSERT INTO b VALUES (1, 1, 's'), (2, 2, 't'), (3, NULL, NULL)`,
    ],
    up: {
      renames: renaming(
        { a: 'b', b: 'a' },
        { b: { x: 'X y', 'X y': 'x', name: 'Name' }, a: { a: 'b', select: 'from' } },
      ),
    },
    seen: [
      {
        query: 'SELECT * FROM b ORDER BY id',
        rows: [
          [1, 10, 'p', 'n'],
          [2, 20, 'q', null],
          [3, 30, 'r', null],
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
    seenAgain: [{ query: 'SELECT x, "X y", "name" FROM a WHERE id = 1', rows: [[10, 'p', 'n']] }],
  },
  {
    name: 'changes a primary key that others refer to',
    before: ['CREATE TABLE parent (id bigint PRIMARY KEY, code integer NOT NULL)', ...CHILDREN],
    after: [
      'CREATE TABLE parent (id bigint NOT NULL, code integer NOT NULL, CONSTRAINT parent_pkey PRIMARY KEY (code), CONSTRAINT parent_id_key UNIQUE (id))',
      'CREATE TABLE child (id integer PRIMARY KEY, parent bigint, CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE)',
      'CREATE INDEX child_parent ON child (parent)',
    ],
    rows: ['INSERT INTO parent VALUES (1, 10), (2, 20), (3, 30)', ...CHILD_ROWS],
    seen: [CHILDREN_SEEN],
    seenAgain: [CHILDREN_SEEN],
  },
  {
    name: 'makes keys by other means, and goes on behind the largest one',
    before: [
      'CREATE TABLE plain (id integer PRIMARY KEY, "N" text)',
      'CREATE TABLE "Serial" ("Id" serial PRIMARY KEY, n text)',
      'CREATE TABLE always (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n text)',
    ],
    after: [
      'CREATE TABLE plain (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "N" text)',
      'CREATE TABLE "Serial" ("Id" bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n text)',
      'CREATE TABLE always (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n text)',
    ],
    rows: [
      'INSERT INTO plain VALUES (41), (7)',
      'INSERT INTO "Serial" (n) VALUES (1), (2), (3)',
      'INSERT INTO always (n) VALUES (1)',
    ],
    seen: [
      { query: 'INSERT INTO plain DEFAULT VALUES RETURNING id', rows: [[42]] },
      { query: 'INSERT INTO "Serial" DEFAULT VALUES RETURNING "Id"', rows: [[4]] },
      { query: 'INSERT INTO always DEFAULT VALUES RETURNING id', rows: [[2]] },
    ],
    seenAgain: [
      { query: 'INSERT INTO "Serial" DEFAULT VALUES RETURNING "Id"', rows: [[5]] },
      { query: 'INSERT INTO always DEFAULT VALUES RETURNING id', rows: [[3]] },
    ],
  },
  {
    name: 'changes what is said of tables, columns, constraints and indexes',
    before: [
      `CREATE TABLE parent (id bigint PRIMARY KEY, name text COLLATE "C" DEFAULT 'x', n integer, s serial,
        CONSTRAINT u UNIQUE (name), CONSTRAINT c CHECK (n > 0)) WITH (fillfactor = 70, autovacuum_enabled = false)`,
      'CREATE INDEX i ON parent (n)',
      `COMMENT ON TABLE parent IS 'it''s'`,
      `COMMENT ON COLUMN parent.n IS 'n'`,
      ...CHILDREN,
    ],
    after: [
      `CREATE TABLE parent (id bigint PRIMARY KEY, name text DEFAULT now()::text, n integer, s bigserial,
        CONSTRAINT u UNIQUE (name, n) DEFERRABLE, CONSTRAINT c CHECK (n > 1)) WITH (fillfactor = 60)`,
      'CREATE UNIQUE INDEX i ON parent (n DESC) INCLUDE (name) WHERE n > 5',
      `COMMENT ON COLUMN parent.name IS 'it''s \\ n'`,
      'CREATE UNLOGGED TABLE child (id integer PRIMARY KEY, parent bigint, CONSTRAINT child_fk FOREIGN KEY (parent) REFERENCES parent ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED)',
    ],
    rows: [`INSERT INTO parent VALUES (1, 'a', 6), (2, 'b', 7), (3, 'c', NULL)`, ...CHILD_ROWS],
    seen: [
      {
        query: 'SELECT id, name, n, s FROM parent ORDER BY id',
        rows: [
          [1, 'a', 6, 1],
          [2, 'b', 7, 2],
          [3, 'c', null, 3],
        ],
      },
      CHILDREN_SEEN,
    ],
    seenAgain: [CHILDREN_SEEN],
  },
  {
    name: 'drops and adds columns and tables that refer to each other in a circle',
    before: [
      'CREATE TABLE hen (id integer PRIMARY KEY, egg integer)',
      'CREATE TABLE egg (id integer PRIMARY KEY, hen integer CONSTRAINT egg_hen REFERENCES hen)',
      'ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg',
      'CREATE TABLE farm (id integer PRIMARY KEY, hen integer CONSTRAINT farm_hen REFERENCES hen, name text, loud text GENERATED ALWAYS AS (upper(name)) STORED)',
      'CREATE INDEX farm_name ON farm (name, hen)',
    ],
    after: [
      'CREATE TABLE nest (id integer PRIMARY KEY, tree integer, farm integer CONSTRAINT nest_farm REFERENCES nest)',
      'CREATE TABLE tree (id integer PRIMARY KEY, nest integer CONSTRAINT tree_nest REFERENCES nest)',
      'ALTER TABLE nest ADD CONSTRAINT nest_tree FOREIGN KEY (tree) REFERENCES tree',
      'CREATE TABLE farm (id integer PRIMARY KEY, tree integer CONSTRAINT farm_tree REFERENCES tree, size integer, "double" integer GENERATED ALWAYS AS (size * 2) STORED CHECK ("double" > 0))',
    ],
    rows: [
      'INSERT INTO hen VALUES (1), (2), (3)',
      'INSERT INTO egg VALUES (1, 1)',
      `INSERT INTO farm VALUES (1, 1, 'a'), (2, NULL, 'b'), (3, 2, NULL)`,
    ],
    up: { fills: filling({ farm: { size: 'id + 1' } }) },
    down: filling({ farm: { name: `'farm ' || id` } }),
    seen: [
      {
        query: 'SELECT id, tree, size, "double" FROM farm ORDER BY id',
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

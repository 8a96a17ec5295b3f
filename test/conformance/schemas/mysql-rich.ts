/** Tables with all that MySQL and MariaDB have and entities cannot say, besides what they can. */
export const RICH_TABLES: readonly string[] = [
  `CREATE TABLE \`select \`\`from'"\` (
    \`Key\` int unsigned NOT NULL AUTO_INCREMENT,
    \`größe\` decimal(10,2) NOT NULL DEFAULT 1.50 COMMENT 'how (large), it''s \\\\ \\n',
    \`user name\` varchar(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci DEFAULT 'it''s \\\\ "x"',
    latin varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL DEFAULT '',
    kind enum('a','b''c, d)','') NOT NULL DEFAULT 'b''c, d)',
    flags set('x','y') DEFAULT NULL,
    at datetime(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
    stamp timestamp NULL DEFAULT NULL ON UPDATE current_timestamp(),
    stamped timestamp NOT NULL DEFAULT current_timestamp(),
    doc json DEFAULT NULL CHECK (json_valid(\`doc\`)),
    made char(36) DEFAULT (uuid()),
    sum int DEFAULT (1 + 1),
    joined longtext DEFAULT (concat('a', ', ', 'b')),
    total decimal(12,2) GENERATED ALWAYS AS (\`größe\` * 2) STORED COMMENT 'twice',
    shown varchar(60) AS (concat(\`user name\`, '!')) VIRTUAL,
    bytes varbinary(20) DEFAULT x'00ff',
    bits bit(8) DEFAULT b'10101010',
    hidden int INVISIBLE DEFAULT 3,
    lone int CHECK (\`lone\` > 0),
    PRIMARY KEY (\`Key\`, \`größe\`),
    UNIQUE KEY \`uni "que"\` (\`größe\`, kind),
    UNIQUE KEY prefixed (joined(20)),
    KEY descending (kind DESC, \`user name\`(10)),
    KEY commented (latin) COMMENT 'it''s, (so)',
    FULLTEXT KEY words (joined),
    CONSTRAINT \`check it\` CHECK (\`größe\` > 0 AND kind <> 'x'')' OR latin LIKE '%(%'),
    CONSTRAINT short CHECK (char_length(latin) < 19)
  ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin COMMENT='it''s \\\\ a table' ROW_FORMAT=DYNAMIC`,
  `CREATE TABLE \`Parent\` (a int NOT NULL, b varchar(20) NOT NULL, c char(36) UNIQUE, PRIMARY KEY (b, a)) DEFAULT CHARSET=utf8mb4`,
  `CREATE TABLE child (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
    b varchar(20) DEFAULT 'x', a int DEFAULT 0, c char(36), self bigint,
    CONSTRAINT child_parent FOREIGN KEY (b, a) REFERENCES \`Parent\` (b, a) ON DELETE SET NULL ON UPDATE RESTRICT,
    CONSTRAINT child_unique FOREIGN KEY (c) REFERENCES \`Parent\` (c) ON DELETE CASCADE ON UPDATE SET NULL,
    CONSTRAINT child_self FOREIGN KEY (self) REFERENCES child (id) ON DELETE NO ACTION
  ) DEFAULT CHARSET=utf8mb4`,
  'CREATE TABLE hen (id int PRIMARY KEY, egg int)',
  'CREATE TABLE egg (id int PRIMARY KEY, hen int, CONSTRAINT egg_hen FOREIGN KEY (hen) REFERENCES hen (id))',
  'ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg (id)',
  `CREATE TABLE \`${'é'.repeat(64)}\` (\`${'c'.repeat(64)}\` int, CONSTRAINT \`${'k'.repeat(64)}\` UNIQUE (\`${'c'.repeat(64)}\`))`,
];

/** What is no table of the application. */
export const OTHER_OBJECTS: readonly string[] = [
  'CREATE TABLE feelings (id int PRIMARY KEY)',
  'CREATE VIEW seen AS SELECT id FROM feelings',
  'CREATE TABLE parted (id int) PARTITION BY HASH (id) PARTITIONS 2',
];

const part = (column: string, more: object = {}) => ({ column, descending: false, prefix: null, ...more });

/** What of the first of {@link RICH_TABLES} could be read wrongly. */
export const FIRST_AS_READ = {
  comment: "it's \\ a table",
  primaryKey: { name: null, columns: ['Key', 'größe'] },
  uniques: [{ name: 'uni "que"', columns: ['größe', 'kind'] }],
  indexes: [
    { name: 'commented', options: ["COMMENT 'it''s, (so)'"] },
    { name: 'descending', parts: [part('kind', { descending: true }), part('user name', { prefix: 10 })] },
    { name: 'prefixed', unique: true, parts: [part('joined', { prefix: 20 })] },
    { name: 'words', method: 'FULLTEXT', unique: false },
  ],
  checks: [{ name: null }, { name: 'check it' }, { name: 'short' }],
};

/** Columns of that table as they are read: type, nullability, default, collation, and what an update sets. */
export const COLUMNS_AS_READ: readonly (readonly [
  name: string,
  type: string,
  nullable: boolean,
  filled: string | null,
  collation: string | null,
  onUpdate: string | null,
])[] = [
  ['user name', 'varchar(50)', true, `'it''s \\\\ "x"'`, 'utf8mb4_general_ci', null],
  ['latin', 'varchar(20)', false, "''", 'latin1_swedish_ci', null],
  ['kind', "enum('a','b''c, d)','')", false, "'b''c, d)'", null, null],
  ['at', 'datetime(3)', false, 'current_timestamp(3)', null, 'current_timestamp(3)'],
  ['stamp', 'timestamp', true, null, null, 'current_timestamp()'],
  ['doc', 'json', true, null, null, null],
];

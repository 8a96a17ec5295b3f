import { LEASE_TABLE, LEDGER_TABLE, type LedgerDialect } from '../../compiler/ledger-dialect.ts';
import { UnsupportedByDriverError } from '../../errors.ts';
import { quote } from './quote.ts';
import { statementVerb } from './statement-verb.ts';

const LEDGER = quote(LEDGER_TABLE);
const LEASE = quote(LEASE_TABLE);
const LATER = 'UTC_TIMESTAMP(3) + INTERVAL (? * 1000) MICROSECOND';

/** What is defined, by table of the information schema; whatever changes by itself, such as counters, is not among it. */
const DEFINED: readonly (readonly [table: string, schema: string, columns: readonly string[]])[] = [
  ['TABLES', 'TABLE_SCHEMA', ['TABLE_NAME', 'TABLE_TYPE', 'ENGINE', 'ROW_FORMAT', 'TABLE_COLLATION', 'TABLE_COMMENT']],
  [
    'COLUMNS',
    'TABLE_SCHEMA',
    [
      'TABLE_NAME',
      'COLUMN_NAME',
      'ORDINAL_POSITION',
      'COLUMN_DEFAULT',
      'IS_NULLABLE',
      'COLUMN_TYPE',
      'COLLATION_NAME',
      'EXTRA',
      'COLUMN_COMMENT',
      'GENERATION_EXPRESSION',
    ],
  ],
  [
    'STATISTICS',
    'TABLE_SCHEMA',
    ['TABLE_NAME', 'INDEX_NAME', 'NON_UNIQUE', 'SEQ_IN_INDEX', 'COLUMN_NAME', 'SUB_PART', 'INDEX_TYPE', 'COLLATION'],
  ],
  ['TABLE_CONSTRAINTS', 'TABLE_SCHEMA', ['TABLE_NAME', 'CONSTRAINT_NAME', 'CONSTRAINT_TYPE']],
  [
    'KEY_COLUMN_USAGE',
    'TABLE_SCHEMA',
    [
      'TABLE_NAME',
      'CONSTRAINT_NAME',
      'COLUMN_NAME',
      'ORDINAL_POSITION',
      'REFERENCED_TABLE_NAME',
      'REFERENCED_COLUMN_NAME',
    ],
  ],
  ['REFERENTIAL_CONSTRAINTS', 'CONSTRAINT_SCHEMA', ['TABLE_NAME', 'CONSTRAINT_NAME', 'UPDATE_RULE', 'DELETE_RULE']],
  ['CHECK_CONSTRAINTS', 'CONSTRAINT_SCHEMA', ['CONSTRAINT_NAME', 'CHECK_CLAUSE']],
  ['VIEWS', 'TABLE_SCHEMA', ['TABLE_NAME', 'VIEW_DEFINITION']],
  ['TRIGGERS', 'TRIGGER_SCHEMA', ['TRIGGER_NAME', 'ACTION_TIMING', 'EVENT_MANIPULATION', 'ACTION_STATEMENT']],
  ['ROUTINES', 'ROUTINE_SCHEMA', ['ROUTINE_NAME', 'ROUTINE_TYPE', 'ROUTINE_DEFINITION']],
];

const SUMS = DEFINED.map(([table, schema, columns]) => {
  const text = columns.map((column) => `COALESCE(${column}, '-')`).join(', ');
  return `(SELECT CONCAT(COUNT(*), ':', COALESCE(SUM(CRC32(CONCAT_WS('|', ${text}))), 0)) FROM information_schema.${table} WHERE ${schema} = DATABASE())`;
});

/** MySQL and MariaDB: a definition commits by itself, so that a migration is pieces, and the ledger says which is next. */
export const ledger: LedgerDialect = {
  create:
    `CREATE TABLE IF NOT EXISTS ${LEDGER} (\`version\` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY, ` +
    '`name` VARCHAR(100) NOT NULL, `checksum` CHAR(64) NOT NULL, `applied_at` VARCHAR(30) NOT NULL, `duration` BIGINT NOT NULL, ' +
    '`statement` INT NOT NULL, `state` VARCHAR(20) NOT NULL, `mark` VARCHAR(500) NOT NULL) ENGINE=InnoDB CHARACTER SET utf8mb4',
  exists: 'SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ?',
  lock: null,
  lease: {
    create: `CREATE TABLE IF NOT EXISTS ${LEASE} (\`id\` INT NOT NULL PRIMARY KEY, \`holder\` VARCHAR(64) NOT NULL, \`expires\` DATETIME(3) NOT NULL) ENGINE=InnoDB CHARACTER SET utf8mb4`,
    // Assignments are made from left to right, so that the second sees the first.
    take:
      `INSERT INTO ${LEASE} (\`id\`, \`holder\`, \`expires\`) VALUES (1, ?, ${LATER}) ON DUPLICATE KEY UPDATE ` +
      '`holder` = IF(`expires` < UTC_TIMESTAMP(3), VALUES(`holder`), `holder`), ' +
      '`expires` = IF(`holder` = VALUES(`holder`), VALUES(`expires`), `expires`)',
    read: `SELECT \`holder\` FROM ${LEASE}`,
    renew: `UPDATE ${LEASE} SET \`expires\` = ${LATER} WHERE \`holder\` = ?`,
    release: `DELETE FROM ${LEASE} WHERE \`holder\` = ?`,
  },
  alwaysLeased: true,
  commitsByItself(sql) {
    const { definition, opaque } = statementVerb(sql);
    return definition || opaque;
  },
  fingerprint: `SELECT CONCAT_WS(' ', ${SUMS.join(', ')})`,
  // The server keeps a text without the blanks and semicolons at its ends.
  running: `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO = REGEXP_REPLACE(?, '^[[:space:]]+|[[:space:];]+$', '') AND ID <> CONNECTION_ID()`,
  leftovers: null,
  guard() {
    throw new UnsupportedByDriverError('migrations are no batch here, because the server commits at each definition');
  },
  keepRows: null,
};

import { LEASE_TABLE, LEDGER_TABLE, type LedgerDialect } from '../../compiler/ledger-dialect.ts';
import { quote } from './quote.ts';

const LEASE = quote(LEASE_TABLE);
// Milliseconds, as 3.42 can tell them.
const NOW = "unixepoch('subsec') * 1000";

/** SQLite: definitions are part of transactions, and one that writes is the only one. */
export const ledger: LedgerDialect = {
  create:
    `CREATE TABLE IF NOT EXISTS ${quote(LEDGER_TABLE)} ("version" TEXT NOT NULL PRIMARY KEY, "name" TEXT NOT NULL, ` +
    '"checksum" TEXT NOT NULL, "applied_at" TEXT NOT NULL, "duration" INTEGER NOT NULL, "statement" INTEGER NOT NULL, ' +
    '"state" TEXT NOT NULL, "mark" TEXT NOT NULL) STRICT, WITHOUT ROWID',
  exists: `SELECT 1 FROM "sqlite_schema" WHERE "type" = 'table' AND "name" = ?`,
  lock: null,
  lease: {
    create: `CREATE TABLE IF NOT EXISTS ${LEASE} ("id" INTEGER PRIMARY KEY, "holder" TEXT NOT NULL, "expires" REAL NOT NULL) STRICT`,
    take:
      `INSERT INTO ${LEASE} ("id", "holder", "expires") VALUES (1, ?, ${NOW} + ?) ON CONFLICT ("id") DO UPDATE SET ` +
      `"holder" = excluded."holder", "expires" = excluded."expires" WHERE ${LEASE}."expires" < ${NOW}`,
    read: `SELECT "holder" FROM ${LEASE}`,
    renew: `UPDATE ${LEASE} SET "expires" = ${NOW} + ? WHERE "holder" = ?`,
    release: `DELETE FROM ${LEASE} WHERE "holder" = ?`,
  },
  alwaysLeased: false,
  commitsByItself: () => false,
  fingerprint: `SELECT COUNT(*) || ' ' || TOTAL(LENGTH("sql")) FROM "sqlite_schema"`,
  running: null,
  leftovers: null,
  guard: (condition, text) => ({
    sql: `SELECT CASE WHEN ${condition} THEN 1 ELSE json_extract('{}', ?) END`,
    params: [text],
  }),
  keepRows: async (rebuild, before, run) => (await import('./keep-rows.ts')).keepRows(rebuild, before, run),
};

import { LEASE_TABLE, LEDGER_TABLE, type LedgerDialect } from '../../compiler/ledger-dialect.ts';
import { quote } from './quote.ts';

const LEDGER = quote(LEDGER_TABLE);
const LEASE = quote(LEASE_TABLE);
const NOW = 'clock_timestamp()';
const MILLISECOND = "interval '1 millisecond'";

const HERE = 'n."oid" = c."relnamespace" AND n."nspname" = ANY (current_schemas(false))';

/** What is defined in the schemas of the search path; an index that is not valid is not there. */
const DEFINED = [
  `SELECT concat_ws(' ', c."relname", c."relkind", c."reloptions") FROM "pg_class" AS c, "pg_namespace" AS n WHERE ${HERE} AND c."relkind" NOT IN ('i', 'I')`,
  `SELECT concat_ws(' ', c."relname", a."attname", format_type(a."atttypid", a."atttypmod"), a."attnotnull", a."attidentity", a."attcollation", pg_get_expr(d."adbin", d."adrelid")) FROM "pg_namespace" AS n, "pg_class" AS c JOIN "pg_attribute" AS a ON a."attrelid" = c."oid" LEFT JOIN "pg_attrdef" AS d ON d."adrelid" = c."oid" AND d."adnum" = a."attnum" WHERE ${HERE} AND a."attnum" > 0 AND NOT a."attisdropped" AND c."relkind" NOT IN ('i', 'I')`,
  `SELECT pg_get_indexdef(i."indexrelid") FROM "pg_index" AS i, "pg_class" AS c, "pg_namespace" AS n WHERE c."oid" = i."indexrelid" AND ${HERE} AND i."indisvalid"`,
  `SELECT concat_ws(' ', c."relname", o."conname", o."convalidated", pg_get_constraintdef(o."oid")) FROM "pg_constraint" AS o, "pg_class" AS c, "pg_namespace" AS n WHERE c."oid" = o."conrelid" AND ${HERE}`,
  `SELECT concat_ws(' ', c."typname", e."enumlabel", e."enumsortorder") FROM "pg_enum" AS e, "pg_type" AS c, "pg_namespace" AS n WHERE c."oid" = e."enumtypid" AND n."oid" = c."typnamespace" AND n."nspname" = ANY (current_schemas(false))`,
];

/**
 * PostgreSQL: a migration is a transaction that begins with an advisory lock, which ends with it, through any pooler. What
 * refuses to be in a transaction needs the lease.
 */
export const ledger: LedgerDialect = {
  create:
    `CREATE TABLE IF NOT EXISTS ${LEDGER} ("version" text COLLATE "C" PRIMARY KEY, "name" text NOT NULL, ` +
    '"checksum" text NOT NULL, "applied_at" text NOT NULL, "duration" bigint NOT NULL, "statement" integer NOT NULL, ' +
    '"state" text NOT NULL, "mark" text NOT NULL)',
  exists: 'SELECT 1 WHERE to_regclass(quote_ident($1::text)) IS NOT NULL',
  lock: `SELECT pg_advisory_xact_lock(hashtext('${LEDGER_TABLE}'), hashtext(COALESCE(current_schema(), '')))`,
  lease: {
    create: `CREATE TABLE IF NOT EXISTS ${LEASE} ("id" integer PRIMARY KEY, "holder" text NOT NULL, "expires" timestamptz NOT NULL)`,
    take:
      `INSERT INTO ${LEASE} ("id", "holder", "expires") VALUES (1, $1, ${NOW} + $2::double precision * ${MILLISECOND}) ` +
      'ON CONFLICT ("id") DO UPDATE SET "holder" = excluded."holder", "expires" = excluded."expires" ' +
      `WHERE ${LEASE}."expires" < ${NOW}`,
    read: `SELECT "holder" FROM ${LEASE}`,
    renew: `UPDATE ${LEASE} SET "expires" = ${NOW} + $1::double precision * ${MILLISECOND} WHERE "holder" = $2`,
    release: `DELETE FROM ${LEASE} WHERE "holder" = $1`,
  },
  alwaysLeased: false,
  commitsByItself: () => false,
  fingerprint: `SELECT md5(string_agg("d"."text", E'\\n' ORDER BY "d"."text" COLLATE "C")) FROM (${DEFINED.join(' UNION ALL ')}) AS "d"("text")`,
  // The server keeps the beginning of a text only.
  running: `SELECT COUNT(*) FROM "pg_stat_activity" WHERE "state" = 'active' AND "pid" <> pg_backend_pid() AND left("query", 200) = left($1::text, 200)`,
  leftovers: `SELECT string_agg('the invalid index ' || quote_ident(c."relname"), ', ') FROM "pg_index" AS i, "pg_class" AS c, "pg_namespace" AS n WHERE c."oid" = i."indexrelid" AND ${HERE} AND NOT i."indisvalid"`,
  // Of the ledger, so that the planner cannot do the cast beforehand.
  guard: (condition, text) => ({
    sql: `SELECT CASE WHEN ${condition} THEN 1 ELSE ($1::text || (SELECT COUNT(*) FROM ${LEDGER})::text)::integer END`,
    params: [text],
  }),
  keepRows: null,
};

/** The schema that an unqualified name is created in. */
export const CURRENT_SCHEMA = '(SELECT oid FROM pg_namespace WHERE nspname = current_schema())';

/** The schema of the session's temporary tables; 0 where there are none. */
export const TEMPORARY_SCHEMA = 'pg_my_temp_schema()';

const OF_EXTENSION = (catalog: string, oid: string) =>
  `EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const INHERITS = 'EXISTS (SELECT FROM pg_inherits h WHERE c.oid IN (h.inhrelid, h.inhparent))';

/** The tables of a schema that are neither parts of others nor made by an extension. */
function managed(schema: string): string {
  return (
    `SELECT c.oid FROM pg_class c WHERE c.relnamespace = ${schema} AND c.relkind = 'r' AND NOT c.relispartition ` +
    `AND NOT ${INHERITS} AND NOT ${OF_EXTENSION('pg_class', 'c.oid')}`
  );
}

/** A query whose rows are one JSON text each. */
function asJson(query: string): string {
  return `SELECT row_to_json(q)::text FROM (${query}) q`;
}

const QUALIFIED = (visible: string, schema: string, name: string) =>
  `CASE WHEN ${visible} THEN '' ELSE quote_ident((SELECT nspname FROM pg_namespace WHERE oid = ${schema})) || '.' END || ` +
  `'"' || replace(${name}, '"', '""') || '"'`;
const COLLATION = (oid: string) =>
  `(SELECT ${QUALIFIED('pg_collation_is_visible(l.oid)', 'l.collnamespace', 'l.collname')} FROM pg_collation l WHERE l.oid = ${oid})`;

/** What {@link tablesQuery} says of a table. */
export interface CatalogTable {
  readonly id: number;
  readonly name: string;
  readonly comment: string | null;
  readonly unlogged: boolean;
  readonly options: readonly string[] | null;
  readonly triggers: readonly string[] | null;
}

/** The tables of a schema, which is given as SQL. */
export function tablesQuery(schema: string): string {
  return asJson(`
    SELECT c.oid::int8 AS id, c.relname AS name, obj_description(c.oid, 'pg_class') AS comment,
      c.relpersistence = 'u' AS unlogged, c.reloptions AS options,
      (SELECT json_agg(pg_get_triggerdef(t.oid, true) ORDER BY t.tgname) FROM pg_trigger t
        WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers
    FROM pg_class c WHERE c.oid IN (${managed(schema)})`);
}

/** What {@link columnsQuery} says of a column. */
export interface CatalogColumn {
  readonly table: number;
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly identity: '' | 'a' | 'd';
  readonly computed: '' | 's' | 'v';
  readonly expression: string | null;
  readonly serial: boolean;
  readonly collation: string | null;
  readonly comment: string | null;
}

/** The columns of the tables of a schema. */
export function columnsQuery(schema: string): string {
  return asJson(`
    SELECT a.attrelid::int8 AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
      NOT a.attnotnull AS nullable, a.attidentity AS identity, a.attgenerated AS computed,
      pg_get_expr(d.adbin, d.adrelid) AS expression,
      EXISTS (SELECT FROM pg_depend p JOIN pg_class s ON s.oid = p.objid AND s.relkind = 'S'
        WHERE p.classid = 'pg_class'::regclass AND p.refclassid = 'pg_class'::regclass AND p.deptype = 'a'
        AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum
        AND pg_get_expr(d.adbin, d.adrelid) = format('nextval(%L::regclass)', s.oid::regclass::text)) AS serial,
      CASE WHEN a.attcollation <> t.typcollation THEN ${COLLATION('a.attcollation')} END AS collation,
      col_description(a.attrelid, a.attnum) AS comment
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attrelid IN (${managed(schema)}) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`);
}

/** An action as the catalog writes it. */
export type CatalogAction = 'a' | 'r' | 'c' | 'n' | 'd';

/** What {@link constraintsQuery} says of a constraint. */
export interface CatalogConstraint {
  readonly table: number;
  readonly name: string;
  readonly kind: 'p' | 'u' | 'f' | 'c' | 'x';
  readonly columns: readonly string[] | null;
  readonly referencedTable: string | null;
  readonly referencedColumns: readonly string[] | null;
  readonly onDelete: CatalogAction;
  readonly onUpdate: CatalogAction;
  readonly deferrable: boolean;
  readonly deferred: boolean;
  readonly nullsEqual: boolean;
  readonly expression: string | null;
  /** Whether the model can say all of it. */
  readonly fits: boolean;
  readonly definition: string;
}

const NAMES = (table: string, numbers: string) =>
  `(SELECT json_agg(a.attname ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY k(number, place)
      JOIN pg_attribute a ON a.attrelid = ${table} AND a.attnum = k.number)`;

/** The constraints of tables. Newer columns of the catalog are asked for through JSON, in which older servers just lack them. */
export function constraintsQuery(schema: string): string {
  return asJson(`
    SELECT c.conrelid::int8 AS table, c.conname AS name, c.contype AS kind, ${NAMES('c.conrelid', 'c.conkey')} AS columns,
      f.relname AS "referencedTable", ${NAMES('c.confrelid', 'c.confkey')} AS "referencedColumns",
      c.confdeltype AS "onDelete", c.confupdtype AS "onUpdate", c.condeferrable AS deferrable, c.condeferred AS deferred,
      coalesce((to_jsonb(i)->>'indnullsnotdistinct')::boolean, false) AS "nullsEqual",
      CASE WHEN c.contype = 'c' THEN pg_get_expr(c.conbin, c.conrelid) END AS expression,
      coalesce((to_jsonb(c)->>'conenforced')::boolean, true) AND NOT coalesce((to_jsonb(c)->>'conperiod')::boolean, false)
        AND CASE c.contype WHEN 'x' THEN false WHEN 'c' THEN NOT c.connoinherit
          WHEN 'u' THEN i.indnatts = i.indnkeyatts
          WHEN 'f' THEN c.confmatchtype = 's' AND f.relnamespace = c.connamespace AND to_jsonb(c)->>'confdelsetcols' IS NULL
          ELSE true END AS fits,
      pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c LEFT JOIN pg_class f ON f.oid = c.confrelid
      LEFT JOIN pg_index i ON i.indexrelid = c.conindid AND c.contype IN ('p', 'u')
    WHERE c.conrelid IN (${managed(schema)}) AND c.contype IN ('p', 'u', 'f', 'c', 'x')`);
}

/** What {@link indexesQuery} says of an index. */
export interface CatalogIndex {
  readonly table: number;
  readonly name: string;
  readonly unique: boolean;
  readonly method: string;
  readonly where: string | null;
  readonly parts: readonly CatalogIndexPart[];
  readonly include: readonly string[] | null;
  readonly nullsEqual: boolean;
  readonly options: readonly string[] | null;
}

/** A part of an index in {@link CatalogIndex}. */
export interface CatalogIndexPart {
  readonly column: string | null;
  readonly expression: string;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly collation: string | null;
  readonly operators: string | null;
  readonly parameters: readonly string[] | null;
}

/**
 * The indexes that are there for no constraint. The vectors of pg_index count from 0. A collation is said where it is not that
 * of the column, or of all expressions.
 */
export function indexesQuery(schema: string): string {
  return asJson(`
    SELECT i.indrelid::int8 AS table, n.relname AS name, i.indisunique AS unique, m.amname AS method,
      pg_get_expr(i.indpred, i.indrelid) AS where, n.reloptions AS options,
      coalesce((to_jsonb(i)->>'indnullsnotdistinct')::boolean, false) AS "nullsEqual",
      (SELECT json_agg(a.attname ORDER BY k) FROM generate_series(i.indnkeyatts, i.indnatts - 1) k
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k]) AS include,
      (SELECT json_agg(json_build_object('column', a.attname, 'expression', pg_get_indexdef(i.indexrelid, k + 1, false),
          'descending', i.indoption[k] & 1 = 1, 'nullsFirst', i.indoption[k] & 2 = 2,
          'collation', CASE WHEN i.indcollation[k] NOT IN (0, coalesce(a.attcollation, 'pg_catalog."default"'::regcollation))
            THEN ${COLLATION('i.indcollation[k]')} END,
          'operators', CASE WHEN NOT o.opcdefault OR b.attoptions IS NOT NULL
            THEN ${QUALIFIED('pg_opclass_is_visible(o.oid)', 'o.opcnamespace', 'o.opcname')} END,
          'parameters', b.attoptions) ORDER BY k)
        FROM generate_series(0, i.indnkeyatts - 1) k JOIN pg_opclass o ON o.oid = i.indclass[k]
        JOIN pg_attribute b ON b.attrelid = i.indexrelid AND b.attnum = k + 1
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k] AND a.attnum <> 0) AS parts
    FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_am m ON m.oid = n.relam
    WHERE i.indrelid IN (${managed(schema)}) AND i.indisvalid
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))`);
}

/** What a schema has besides its tables. */
export function unmanagedQuery(schema: string): string {
  return asJson(`
    SELECT CASE WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized view'
        WHEN c.relkind = 'S' THEN 'sequence' WHEN c.relkind = 'f' THEN 'foreign table'
        WHEN c.relispartition THEN 'partition' WHEN c.relkind = 'p' THEN 'partitioned table'
        WHEN ${OF_EXTENSION('pg_class', 'c.oid')} THEN 'table of an extension' ELSE 'table with inheritance' END AS kind,
      c.relname AS name, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS sql
    FROM pg_class c WHERE c.relnamespace = ${schema} AND (c.relkind IN ('v', 'm', 'f', 'p')
      OR c.relkind = 'r' AND c.oid NOT IN (${managed(schema)})
      OR c.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
        AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0))
    UNION ALL
    SELECT CASE t.typtype WHEN 'e' THEN 'enum type' ELSE 'domain' END, t.typname, NULL FROM pg_type t
    WHERE t.typnamespace = ${schema} AND t.typtype IN ('e', 'd') AND NOT ${OF_EXTENSION('pg_type', 't.oid')}
    UNION ALL
    SELECT 'invalid index', n.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid
    WHERE i.indrelid IN (${managed(schema)}) AND NOT i.indisvalid`);
}

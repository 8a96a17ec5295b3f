import type {
  BatchColumn,
  BatchDialect,
  BatchRows,
  BatchStatement,
  BatchValue,
  KeyGroup,
} from '../../compiler/batch-dialect.ts';
import { PendingKey } from '../../compiler/batch-dialect.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { encodeList } from './lists.ts';
import { quote, sequenceOf } from './quote.ts';
import { castType, storedValue } from './storage-type.ts';

/**
 * A flush as one batch of PostgreSQL, in one transaction. The keys of all groups are drawn from their sequences first, and
 * kept in settings that end with the transaction; rows travel as one array for each column. A guard is a text that is no
 * integer, whose failing cast the error holds: its count is no constant, for the planner would fold that.
 */
export const batch: BatchDialect = {
  insertValues: Number.POSITIVE_INFINITY,

  begin(groups) {
    if (groups.length === 0) return [];
    const params: WireValue[] = [];
    const drawn = groups.map(({ index, table, key, count }) => {
      params.push(count);
      const keys = `SELECT array_agg(nextval(${sequenceOf(table, key.name)}))::text FROM generate_series(1, $${index + 1}::bigint)`;
      return `set_config('${setting(index)}', (${keys}), true) AS "k${index}"`;
    });
    return [{ sql: `SELECT ${drawn.join(', ')}`, params, writes: [] }];
  },

  insert(rows, guard, ignoreConflicts) {
    const { table, columns } = rows;
    const list = listed(rows);
    const names = columns.map(({ name }) => quote(name)).join(', ');
    const overriding = columns.some(({ group }) => group !== null) ? ' OVERRIDING SYSTEM VALUE' : '';
    const conflict = ignoreConflicts ? ' ON CONFLICT DO NOTHING' : '';
    const sql = `INSERT INTO ${quote(table)} (${names})${overriding} ${list.sql}${conflict}`;
    return [guarded(sql, list.params, rows, guard, [])];
  },

  update(rows, match, guard) {
    const { table, columns } = rows;
    const list = listed(rows);
    const target = quote(table);
    const places = columns.map((_, place) => `"${place}"`);
    const sets = columns.slice(match).map(({ name }, place) => `${quote(name)} = ${LIST}.${places[match + place]}`);
    const keys = columns
      .slice(0, match)
      .map(({ name }, place) => `${target}.${quote(name)} = ${LIST}.${places[place]}`)
      .join(' AND ');
    const sql = `UPDATE ${target} SET ${sets.join(', ')} FROM ${LIST} WHERE ${keys}`;
    return [guarded(sql, list.params, rows, guard, [`${LIST}(${places.join(', ')}) AS (${list.sql})`])];
  },

  delete(rows, guard) {
    const { sql, params } = found(rows);
    return [guarded(`DELETE ${sql}`, params, rows, guard, [])];
  },

  assert(rows, guard) {
    const { sql, params } = found(rows);
    const locked = `${COUNTED} AS MATERIALIZED (SELECT 1 ${sql} FOR SHARE)`;
    return [failUnlessCounted([locked], params, rows.rows.length, guard, [])];
  },

  read(rows, columns) {
    const { sql, params } = found(rows);
    const values = columns.map(({ name, type }) => type.custom?.read?.(quote(name)) ?? quote(name));
    return { sql: `SELECT ${values.join(', ')} ${sql}`, params, writes: [] };
  },

  readRow: (_columns, row) => row,

  end: () => [],

  keysOf(group, begun) {
    const [result] = begun;
    const text = String(result?.rows[0]?.[result.columns.indexOf(`k${group.index}`)] ?? '{}');
    return text.slice(1, -1).split(',').map(narrow);
  },
};

// Names with a colon, which no naming strategy makes: a list must not hide the table that is written.
const LIST = '"m:rows"';
const COUNTED = '"m:found"';

const setting = (group: number): string => `meshestra.k${group}`;

function narrow(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** The rows as `SELECT … FROM unnest(…)`. A key that is not known travels as its place in its group. */
function listed({ columns, rows }: BatchRows): { sql: string; params: WireValue[] } {
  const params: WireValue[] = [];
  const arrays: string[] = [];
  const names: string[] = [];
  const add = (list: readonly WireValue[], column: BatchColumn | null): string => {
    const type = column?.type ?? ({ name: 'integer' } as const);
    params.push(
      encodeList(
        list.map((value) => [value]),
        [type],
      ),
    );
    arrays.push(`$${params.length}::${castType(type)}[]`);
    names.push(`"${names.length}"`);
    return `"u".${names.at(-1)}`;
  };
  const keyLists = new Map<KeyGroup, string>();
  const values = columns.map((column, index) => {
    const { group } = column;
    const known = add(
      rows.map((row) => knownValue(row[index])),
      column,
    );
    if (group === null) return storedValue(known, column.type);
    const place = add(
      rows.map((row) => placeOf(row[index])),
      null,
    );
    keyLists.set(
      group,
      `(SELECT current_setting('${setting(group.index)}')::bigint[] AS "keys" OFFSET 0) AS "g${group.index}"`,
    );
    return `COALESCE(${known}, "g${group.index}"."keys"[${place}])`;
  });
  const from = [`unnest(${arrays.join(', ')}) AS "u"(${names.join(', ')})`, ...keyLists.values()];
  return { sql: `SELECT ${values.join(', ')} FROM ${from.join(', ')}`, params };
}

function knownValue(value: BatchValue | undefined): WireValue {
  return value === undefined || value instanceof PendingKey ? null : value;
}

function placeOf(value: BatchValue | undefined): WireValue {
  return value instanceof PendingKey ? value.place : null;
}

/** `FROM … WHERE … IN …`: the rows that have one of the tuples. */
function found(rows: BatchRows): { sql: string; params: WireValue[] } {
  const target = quote(rows.table);
  const { sql, params } = listed(rows);
  const operands = rows.columns.map(({ name }) => `${target}.${quote(name)}`).join(', ');
  return { sql: `FROM ${target} WHERE (${operands}) IN (${sql})`, params };
}

function guarded(
  sql: string,
  params: readonly WireValue[],
  { table, rows }: BatchRows,
  guard: string | null,
  lists: readonly string[],
): BatchStatement {
  if (guard !== null) {
    return failUnlessCounted([...lists, `${COUNTED} AS (${sql} RETURNING 1)`], params, rows.length, guard, [table]);
  }
  return { sql: lists.length === 0 ? sql : `WITH ${lists.join(', ')} ${sql}`, params, writes: [table] };
}

function failUnlessCounted(
  lists: readonly string[],
  params: readonly WireValue[],
  expected: number,
  guard: string,
  writes: readonly string[],
): BatchStatement {
  const count = `(SELECT COUNT(*) FROM ${COUNTED})`;
  const place = params.length;
  const sql =
    `WITH ${lists.join(', ')} SELECT CASE WHEN ${count} = $${place + 1}::bigint THEN 1 ` +
    `ELSE ($${place + 2}::text || ${count}::text)::integer END`;
  return { sql, params: [...params, expected, guard], writes };
}

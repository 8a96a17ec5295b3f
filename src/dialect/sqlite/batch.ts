import type { ColumnType } from '../../codec/column-type.ts';
import type {
  BatchColumn,
  BatchDialect,
  BatchRows,
  BatchStatement,
  BatchValue,
  KeyGroup,
} from '../../compiler/batch-dialect.ts';
import { PendingKey } from '../../compiler/batch-dialect.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { storedValue } from '../stored-value.ts';
import { encodeList } from './lists.ts';
import { narrowInteger } from './native/narrow-integers.ts';
import { quote } from './quote.ts';

/**
 * A flush as one batch of SQLite. Rows travel as one JSON parameter. A batch is the only writer while it runs, and the next
 * rowid is the largest one plus 1 (https://www.sqlite.org/autoinc.html): so the keys of a group are those above the largest
 * key before it, and every statement can say them. A guard is `changes()` and a path that is none, whose error holds it.
 */
export const batch: BatchDialect = {
  insertValues: Number.POSITIVE_INFINITY,

  begin: () => [],

  insert(rows, guard, ignoreConflicts) {
    const { table, columns } = rows;
    const names = columns.map(({ name }) => quote(name)).join(', ');
    const { bases, values, params } = listed(rows);
    const conflict = ignoreConflicts ? ' WHERE TRUE ON CONFLICT DO NOTHING' : '';
    const sql = `${withBases(bases)}INSERT INTO ${quote(table)} (${names}) SELECT ${values.join(', ')} FROM ${source(bases)}${conflict}`;
    return guarded({ sql, params, writes: [table] }, rows, guard);
  },

  update(rows, match, guard) {
    const { table, columns } = rows;
    const { bases, values, params } = listed(rows);
    const target = quote(table);
    const places = columns.map((_, place) => `"${place}"`);
    const list = `"m:rows"(${places.join(', ')}) AS (SELECT ${values.join(', ')} FROM ${source(bases)})`;
    const sets = columns
      .slice(match)
      .map(({ name }, place) => `${quote(name)} = "m:rows".${places[match + place]}`)
      .join(', ');
    const sql =
      `WITH ${[...baseLists(bases), list].join(', ')} UPDATE ${target} SET ${sets} FROM "m:rows" ` +
      `WHERE ${matching(target, columns.slice(0, match), '"m:rows".')}`;
    return guarded({ sql, params, writes: [table] }, rows, guard);
  },

  delete(rows, guard) {
    const { sql, params } = found(rows);
    return guarded({ sql: `DELETE ${sql}`, params, writes: [rows.table] }, rows, guard);
  },

  assert(rows, guard) {
    const { sql, params } = found(rows);
    const count = `(SELECT COUNT(*) ${sql})`;
    return [{ sql: failUnless(`${count} = ?`), params: [...params, rows.rows.length, guard], writes: [] }];
  },

  // Integers as text, for a driver may round large ones.
  read(rows, columns) {
    const { sql, params } = found(rows);
    const target = quote(rows.table);
    const values = columns.map(({ name, type }) => {
      const stored = `${target}.${quote(name)}`;
      const column = type.custom?.read?.(stored) ?? stored;
      return isInteger(type) ? `CAST(${column} AS TEXT)` : column;
    });
    return { sql: `SELECT ${values.join(', ')} ${sql}`, params, writes: [] };
  },

  readRow: (columns, row) =>
    columns.map(({ type }, place) => {
      const value = row[place] ?? null;
      return value !== null && isInteger(type) ? narrowInteger(BigInt(String(value))) : value;
    }),

  end(groups) {
    const statements: BatchStatement[] = [];
    for (let from = 0; from < groups.length; from += KEYS_TOLD) {
      const told = groups.slice(from, from + KEYS_TOLD);
      const { bases, params } = basesOf(told);
      // As text, for a driver may round large integers.
      const keys = told.map(({ index }) => `CAST("m:keys:${index}"."k" AS TEXT) AS "k${index}"`);
      const sql = `${withBases(bases)}SELECT ${keys.join(', ')} FROM ${bases.map(({ name }) => name).join(', ')}`;
      statements.push({ sql, params, writes: [] });
    }
    return statements;
  },

  keysOf(group, _begun, ended) {
    const base = BigInt(String(findKey(group, ended)));
    return Array.from({ length: group.count }, (_, place) => narrowInteger(base + BigInt(place + 1)));
  },
};

// A join has 64 tables at most.
const KEYS_TOLD = 50;

function isInteger({ name }: ColumnType): boolean {
  return name === 'integer' || name === 'bigint';
}

function findKey({ index }: KeyGroup, ended: readonly ResultSet[]): WireValue | undefined {
  for (const { columns, rows } of ended) {
    const place = columns.indexOf(`k${index}`);
    if (place >= 0) return rows[0]?.[place];
  }
  return undefined;
}

/** A list of one row that gives the key before the first one of a group. */
interface Base {
  readonly name: string;
  readonly sql: string;
}

function basesOf(groups: readonly KeyGroup[]): { bases: readonly Base[]; params: WireValue[] } {
  const params: WireValue[] = [];
  const bases = groups.map(({ index, table, key, inserted, besides }) => {
    const column = `"t".${quote(key.name)}`;
    if (besides.length > 0) params.push(encodeList(besides.map((value) => [value])));
    const others = besides.length > 0 ? ` WHERE ${column} NOT IN (SELECT value FROM json_each(?))` : '';
    const sql = `SELECT COALESCE(MAX(${column}), 0) - ${inserted} FROM ${quote(table)} AS "t"${others}`;
    return { name: `"m:keys:${index}"`, sql };
  });
  return { bases, params };
}

function baseLists(bases: readonly Base[]): readonly string[] {
  return bases.map(({ name, sql }) => `${name}("k") AS (${sql})`);
}

function withBases(bases: readonly Base[]): string {
  return bases.length === 0 ? '' : `WITH ${baseLists(bases).join(', ')} `;
}

function source(bases: readonly Base[]): string {
  return ['json_each(?) AS "m:list"', ...bases.map(({ name }) => name)].join(', ');
}

/** The rows as one list, with an expression for each column. A key that is not known travels as its place in its group. */
function listed({ columns, rows }: BatchRows): { bases: readonly Base[]; values: string[]; params: WireValue[] } {
  const groups = new Set(columns.flatMap(({ group }) => group ?? []));
  const { bases, params } = basesOf([...groups]);
  const single = columns.length === 1 && groups.size === 0;
  let place = 0;
  const values = columns.map((column) => {
    const item = (): string => {
      place += 1;
      return single ? '"m:list".value' : `"m:list".value ->> ${place - 1}`;
    };
    const value = storedValue(column.type.name === 'bytes' ? `unhex(${item()})` : item(), column.type);
    return column.group === null ? value : `COALESCE(${value}, "m:keys:${column.group.index}"."k" + (${item()}))`;
  });
  return { bases, values, params: [...params, encodeList(rows.map((row) => tuple(columns, row)))] };
}

function tuple(columns: readonly BatchColumn[], row: readonly BatchValue[]): WireValue[] {
  return columns.flatMap(({ group }, index): WireValue[] => {
    const value = row[index] ?? null;
    if (value instanceof PendingKey) return [null, value.place];
    return group === null ? [value] : [value, null];
  });
}

function matching(target: string, columns: readonly BatchColumn[], list: string): string {
  return columns.map(({ name }, place) => `${target}.${quote(name)} = ${list}"${place}"`).join(' AND ');
}

/** `FROM … WHERE … IN …`: the rows that have one of the tuples. */
function found({ table, columns, rows }: BatchRows): { sql: string; params: readonly WireValue[] } {
  const target = quote(table);
  const operands = columns.map(({ name }) => `${target}.${quote(name)}`);
  const { bases, values, params } = listed({ table, columns, rows });
  const left = operands.length === 1 ? operands.join('') : `(${operands.join(', ')})`;
  return {
    sql: `FROM ${target} WHERE ${left} IN (${withBases(bases)}SELECT ${values.join(', ')} FROM ${source(bases)})`,
    params,
  };
}

function failUnless(condition: string): string {
  return `SELECT CASE WHEN ${condition} THEN 1 ELSE json_extract('{}', ?) END`;
}

function guarded(statement: BatchStatement, { rows }: BatchRows, guard: string | null): readonly BatchStatement[] {
  if (guard === null) return [statement];
  return [statement, { sql: failUnless('changes() = ?'), params: [rows.length, guard], writes: [] }];
}

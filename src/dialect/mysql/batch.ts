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
import { DriverError } from '../../errors.ts';
import type { ResultSet } from '../../wire/result-set.ts';
import type { WireValue } from '../../wire/wire-value.ts';
import { storedValue } from '../stored-value.ts';
import { updateOneRow } from '../update-one-row.ts';
import { failUnlessText } from './guard.ts';
import { hooks } from './hooks.ts';
import { encodeList, listColumn, listTable } from './lists.ts';
import { besides, quote } from './quote.ts';

/**
 * A flush as one batch of MySQL or MariaDB, in one transaction. The keys of the rows of one INSERT … VALUES stand at equal
 * distances (https://dev.mysql.com/doc/refman/8.4/en/innodb-auto-increment-handling.html), so that the first one, which a
 * variable of the session keeps, tells all. Every variable is set before it is read in the same batch: what an earlier one has
 * left is never seen. All else travels as one JSON parameter.
 */
export const batch: BatchDialect = {
  insertValues: 65_535,

  begin: () => [],

  // No guard: without IGNORE an INSERT writes all of its rows or fails.
  insert({ table, columns, rows }, _guard, ignoreConflicts) {
    const own = columns.find(({ name, group }) => group?.table === table && group.key.name === name);
    const written = columns.flatMap((column, place) => (column === own ? [] : [{ ...column, place }]));
    const params: WireValue[] = [];
    const texts = rows.map((row) => `(${written.map(({ place, type }) => cell(params, row[place], type)).join(', ')})`);
    const names = written.map(({ name }) => quote(name));
    const conflict = ignoreConflicts ? ` ON DUPLICATE KEY UPDATE ${names[0]} = ${names[0]}` : '';
    const sql = `INSERT INTO ${quote(table)} (${names.join(', ')}) VALUES ${texts.join(', ')}${conflict}`;
    const statement = { sql, params, writes: [table] };
    const group = own?.group;
    if (group == null) return [statement];
    const first = `SELECT LAST_INSERT_ID() INTO ${variable(group, group.inserted + 1)}`;
    return [statement, { sql: first, params: [], writes: [] }];
  },

  update(rows, match, guard) {
    const { sql, params } = rows.rows.length === 1 ? updateOne(rows, match) : updateListed(rows, match);
    return guarded({ sql, params, writes: [rows.table] }, rows, guard);
  },

  delete(rows, guard) {
    const { where, params } = found(rows);
    const sql = `${hooks.deleteFrom(quote(rows.table), ROW)} WHERE ${where}`;
    return guarded({ sql, params, writes: [rows.table] }, rows, guard);
  },

  assert(rows, guard) {
    const { where, params } = found(rows);
    const lock = hooks.lock?.({ strength: 'share', onLocked: 'wait' }, ROW) ?? '';
    const sql = `${failUnlessText('COUNT(*)')} FROM ${quote(rows.table)} AS ${ROW} WHERE ${where} ${lock}`;
    return [{ sql, params: [rows.rows.length, guard, ...params], writes: [] }];
  },

  read(rows, columns) {
    const { where, params } = found(rows);
    const values = columns.map(({ name, type }) => {
      const stored = `${ROW}.${quote(name)}`;
      return type.custom?.read?.(stored) ?? stored;
    });
    const sql = `SELECT ${values.join(', ')} FROM ${quote(rows.table)} AS ${ROW} WHERE ${where}`;
    return { sql, params, writes: [] };
  },

  readRow: (_columns, row) => row,

  end(groups) {
    const keys = groups.flatMap((group) =>
      group.starts.map((start) => `${variable(group, start)} AS ${quote(keyName(group, start))}`),
    );
    const statements: BatchStatement[] = [];
    for (let from = 0; from < keys.length; from += KEYS_TOLD) {
      const told = [`${STEP} AS ${quote('step')}`, ...keys.slice(from, from + KEYS_TOLD)];
      statements.push({ sql: `SELECT ${told.join(', ')}`, params: [], writes: [] });
    }
    return statements;
  },

  keysOf: (group, _begun, ended) =>
    group.starts.flatMap((start, index) => {
      const { first, step } = toldKey(keyName(group, start), ended);
      const rows = (group.starts[index + 1] ?? group.count + 1) - start;
      return Array.from({ length: rows }, (_, row) => narrow(first + BigInt(row) * step));
    }),
};

/** The alias of the rows that are found. */
const ROW = '`t0`';
const STEP = '@@auto_increment_increment';
// A SELECT has 4,096 columns at most.
const KEYS_TOLD = 1000;

/** The variable that keeps the first key of the rows which begin at a place. */
function variable({ index }: KeyGroup, start: number): string {
  return `@meshestra_${index}_${start}`;
}

function keyName({ index }: KeyGroup, start: number): string {
  return `k${index}_${start}`;
}

/** Where the statement began that inserted the row of a place. */
function startOf({ table, starts }: KeyGroup, place: number): number {
  const start = starts.findLast((first) => first <= place);
  if (start !== undefined) return start;
  throw new DriverError(`${table}: a statement needs the key of a row that no statement before it inserts`, { table });
}

function keyText({ group, place }: PendingKey): string {
  const start = startOf(group, place);
  const first = variable(group, start);
  return place === start ? first : `${first} + ${place - start} * ${STEP}`;
}

function toldKey(name: string, ended: readonly ResultSet[]): { readonly first: bigint; readonly step: bigint } {
  for (const { columns, rows } of ended) {
    const place = columns.indexOf(name);
    if (place >= 0) return { first: BigInt(String(rows[0]?.[place])), step: BigInt(String(rows[0]?.[0])) };
  }
  throw new DriverError(`the answer to a batch lacks the keys ${name}`);
}

function narrow(key: bigint): number | bigint {
  const number = Number(key);
  return Number.isSafeInteger(number) ? number : key;
}

/** A value in a text of its own, which goes to the parameters, or the key that it stands for. */
function cell(params: WireValue[], value: BatchValue | undefined, type: ColumnType): string {
  if (value instanceof PendingKey) return keyText(value);
  params.push(value ?? null);
  return storedValue(hooks.parameter('?', type, value), type);
}

function updateOne({ table, columns, rows }: BatchRows, match: number) {
  const params: WireValue[] = [];
  const parameter = (row: number, column: number): string =>
    cell(params, rows[row]?.[column], (columns[column] as BatchColumn).type);
  const text = { table, match: columns.slice(0, match), set: columns.slice(match), rows: 1, parameter };
  return { sql: updateOneRow(quote, text), params };
}

function updateListed(rows: BatchRows, match: number) {
  const { table, columns } = rows;
  const target = quote(table);
  const { from, values, params } = listed(rows, besides(table, 'v'));
  const equal = columns.map(({ name }, place) => `${target}.${quote(name)} = ${values[place]}`);
  const keys = equal.slice(0, match).join(' AND ');
  return { sql: `UPDATE ${target} JOIN ${from} ON ${keys} SET ${equal.slice(match).join(', ')}`, params };
}

/** A column of the list that rows travel as. */
interface ListedColumn {
  readonly type: ColumnType;
  itemOf(row: readonly BatchValue[]): WireValue;
}

const INTEGER: ColumnType = { name: 'integer' };

/** The rows as one list under an alias, with an expression for each of their columns. */
function listed({ columns, rows }: BatchRows, alias: string) {
  const list: ListedColumn[] = [];
  const add = (type: ColumnType, itemOf: ListedColumn['itemOf']): string => {
    list.push({ type, itemOf });
    return `${alias}.\`c${list.length - 1}\``;
  };
  const values = columns.map((column, place) => {
    const known = add(column.type, (row) => knownValue(row[place]));
    const value = listColumn(column.type).value(known);
    return column.group === null ? value : pendingText(column.group, value, place, add);
  });
  const types = list.map(({ type }) => type);
  const items = rows.map((row) => list.map(({ itemOf }) => itemOf(row)));
  return { from: listTable(types, '?', alias), values, params: [encodeList(items, types)] };
}

// A key that is not known travels as the place that its statement began at, and its distance from there.
function pendingText(
  group: KeyGroup,
  known: string,
  place: number,
  add: (type: ColumnType, itemOf: ListedColumn['itemOf']) => string,
): string {
  const pending = (row: readonly BatchValue[], of: (key: PendingKey) => number): WireValue => {
    const value = row[place];
    return value instanceof PendingKey ? of(value) : null;
  };
  const start = add(INTEGER, (row) => pending(row, (key) => startOf(group, key.place)));
  const distance = add(INTEGER, (row) => pending(row, (key) => key.place - startOf(group, key.place)));
  const firsts = group.starts.map((first) => `WHEN ${first} THEN ${variable(group, first)}`).join(' ');
  return `COALESCE(${known}, CASE ${start} ${firsts} END + ${distance} * ${STEP})`;
}

function knownValue(value: BatchValue | undefined): WireValue {
  return value === undefined || value instanceof PendingKey ? null : value;
}

/** `… IN …`: the condition of the rows that have one of the tuples. */
function found(rows: BatchRows): { where: string; params: WireValue[] } {
  const { from, values, params } = listed(rows, '`l`');
  const operands = rows.columns.map(({ name }) => `${ROW}.${quote(name)}`);
  const left = operands.length === 1 ? operands.join('') : `(${operands.join(', ')})`;
  return { where: `${left} IN (SELECT ${values.join(', ')} FROM ${from})`, params };
}

/** The count is that of rows that were found, changed or not: connections are opened so. */
function guarded(statement: BatchStatement, { rows }: BatchRows, guard: string | null): readonly BatchStatement[] {
  if (guard === null) return [statement];
  return [statement, { sql: failUnlessText('ROW_COUNT()'), params: [rows.length, guard], writes: [] }];
}

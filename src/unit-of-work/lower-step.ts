import type { PlainStatementNode } from '../ast/statement-node.ts';
import type { RowCount, TargetColumn } from '../ast/write-node.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type { Dialect } from '../compiler/dialect.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import { ROOT } from '../query/lowering.ts';
import { encodeKeys, inList } from '../query/select-by-key.ts';
import type { Session } from '../session/session.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { DeleteRecord, FlushStep, InsertRecord, LinkStep, UpdateRecord } from './flush-plan.ts';

/** One statement of a step: its text is known from the plan, its values only when it is about to run. */
export interface LoweredStatement {
  readonly compiled: CompiledStatement;
  /** The records it writes, a part of the step's. */
  readonly from: number;
  readonly to: number;
  values(): readonly WireValue[];
}

/** What lowering asks of a session. */
export type Lowering = Pick<Session, 'compile' | 'dialect' | 'driver'>;
type Step<K extends FlushStep['kind']> = Extract<FlushStep, { readonly kind: K }>;

/** The part of a `LinkSupport` that writes link tables. */
export interface LinkLowering {
  lower(session: Lowering, step: LinkStep): LoweredStatement[];
}

/** The statements of a step: multi-row, cut by the rows that are best for the dialect and by the parameter limit. */
export function lowerStep(session: Lowering, step: FlushStep): LoweredStatement[] {
  switch (step.kind) {
    case 'insert':
      return lowerInsert(session, step);
    case 'update':
      return lowerUpdate(session, step);
    case 'delete':
      return [lowerDelete(session, step)];
    default:
      return (step.support as LinkLowering).lower(session, step);
  }
}

/** Cuts rows into as many statements as they need. */
export function chunks(
  session: Lowering,
  kind: 'insert' | 'update',
  total: number,
  width: number,
  lower: (from: number, to: number, rows: RowCount) => LoweredStatement,
): LoweredStatement[] {
  const { dialect, driver } = session;
  const asLists = dialect.rowLists[kind] !== 'values';
  const fitting = asLists ? total : Math.floor(driver.capabilities.maxParams / width);
  // A row of defaults only has no VALUES to list.
  const size = width === 0 ? 1 : Math.max(1, Math.min(dialect.rowsPerStatement[kind], fitting));
  const statements: LoweredStatement[] = [];
  for (let from = 0; from < total; from += size) {
    const to = Math.min(total, from + size);
    statements.push(lower(from, to, asLists && to - from > 1 ? 'lists' : to - from));
  }
  return statements;
}

/** The values of rows as the parameters of a statement: row by row, a list for each column, or one list. */
export function parametersOf(
  dialect: Dialect,
  kind: 'insert' | 'update',
  rows: RowCount,
  columns: readonly TargetColumn[],
  values: WireValue[],
): readonly WireValue[] {
  if (rows !== 'lists') return values;
  const tuples = (from: number, size: number): WireValue[][] => {
    const list: WireValue[][] = [];
    for (let place = from; place < values.length; place += columns.length) list.push(values.slice(place, place + size));
    return list;
  };
  const types = columns.map(({ type }) => type);
  if (dialect.rowLists[kind] === 'rows') return [dialect.encodeList(tuples(0, types.length), types)];
  return types.map((type, column) => dialect.encodeList(tuples(column, 1), [type]));
}

/** The SELECT of keys for rows that are about to be inserted; its one parameter is their number. */
export function keyAllocation({ dialect }: Lowering, table: string, key: string): CompiledStatement {
  const sql = dialect.allocateKeys?.(table, key) ?? '';
  return { sql, bindings: [0], direct: true, reads: [table], writes: [] };
}

function lowerInsert(session: Lowering, { meta, columns, keys, records }: Step<'insert'>): LoweredStatement[] {
  const indexes = columns.map((column) => column.index);
  const key = keys === 'generated' ? (meta.root.primaryKey[0]?.name ?? null) : null;
  return chunks(session, 'insert', records.length, columns.length, (from, to, rows) => ({
    compiled: compileInsert(session, meta.table, columns, rows, key, false),
    from,
    to,
    values: () => parametersOf(session.dialect, 'insert', rows, columns, flatten(records, from, to, indexes)),
  }));
}

/** The INSERT of some rows; `key` is the column whose generated values are to become known. */
export function compileInsert(
  session: Lowering,
  table: string,
  columns: readonly TargetColumn[],
  rows: RowCount,
  key: string | null,
  ignoreConflicts: boolean,
): CompiledStatement {
  const shape = `insert ${table}\0${columns.map((column) => column.name).join('\0')}\0${rows}${ignoreConflicts ? 'i' : ''}`;
  const node = { kind: 'insert', table, rows, key, ignoreConflicts } as const;
  return session.compile(shape, () => ({ ...node, columns: columns.map(target) }));
}

function target({ name, type }: TargetColumn): TargetColumn {
  return { name, type };
}

function flatten(records: readonly InsertRecord[], from: number, to: number, indexes: readonly number[]): WireValue[] {
  const values = new Array<WireValue>((to - from) * indexes.length);
  let next = 0;
  for (let place = from; place < to; place += 1) {
    const { row } = records[place] as InsertRecord;
    for (const index of indexes) {
      values[next] = row[index] as WireValue;
      next += 1;
    }
  }
  return values;
}

/** The columns that a row of an update or versioned delete is found by. */
function matchColumns(meta: EntityMetadata): readonly ColumnMetadata[] {
  const { primaryKey } = meta.root;
  return meta.version === null ? primaryKey : [...primaryKey, meta.version];
}

function lowerUpdate(session: Lowering, { meta, columns, records, writes }: Step<'update'>): LoweredStatement[] {
  const along = writes === undefined ? null : { writes };
  const match = matchColumns(meta);
  return chunks(session, 'update', records.length, match.length + columns.length, (from, to, rows) => {
    const shape = `update ${meta.table}\0${columns.map((column) => column.index).join()}\0${rows}`;
    const compiled = session.compile(shape, () => ({
      kind: 'update-rows',
      table: meta.table,
      match: match.map(target),
      set: columns.map(target),
      rows,
    }));
    return {
      compiled: along === null ? compiled : { ...compiled, ...along },
      from,
      to,
      values: () =>
        parametersOf(
          session.dialect,
          'update',
          rows,
          [...match, ...columns],
          updateValues(records.slice(from, to), match, columns),
        ),
    };
  });
}

function updateValues(
  records: readonly UpdateRecord[],
  match: readonly ColumnMetadata[],
  set: readonly ColumnMetadata[],
): WireValue[] {
  const values: WireValue[] = [];
  for (const { before, row } of records) {
    for (const column of match) values.push(before[column.index] as WireValue);
    for (const column of set) values.push(row[column.index] as WireValue);
  }
  return values;
}

/** The DELETE of the rows whose columns are in the list of slot 0. */
export function compileDelete(session: Lowering, table: string, columns: readonly TargetColumn[]): CompiledStatement {
  return session.compile(
    `delete ${table}`,
    (): PlainStatementNode => ({ kind: 'delete', table, alias: ROOT, where: inList(columns) }),
  );
}

function lowerDelete(session: Lowering, { meta, records, writes }: Step<'delete'>): LoweredStatement {
  const match = matchColumns(meta);
  const keys = (): WireValue[] => [
    encodeKeys(
      session.dialect,
      match,
      records.map((record: DeleteRecord) => keyOfRow(match, record.row)),
    ),
  ];
  return {
    compiled: { ...compileDelete(session, meta.table, match), writes },
    from: 0,
    to: records.length,
    values: keys,
  };
}

import type { StatementNode } from '../ast/statement-node.ts';
import type { TargetColumn } from '../ast/write-node.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, LinkColumn, LinkMetadata } from '../metadata/entity-metadata.ts';
import { encodeKeys } from '../query/select-by-key.ts';
import type { Session } from '../session/session.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { DeleteRecord, FlushStep, InsertRecord, LinkPair, UpdateRecord } from './flush-plan.ts';

/** One statement of a step: its text is known from the plan, its values only when it is about to run. */
export interface LoweredStatement {
  readonly compiled: CompiledStatement;
  /** The records it writes, a part of the step's. */
  readonly from: number;
  readonly to: number;
  values(): readonly WireValue[];
}

type Lowering = Pick<Session, 'compile' | 'dialect' | 'driver'>;
type Step<K extends FlushStep['kind']> = Extract<FlushStep, { readonly kind: K }>;

/** The statements of a step: multi-row, cut by the rows that are best for the dialect and by the parameter limit. */
export function lowerStep(session: Lowering, step: FlushStep): LoweredStatement[] {
  switch (step.kind) {
    case 'insert':
      return lowerInsert(session, step);
    case 'update':
      return lowerUpdate(session, step);
    case 'delete':
      return [lowerDelete(session, step)];
    case 'link-insert':
      return lowerLinkInsert(session, step);
    case 'link-delete':
      return [lowerLinkDelete(session, step)];
  }
}

function chunks(
  session: Lowering,
  kind: 'insert' | 'update',
  total: number,
  width: number,
  lower: (from: number, to: number) => LoweredStatement,
): LoweredStatement[] {
  const { maxParams } = session.driver.capabilities;
  const size = Math.max(
    1,
    Math.min(session.dialect.rowsPerStatement[kind], Math.floor(maxParams / Math.max(1, width))),
  );
  const statements: LoweredStatement[] = [];
  for (let from = 0; from < total; from += size) statements.push(lower(from, Math.min(total, from + size)));
  return statements;
}

function lowerInsert(session: Lowering, { meta, columns, records }: Step<'insert'>): LoweredStatement[] {
  const width = columns.length;
  const indexes = columns.map((column) => column.index);
  return chunks(session, 'insert', records.length, width, (from, to) => ({
    compiled: compileInsert(session, meta.table, columns, to - from, false),
    from,
    to,
    values: () => flatten(records, from, to, (record: InsertRecord) => record.row, indexes),
  }));
}

function compileInsert(
  session: Lowering,
  table: string,
  columns: readonly TargetColumn[],
  rows: number,
  ignoreConflicts: boolean,
): CompiledStatement {
  const shape = `insert ${table}\0${columns.map((column) => column.name).join('\0')}\0${rows}${ignoreConflicts ? 'i' : ''}`;
  return session.compile(shape, () => ({ kind: 'insert', table, columns: columns.map(target), rows, ignoreConflicts }));
}

function target({ name, type }: TargetColumn): TargetColumn {
  return { name, type };
}

function flatten<R>(
  records: readonly R[],
  from: number,
  to: number,
  rowOf: (record: R) => WireRow,
  indexes: readonly number[],
): WireValue[] {
  const values = new Array<WireValue>((to - from) * indexes.length);
  let next = 0;
  for (let place = from; place < to; place += 1) {
    const row = rowOf(records[place] as R);
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

function lowerUpdate(session: Lowering, { meta, columns, records }: Step<'update'>): LoweredStatement[] {
  const match = matchColumns(meta);
  return chunks(session, 'update', records.length, match.length + columns.length, (from, to) => {
    const rows = to - from;
    const shape = `update ${meta.table}\0${columns.map((column) => column.index).join()}\0${rows}`;
    return {
      compiled: session.compile(shape, () => ({
        kind: 'update-rows',
        table: meta.table,
        match: match.map(target),
        set: columns.map(target),
        rows,
      })),
      from,
      to,
      values: () => updateValues(records.slice(from, to), match, columns),
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

const ALIAS = 't0';

function compileDelete(
  session: Lowering,
  table: string,
  columns: readonly { readonly name: string; readonly type: ColumnMetadata['type'] }[],
): CompiledStatement {
  return session.compile(
    `delete ${table}`,
    (): StatementNode => ({
      kind: 'delete',
      table,
      alias: ALIAS,
      where: {
        kind: 'in-list',
        operands: columns.map((column) => ({ kind: 'column', alias: ALIAS, name: column.name })),
        types: columns.map((column) => column.type),
        list: { kind: 'slot', index: 0, type: null },
        negated: false,
      },
    }),
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

function linkColumns(link: LinkMetadata): readonly (TargetColumn & { readonly key: ColumnMetadata })[] {
  return [...link.ownColumns, ...link.targetColumns].map(({ name, key }: LinkColumn) => ({
    name,
    type: key.type,
    key,
  }));
}

function linkValues(link: LinkMetadata, { own, target: other }: LinkPair): WireValue[] {
  return [
    ...link.ownColumns.map(({ key }) => own[key.index] ?? null),
    ...link.targetColumns.map(({ key }) => other[key.index] ?? null),
  ];
}

function lowerLinkInsert(session: Lowering, { link, pairs }: Step<'link-insert'>): LoweredStatement[] {
  const columns = linkColumns(link);
  return chunks(session, 'insert', pairs.length, columns.length, (from, to) => ({
    compiled: compileInsert(session, link.table, columns, to - from, true),
    from,
    to,
    values: () => pairs.slice(from, to).flatMap((pair) => linkValues(link, pair)),
  }));
}

function lowerLinkDelete(session: Lowering, { link, pairs }: Step<'link-delete'>): LoweredStatement {
  const columns = linkColumns(link);
  const types = columns.map((column) => column.type);
  return {
    compiled: compileDelete(session, link.table, columns),
    from: 0,
    to: pairs.length,
    values: () => [
      session.dialect.encodeList(
        pairs.map((pair) => linkValues(link, pair)),
        types,
      ),
    ],
  };
}

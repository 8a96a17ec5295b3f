import type { TargetColumn } from '../../ast/write-node.ts';
import type { BatchDialect, BatchRows, BatchStatement, BatchValue, PendingKey } from '../../compiler/batch-dialect.ts';
import type { ColumnMetadata, EntityMetadata, LinkMetadata } from '../../metadata/entity-metadata.ts';
import type { WireRow, WireValue } from '../../wire/wire-value.ts';
import type { FlushPlan, FlushStep, LinkStep, UpdateRecord } from '../flush-plan.ts';
import type { ReadBack } from '../read-back.ts';
import { StaleCandidates } from '../stale-rows.ts';
import { PendingKeys } from './pending-keys.ts';

/** A plan as the statements of one batch. */
export interface LoweredBatch {
  readonly begin: readonly BatchStatement[];
  readonly steps: readonly BatchStatement[];
  /** Those that read what the database gave, each with what it is for. */
  readonly reads: readonly BackStatement[];
  readonly end: readonly BatchStatement[];
  readonly keys: PendingKeys;
  /** What it means that the batch failed with a guard, by the guard's number. */
  readonly guards: readonly Guard[];
}

/** A statement that had to reach all of its rows. */
export type Guard =
  | { readonly kind: 'stale'; readonly candidates: StaleCandidates }
  | { readonly kind: 'ignored'; readonly table: string; readonly count: number };

/** A statement that reads what the database gave to rows. */
export interface BackStatement {
  readonly back: ReadBack;
  readonly statement: BatchStatement;
}

/** Bounds of one statement. */
interface Bounds {
  readonly rows: number;
  readonly characters: number;
}

// Rows as elsewhere.
const WRITTEN: Bounds = { rows: 5000, characters: 500_000 };
// Rows that refer to each other must go together: as many as fit into the 2 MB that D1 takes in one value.
const DELETED: Bounds = { rows: Number.POSITIVE_INFINITY, characters: 1_800_000 };

/** Rows that were read and must still have their version when the batch commits. */
export interface ReadRows {
  readonly meta: EntityMetadata;
  readonly rows: readonly WireRow[];
}

/**
 * Lowers a plan; `read` are the rows that it is to be undone for, too, where somebody else changed them, and `backs` what it
 * reads in the end.
 */
export function lowerBatch(
  dialect: BatchDialect,
  plan: Pick<FlushPlan, 'steps'>,
  read: readonly ReadRows[] = [],
  backs: readonly ReadBack[] = [],
): LoweredBatch {
  const keys = new PendingKeys(plan);
  const lowering = new BatchLowering(dialect, keys);
  // Before the first key is taken, because they tell how many there are.
  const begin = dialect.begin(keys.groups);
  for (const { meta, rows } of read) lowering.assert(meta, rows);
  for (const step of plan.steps) lowering.step(step);
  const reads = backs.map((back) => ({ back, statement: lowering.read(back) }));
  const { statements: steps, guards } = lowering;
  return { begin, steps, reads, end: dialect.end(keys.groups), keys, guards };
}

/** The text by which a guard is known again in the message of a failure. */
function guardText(place: number): string {
  return `meshestra guard ${place};`;
}

class BatchLowering {
  readonly statements: BatchStatement[] = [];
  readonly guards: Guard[] = [];
  readonly #dialect: BatchDialect;
  readonly #keys: PendingKeys;

  constructor(dialect: BatchDialect, keys: PendingKeys) {
    this.#dialect = dialect;
    this.#keys = keys;
  }

  step(step: FlushStep): void {
    if (step.kind === 'insert') this.#insert(step);
    else if (step.kind === 'update') this.#update(step);
    else if (step.kind === 'delete') this.#delete(step);
    else this.#link(step);
  }

  read({ meta, columns, rows }: ReadBack): BatchStatement {
    const values = rows.map(({ row }) => meta.primaryKey.map(({ index }) => this.#keys.valueOf(row, index)));
    return this.#dialect.read(this.#rowsOf(meta.table, meta.primaryKey, values), columns);
  }

  assert(meta: EntityMetadata, rows: readonly WireRow[]): void {
    const match = matchColumns(meta);
    const values = rows.map((row) => match.map(({ index }) => row[index] ?? null));
    this.#write(meta.table, match, values, (part, from, to) =>
      this.#dialect.assert(part, this.#stale(meta, rows.slice(from, to))),
    );
  }

  #insert({ meta, columns, keys, records }: Extract<FlushStep, { kind: 'insert' }>): void {
    const [key] = meta.root.primaryKey;
    const known = columns.some(({ index }) => index === key?.index);
    const all = keys === 'given' || known || key === undefined ? columns : [key, ...columns];
    const values = records.map(({ row }) => all.map(({ index }) => this.#keys.valueOf(row, index)));
    const lower = (part: BatchRows, from: number, to: number): readonly BatchStatement[] => {
      const guard = this.#guard({ kind: 'ignored', table: meta.table, count: to - from });
      const statements = this.#dialect.insert(part, guard, false);
      this.#keys.inserted(records.slice(from, to).map(({ row }) => row));
      return statements;
    };
    this.#write(meta.table, all, values, lower, this.#insertBounds(all.length));
  }

  #update({ meta, columns, records }: Extract<FlushStep, { kind: 'update' }>): void {
    const match = matchColumns(meta);
    const values = records.map((record) => [
      ...match.map(({ index }) => this.#keys.valueOf(record.before, index)),
      ...columns.map(({ index }) => this.#newValue(record, index)),
    ]);
    this.#write(meta.table, [...match, ...columns], values, (part, from, to) => {
      const before = records.slice(from, to).map((record) => record.before);
      return this.#dialect.update(part, match.length, this.#stale(meta, before));
    });
  }

  // The row of a record that closes a circle is its insert's, in which the reference waits to be set.
  #newValue({ row, references }: UpdateRecord, index: number): BatchValue {
    return this.#keys.valueOf(row, index, references);
  }

  #delete({ meta, records, writes }: Extract<FlushStep, { kind: 'delete' }>): void {
    const match = matchColumns(meta);
    const values = records.map(({ row }) => match.map(({ index }) => row[index] ?? null));
    const lower = (part: BatchRows, from: number, to: number): readonly BatchStatement[] => {
      const rows = records.slice(from, to).map(({ row }) => row);
      const statements = this.#dialect.delete(part, meta.version === null ? null : this.#stale(meta, rows));
      return statements.map((statement) => (statement.writes.length > 0 ? { ...statement, writes } : statement));
    };
    this.#write(meta.table, match, values, lower, DELETED);
  }

  #link({ kind, link, pairs }: LinkStep): void {
    const columns = [...link.ownColumns, ...link.targetColumns].map(({ name, key: { type } }) => ({ name, type }));
    const values = pairs.map(({ own, target }) => this.#pair(link, own, target));
    const lower = (part: BatchRows): readonly BatchStatement[] =>
      kind === 'link-insert' ? this.#dialect.insert(part, null, true) : this.#dialect.delete(part, null);
    this.#write(link.table, columns, values, lower, this.#insertBounds(columns.length));
  }

  #pair(link: LinkMetadata, own: WireRow, target: WireRow): BatchValue[] {
    return [
      ...link.ownColumns.map(({ key }) => this.#keys.valueOf(own, key.index)),
      ...link.targetColumns.map(({ key }) => this.#keys.valueOf(target, key.index)),
    ];
  }

  #insertBounds(columns: number): Bounds {
    return { ...WRITTEN, rows: Math.min(WRITTEN.rows, Math.floor(this.#dialect.insertValues / columns)) };
  }

  /** Cuts rows into statements. */
  #write(
    table: string,
    columns: readonly TargetColumn[],
    values: readonly (readonly BatchValue[])[],
    lower: (part: BatchRows, from: number, to: number) => readonly BatchStatement[],
    bounds = WRITTEN,
  ): void {
    for (let from = 0; from < values.length; ) {
      const to = endOfChunk(values, from, bounds);
      for (const statement of lower(this.#rowsOf(table, columns, values.slice(from, to)), from, to))
        this.statements.push(statement);
      from = to;
    }
  }

  #rowsOf(table: string, columns: readonly TargetColumn[], rows: BatchRows['rows']): BatchRows {
    const valuesOf = (place: number): BatchValue[] => rows.map((row) => row[place] ?? null);
    return { table, columns: columns.map((column, place) => this.#keys.column(column, valuesOf(place))), rows };
  }

  #stale(meta: EntityMetadata, rows: readonly WireRow[]): string {
    return this.#guard({ kind: 'stale', candidates: new StaleCandidates(meta, rows) });
  }

  #guard(guard: Guard): string {
    return guardText(this.guards.push(guard) - 1);
  }
}

function matchColumns({ root, version }: EntityMetadata): readonly ColumnMetadata[] {
  return version === null ? root.primaryKey : [...root.primaryKey, version];
}

function endOfChunk(values: readonly (readonly BatchValue[])[], from: number, bounds: Bounds): number {
  let characters = 0;
  let to = from;
  while (to < values.length && to - from < bounds.rows) {
    characters += sizeOf(values[to] ?? []);
    if (to > from && characters > bounds.characters) break;
    to += 1;
  }
  return to;
}

function sizeOf(row: readonly BatchValue[]): number {
  return row.reduce<number>((size, value) => size + sizeOfValue(value), 2);
}

function sizeOfValue(value: WireValue | PendingKey): number {
  if (typeof value === 'string') return value.length + 3;
  return value instanceof Uint8Array ? value.length * 2 + 3 : 12;
}

import type { TargetColumn } from '../ast/write-node.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';

/** Rows of one table whose keys the database makes within a batch. */
export interface KeyGroup {
  /** Its place among the groups of the batch. */
  readonly index: number;
  readonly table: string;
  readonly key: TargetColumn;
  /** How many rows it has in all. */
  readonly count: number;
  /** How many of them the statements so far insert. */
  readonly inserted: number;
  /** The place of the first row of each of these statements, in order. */
  readonly starts: readonly number[];
  /** Keys that the application gave to rows of the same table that the batch inserts after the first of the group. */
  readonly besides: readonly WireValue[];
}

/** Stands in a batch for a key that nobody knows yet: that of the row at a place of a group, counted from 1. */
export class PendingKey {
  readonly group: KeyGroup;
  readonly place: number;

  constructor(group: KeyGroup, place: number) {
    this.group = group;
    this.place = place;
  }
}

/** A value of a batch. */
export type BatchValue = WireValue | PendingKey;

/** A column of a batch's rows; `group` where some of its values are keys of that group. */
export interface BatchColumn extends TargetColumn {
  readonly group: KeyGroup | null;
}

/** Rows as a batch writes them: each has a value for each column. */
export interface BatchRows {
  readonly table: string;
  readonly columns: readonly BatchColumn[];
  readonly rows: readonly (readonly BatchValue[])[];
}

/** One statement of a batch. */
export interface BatchStatement {
  readonly sql: string;
  readonly params: readonly WireValue[];
  /** The tables it writes. */
  readonly writes: readonly string[];
}

/**
 * How a dialect writes a flush as one batch, in which no statement knows what an earlier one answered. A `guard` is a text
 * that the failure of the batch holds where a statement did not reach as many rows as it names: so a stale row undoes all.
 */
export interface BatchDialect {
  /** Most values of the rows of one INSERT; infinite where they travel as lists. */
  readonly insertValues: number;
  /** What goes first: it makes the keys of the groups known to the statements after it. */
  begin(groups: readonly KeyGroup[]): readonly BatchStatement[];
  /** `own` is the group that the rows themselves belong to; with `ignoreConflicts` rows that are there already stay. */
  insert(rows: BatchRows, guard: string | null, ignoreConflicts: boolean): readonly BatchStatement[];
  /** The first `match` columns find a row, the others change it. */
  update(rows: BatchRows, match: number, guard: string | null): readonly BatchStatement[];
  /** Deletes the rows that have one of the tuples in the columns. */
  delete(rows: BatchRows, guard: string | null): readonly BatchStatement[];
  /** Fails unless there is a row for each of the tuples, and locks what it finds where the engine can. */
  assert(rows: BatchRows, guard: string): readonly BatchStatement[];
  /** Reads columns of the rows that have one of the tuples, in any order. */
  read(rows: BatchRows, columns: readonly TargetColumn[]): BatchStatement;
  /** A row of the answer to {@link read}. */
  readRow(columns: readonly TargetColumn[], row: WireRow): WireRow;
  /** What goes last: it tells the keys. */
  end(groups: readonly KeyGroup[]): readonly BatchStatement[];
  /** The keys of a group in the order of its rows, from the answers to {@link begin} and {@link end}. */
  keysOf(group: KeyGroup, begun: readonly ResultSet[], ended: readonly ResultSet[]): readonly WireValue[];
}

import { DriverError } from '../errors.ts';
import { createKeyReader } from '../identity/identity-key.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import { type ColumnMetadata, type EntityMetadata, isComputed } from '../metadata/entity-metadata.ts';
import { readNode } from '../query/lower-column.ts';
import { ROOT } from '../query/lowering.ts';
import { encodeKeys, inList, selectRows } from '../query/select-by-key.ts';
import type { Session } from '../session/session.ts';
import type { WireRow, WireValue } from '../wire/wire-value.ts';
import type { FlushPlan } from './flush-plan.ts';
import type { LoweredStatement, Lowering } from './lower-step.ts';

/** Rows of one table that hold values of the database after a flush, which it reads by their keys. */
export interface ReadBack {
  readonly meta: EntityMetadata;
  /** What is read: the key, then the columns that the database fills. */
  readonly columns: readonly ColumnMetadata[];
  readonly rows: readonly FilledRow[];
}

interface FilledRow {
  readonly row: WireValue[];
  readonly filled: readonly ColumnMetadata[];
}

// New rows that left columns out, and changed ones that compute columns.
function readBacksOf({ inserts, updates }: FlushPlan): readonly ReadBack[] {
  const byRoot = new Map<EntityMetadata, FilledRow[]>();
  const computedOf = new Map<EntityMetadata, readonly ColumnMetadata[]>();
  const add = (root: EntityMetadata, row: WireValue[], absent: readonly ColumnMetadata[]): void => {
    const computed = computedOf.get(root) ?? root.columns.filter(isComputed);
    computedOf.set(root, computed);
    const filled = [...absent.filter((column) => !isComputed(column)), ...computed];
    if (filled.length === 0) return;
    const rows = byRoot.get(root);
    if (rows === undefined) byRoot.set(root, [{ row, filled }]);
    else rows.push({ row, filled });
  };
  for (const { meta, row, absent } of inserts) add(meta.root, row, absent);
  for (const { meta, row } of updates) add(meta.root, row, []);
  return [...byRoot].map(([meta, rows]) => {
    const filled = new Set(rows.flatMap((row) => row.filled.map(({ index }) => index)));
    return { meta, columns: [...meta.primaryKey, ...meta.columns.filter(({ index }) => filled.has(index))], rows };
  });
}

/** The SELECT of the values, by the keys that the rows have when it runs. */
function lower(session: Lowering, { meta, columns, rows }: ReadBack): LoweredStatement {
  const { primaryKey } = meta;
  const compiled = session.compile(`back ${meta.table}\0${columns.map(({ index }) => index).join()}`, () => ({
    ...selectRows(meta, inList(primaryKey), primaryKey),
    columns: columns.map((column) => readNode(ROOT, column)),
    orderBy: [],
  }));
  const keys = (): WireValue[] => [
    encodeKeys(
      session.dialect,
      primaryKey,
      rows.map(({ row }) => keyOfRow(primaryKey, row)),
    ),
  ];
  return { compiled, from: 0, to: rows.length, values: keys };
}

function take({ meta, columns, rows }: ReadBack, read: readonly WireRow[]): void {
  const keyOf = createKeyReader(meta.primaryKey);
  const byKey = new Map(
    read.map((values) => {
      const row: WireValue[] = [];
      for (const [place, { index }] of columns.entries()) row[index] = values[place] ?? null;
      return [keyOf(row, 0), row];
    }),
  );
  for (const { row, filled } of rows) {
    const stored = byKey.get(keyOf(row, 0));
    if (stored === undefined) {
      throw new DriverError(
        `${meta.table}: a row that was just written is not there; does a trigger delete it or change its key?`,
        {
          table: meta.table,
        },
      );
    }
    for (const { index } of filled) row[index] = stored[index] ?? null;
  }
}

/**
 * Reads what the database gives to the rows of a plan. Handed to those that write plans, because few programs ever need it,
 * by one transaction or by batches.
 */
export interface ReadsBack {
  /** Reads the values into the rows of a plan that was executed, inside its transaction. */
  execute(session: Session, plan: FlushPlan): Promise<void>;
  /** The SQL texts of what {@link execute} sends. */
  describe(session: Lowering, plan: FlushPlan): readonly string[];
  /** What a plan has to read after its last step. */
  of(plan: FlushPlan): readonly ReadBack[];
  /** Puts what was read into the rows of the plan, in whatever order it came. */
  take(back: ReadBack, read: readonly WireRow[]): void;
}

/** See {@link ReadsBack}. */
export const readBack: ReadsBack = {
  async execute(session, plan) {
    for (const back of readBacksOf(plan)) {
      const { compiled, values } = lower(session, back);
      const { rows } = await session.run(compiled, values());
      take(back, rows);
    }
  },
  describe: (session, plan) => readBacksOf(plan).map((back) => lower(session, back).compiled.sql),
  of: readBacksOf,
  take,
};

import type { ColumnMetadata } from '../metadata/entity-metadata.ts';
import type { DeleteRecord, InsertRecord, UpdateRecord } from './flush-plan.ts';

/** Why an operation waits for another one. */
export interface Wait {
  /** Whether both may stand in one statement, the other one first. */
  readonly soft: boolean;
  /**
   * What the other one could give up before, in a statement of its own, so that this one need not wait for it: a column of
   * each unique value, or foreign keys. Null where it has nothing that may be given up.
   */
  readonly parks: readonly ColumnMetadata[] | null;
  /** Whether the usual order (inserts, updates, deletes, each by table) would be wrong. */
  readonly special: boolean;
  /** `table.property`, for messages. */
  readonly path: string;
}

interface OperationBase {
  /** Operations of one bucket can share a statement. */
  readonly bucket: string;
  readonly waits: Map<Operation, Wait>;
  readonly next: Set<Operation>;
}

/** What a flush does to one row. */
export type Operation = OperationBase &
  (
    | { readonly kind: 'insert'; readonly record: InsertRecord }
    | { readonly kind: 'update'; record: UpdateRecord }
    | { readonly kind: 'delete'; readonly record: DeleteRecord }
  );

/** An INSERT of one row; rows whose keys the database makes do not share a statement with others. */
export function insertion(record: InsertRecord, generated: boolean): Operation {
  const { meta, absent } = record;
  const bucket = `insert ${meta.table} ${meta.discriminator?.value ?? ''} ${generated} ${absent.map(({ index }) => index).join()}`;
  return { kind: 'insert', record, bucket, waits: new Map(), next: new Set() };
}

/** An UPDATE of one row. */
export function change(record: UpdateRecord): Operation & { readonly kind: 'update' } {
  const { meta, columns, reason } = record;
  const bucket = `update ${meta.table} ${columns.map(({ index }) => index).join()} ${reason ?? ''}`;
  return { kind: 'update', record, bucket, waits: new Map(), next: new Set() };
}

/** A DELETE of one row. */
export function deletion(record: DeleteRecord): Operation {
  return { kind: 'delete', record, bucket: `delete ${record.meta.root.table}`, waits: new Map(), next: new Set() };
}

/** Makes an operation wait for another one; two reasons for it are one that holds for both. */
export function waitFor(later: Operation, earlier: Operation, wait: Wait): void {
  if (later === earlier) return;
  const known = later.waits.get(earlier);
  earlier.next.add(later);
  if (known === undefined) later.waits.set(earlier, wait);
  else {
    const parks = known.parks === null || wait.parks === null ? null : [...known.parks, ...wait.parks];
    later.waits.set(earlier, {
      soft: known.soft && wait.soft,
      special: known.special || wait.special,
      parks,
      path: known.path,
    });
  }
}

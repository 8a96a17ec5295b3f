import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { DeleteRecord, DeleteStep, InsertRecord, InsertStep, UpdateRecord, UpdateStep } from './flush-plan.ts';
import type { UnitOfWorkContext } from './unit-of-work.ts';

/** Records by the table that they are of, in their order. */
export function byRoot<R extends { readonly meta: EntityMetadata }>(records: readonly R[]): Map<EntityMetadata, R[]> {
  const lists = new Map<EntityMetadata, R[]>();
  for (const record of records) {
    const list = lists.get(record.meta.root);
    if (list === undefined) lists.set(record.meta.root, [record]);
    else list.push(record);
  }
  return lists;
}

/** Consecutive rows of the same columns become one step. */
export function groupInserts(records: readonly InsertRecord[]): InsertStep[] {
  const steps: (InsertStep & { readonly records: InsertRecord[] })[] = [];
  let absent: readonly ColumnMetadata[] = [];
  for (const record of records) {
    const { meta } = record;
    const generated = generatedKey(record);
    const keys = generated === null ? 'given' : 'generated';
    const step = steps.at(-1);
    if (step?.meta === meta && step.keys === keys && sameColumns(absent, record.absent)) step.records.push(record);
    else {
      absent = record.absent;
      const left = new Set([generated, ...absent].map((column) => column?.index));
      const columns = meta.ownColumns.filter(({ index }) => !left.has(index));
      steps.push({ kind: 'insert', meta, columns, keys, records: [record] });
    }
  }
  return steps;
}

/** The key column that the database is to fill for this row. */
export function generatedKey({ meta, row }: InsertRecord): ColumnMetadata | null {
  const [key] = meta.root.primaryKey;
  return key?.generated && row[key.index] === null ? key : null;
}

/** Updates of the same columns of a table, and for the same reason, become one step. */
export function groupUpdates(records: readonly UpdateRecord[]): UpdateStep[] {
  const groups = new Map<string, UpdateStep & { readonly records: UpdateRecord[] }>();
  let last: (UpdateStep & { readonly records: UpdateRecord[] }) | undefined;
  for (const record of records) {
    const { meta, columns, reason } = record;
    // Mostly one change is made to many rows, one after the other.
    if (
      last === undefined ||
      last.meta !== meta.root ||
      last.reason !== reason ||
      !sameColumns(last.columns, columns)
    ) {
      const shape = `${meta.table}\0${reason}\0${columns.map((column) => column.index).join()}`;
      last = groups.get(shape) ?? {
        kind: 'update',
        meta: meta.root,
        columns,
        records: [],
        ...(reason === undefined ? {} : { reason }),
      };
      groups.set(shape, last);
    }
    last.records.push(record);
  }
  return [...groups.values()];
}

function sameColumns(a: readonly ColumnMetadata[], b: readonly ColumnMetadata[]): boolean {
  return a === b || (a.length === b.length && a.every((column, index) => column.index === b[index]?.index));
}

/** The steps that delete rows: tables in the reverse order of their foreign keys. */
export function groupDeletes(
  { components, deletionReach }: Pick<UnitOfWorkContext, 'components' | 'deletionReach'>,
  records: readonly DeleteRecord[],
): DeleteStep[] {
  const lists = byRoot(records);
  return components.toReversed().flatMap((component) =>
    component.flatMap((meta) => {
      const rows = lists.get(meta);
      const writes = deletionReach.get(meta)?.tables ?? [];
      return rows === undefined ? [] : [{ kind: 'delete' as const, meta, records: rows, writes }];
    }),
  );
}

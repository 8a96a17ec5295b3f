import { identityKey } from '../identity/identity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireValue } from '../wire/wire-value.ts';

/** Columns of a table in which no two rows have the same values. */
export interface UniqueSlot {
  /** `table.property` of its first column, for messages. */
  readonly path: string;
  readonly columns: readonly ColumnMetadata[];
}

/** The unique columns of a table: its key, single columns, and declared indexes. */
export function slotsOf({ table, columns, indexes, primaryKey }: EntityMetadata): UniqueSlot[] {
  const byName = new Map(columns.map((column) => [column.name, column]));
  const sets = [
    primaryKey,
    ...columns.filter(({ unique }) => unique).map((column) => [column]),
    ...indexes.filter(({ unique }) => unique).map((index) => index.columns.flatMap((name) => byName.get(name) ?? [])),
  ];
  return sets.map((set) => ({ path: `${table}.${set.map(({ property }) => property).join('+')}`, columns: set }));
}

/**
 * What stands in a slot, as a text that is equal for equal values; null where a column is NULL, because then there is no
 * conflict. Values are compared as the codecs write them: what a collation of the database holds for equal, such as texts
 * that differ in case only, is not seen here, and is refused by the database as it would be without a plan.
 */
export function slotValue({ columns }: UniqueSlot, wireOf: (column: ColumnMetadata) => WireValue): string | null {
  const parts: WireValue[] = [];
  for (const column of columns) {
    const wire = wireOf(column);
    if (wire == null) return null;
    // The database may write a value in another form than the codec.
    parts.push(column.codec.identity ? wire : column.codec.encode(column.codec.decode(wire)));
  }
  return String(identityKey(columns, parts));
}

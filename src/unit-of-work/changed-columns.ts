import { Reference } from '../criteria/reference.ts';
import { keyParts } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';

/**
 * The scalar columns in which an entity differs from its row, or null where there are none. The snapshot is the row as
 * the driver gave it, so that a column is compared without decoding where its values are the same on both sides.
 */
export function changedColumns(
  columns: readonly ColumnMetadata[],
  entity: object,
  row: WireRow,
): ColumnMetadata[] | null {
  let changed: ColumnMetadata[] | null = null;
  const properties = entity as Readonly<Record<string, unknown>>;
  for (let place = 0; place < columns.length; place += 1) {
    const column = columns[place] as ColumnMetadata;
    const value = properties[column.property];
    const wire = row[column.index] as WireValue;
    if (holds(column, value, wire)) continue;
    changed ??= [];
    changed.push(column);
  }
  return changed;
}

/** Whether a property's value is what a wire value stands for. One that is equal to it need not be: 1 may be stored as 100. */
export function holds({ codec }: ColumnMetadata, value: unknown, wire: WireValue): boolean {
  // A lazy column that was not read is undefined on both sides.
  if (value === wire && (codec.identity || wire == null)) return true;
  return value != null && wire !== null && codec.equals(value, wire);
}

/** The to-one relations of an entity whose foreign key is not the row's. `keyOf` gives the row of a related entity. */
export function changedReferences(
  meta: EntityMetadata,
  entity: object,
  row: WireRow,
  rowOf: (entity: object) => WireRow | undefined,
): ColumnMetadata[] {
  const changed: ColumnMetadata[] = [];
  for (const relation of meta.relations.values()) {
    if (relation.kind !== 'to-one') continue;
    const field: unknown = Reflect.get(entity, relation.property);
    if (!(field instanceof Reference) || Reference.stateOf(field) === 'unset') continue;
    const held = Reference.valueOf(field);
    const key = Reference.stateOf(field) === 'key' ? keyParts(held as WireKey) : null;
    const targetRow = held === null || key !== null ? null : rowOf(held as object);
    const targetKey = relation.target.root.primaryKey;
    relation.columns.forEach((column, index) => {
      const next = key?.[index] ?? (targetRow === null ? null : targetRow?.[targetKey[index]?.index ?? -1]);
      if (next === undefined || !sameKeyPart(column, next, row[column.index] ?? null)) changed.push(column);
    });
  }
  return changed;
}

// Only bytes need a look inside, and 64-bit keys may be numbers here and bigints there.
function sameKeyPart(column: ColumnMetadata, next: WireValue, wire: WireValue): boolean {
  if (next === wire) return true;
  return next !== null && wire !== null && column.codec.equals(column.codec.decode(next), wire);
}

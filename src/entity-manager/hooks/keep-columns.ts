import type { ColumnMetadata } from '../../metadata/entity-metadata.ts';
import type { Undo } from '../../unit-of-work/flush-plan.ts';
import type { WireValue } from '../../wire/wire-value.ts';

/** A column's value before a hook; what can be changed in place is kept as its wire value, too. */
interface Kept {
  readonly column: ColumnMetadata;
  readonly value: unknown;
  readonly wire: WireValue;
}

/**
 * Notes the columns of an entity. When the function that it gives is called, it tells what takes back what has changed
 * since; a value that is another one by the time of that is somebody else's, and stays.
 */
export function keepColumns(columns: readonly ColumnMetadata[], entity: object): () => Undo {
  const properties = entity as Record<string, unknown>;
  const kept = columns.map((column) => keep(column, properties[column.property]));
  return () => {
    const changed = kept.filter((one) => isChanged(one, properties[one.column.property]));
    const after = changed.map(({ column }) => properties[column.property]);
    return () => {
      changed.forEach(({ column, value, wire }, index) => {
        if (properties[column.property] !== after[index]) return;
        const inPlace = wire !== null && !column.codec.equals(value, wire);
        properties[column.property] = inPlace ? column.codec.decode(wire) : value;
      });
    };
  };
}

function keep(column: ColumnMetadata, value: unknown): Kept {
  if (typeof value !== 'object' || value === null) return { column, value, wire: null };
  try {
    return { column, value, wire: column.codec.encode(value) };
  } catch {
    // No value of the column, which the hook may be about to correct.
    return { column, value, wire: null };
  }
}

function isChanged({ column, value, wire }: Kept, now: unknown): boolean {
  return !Object.is(now, value) || (wire !== null && !column.codec.equals(now, wire));
}

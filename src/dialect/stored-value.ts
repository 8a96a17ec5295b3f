import type { ColumnType } from '../codec/column-type.ts';

/** The stored value over the SQL of a wire value, where the engine itself takes a wire value for a stored one. */
export function storedValue(wire: string, { custom }: ColumnType): string {
  return custom?.write?.(wire) ?? wire;
}

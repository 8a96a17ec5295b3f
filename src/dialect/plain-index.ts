import type { DatabaseIndex, DatabaseIndexPart } from '../schema/database-model.ts';

/** A whole column as the part of an index. */
export function plainPart(column: string): DatabaseIndexPart {
  return { column, expression: null, descending: false, prefix: null, suffix: null };
}

/** An index over whole columns, of which nothing else is said. */
export function plainIndex(name: string, columns: readonly string[]): DatabaseIndex {
  return { name, unique: false, parts: columns.map(plainPart), where: null, method: null, include: [], options: [] };
}

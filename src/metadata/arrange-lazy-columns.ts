import type { ColumnDraft, EntityDraft } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';
import type { ColumnMetadata } from './entity-metadata.ts';

/** Puts the lazy columns of a table behind all others, so that a row without them only ends earlier. Throws `configuration`. */
export function arrangeLazyColumns(root: EntityDraft): void {
  const { columns } = root;
  for (const column of columns) if (column.lazy !== undefined) checkLazy(root, column);
  columns.sort((a, b) => Number(a.lazy !== undefined) - Number(b.lazy !== undefined));
  const places = new Map(columns.map(({ index }, place) => [index, place]));
  for (const column of everyColumn(root)) column.index = places.get(column.index) ?? column.index;
  root.eager = columns.filter(({ lazy }) => lazy === undefined);
}

// A column of a subtype is there twice, because it may be NULL in the table.
function everyColumn(root: EntityDraft): Set<ColumnDraft> {
  return new Set(root.family.flatMap(({ ownColumns }) => [...root.columns, ...ownColumns]));
}

function checkLazy({ table, softDelete }: EntityDraft, column: ColumnMetadata): void {
  const { primary, unique, version, generated, property } = column;
  if (primary || unique || version || generated || softDelete?.column === column) {
    throw misdeclared(table, property, 'a key, a version, a unique value and softDelete() cannot be lazy');
  }
}

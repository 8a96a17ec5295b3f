import { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import type { Reader } from './reader.ts';

/** The part of the support of `lazy()` that loads columns; without the function a program does not hold it. */
export interface LazyLoading {
  /** Loads columns of entities of one table; `required` says that a row which is gone is an error. */
  load(
    reader: Reader,
    root: EntityMetadata,
    entities: readonly object[],
    columns: readonly ColumnMetadata[],
    required: boolean,
  ): Promise<void>;
  /** Adds to rows that were read anew the lazy columns that their entities have in memory. */
  complete(reader: Reader, root: EntityMetadata, rows: Map<object, WireRow | undefined>): Promise<void>;
}

/** The support of a table's lazy columns; undefined where it has none. */
export function lazySupport({ root }: EntityMetadata): LazyLoading | undefined {
  return root.columns[root.eager.length]?.lazy as LazyLoading | undefined;
}

/**
 * Loads lazy columns by their properties: of entities that a find has found as `meta`, or (null) of any. Throws `validation`
 * for a property that is no lazy column.
 */
export async function loadColumns(
  reader: Reader,
  meta: EntityMetadata | null,
  entities: object[],
  names: readonly string[],
): Promise<object[]> {
  const byClass = new Map<EntityMetadata, object[]>(meta === null ? [] : [[meta, entities]]);
  if (meta === null) {
    for (const entity of entities) {
      const own = reader.unit.metadataOf(entity);
      const members = byClass.get(own);
      if (members === undefined) byClass.set(own, [entity]);
      else members.push(entity);
    }
  }
  if (!Array.isArray(names)) throw new ValidationError('lazy columns are named by an array of properties');
  for (const [own, members] of byClass) {
    const columns = names.map((name) => lazyColumn(own, name));
    await lazySupport(own)?.load(reader, own.root, members, columns, meta === null);
  }
  return entities;
}

function lazyColumn(meta: EntityMetadata, name: unknown): ColumnMetadata {
  const column = meta.properties.get(String(name));
  if (column?.lazy !== undefined) return column;
  throw invalid(meta.table, null, `'${String(name).slice(0, 60)}' is no lazy column`);
}

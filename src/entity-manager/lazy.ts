import { COLUMN, type Column, type Optionality } from '../codec/column.ts';
import { builder } from '../codec/column-builder.ts';
import { ConfigurationError, NotFoundError } from '../errors.ts';
import { decodeColumn } from '../hydration/hydrator.ts';
import { identityKey } from '../identity/identity-key.ts';
import { arrangeLazyColumns } from '../metadata/arrange-lazy-columns.ts';
import type { LazyArranging } from '../metadata/create-registry.ts';
import { invalid } from '../metadata/entity-error.ts';
import { keyOfRow } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import { planSelectColumns } from '../query/select-columns.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';
import type { LazyLoading } from './lazy-loading.ts';
import { type Reader, readRows } from './reader.ts';

const support: LazyArranging & LazyLoading = {
  arrange: arrangeLazyColumns,
  async load(reader, root, entities, columns, required) {
    const { unit } = reader;
    const missing = entities.filter((entity) => {
      const row = unit.snapshot(entity);
      if (row === undefined) throw unmanaged(root);
      return columns.some(({ index }) => row[index] === undefined);
    });
    if (missing.length === 0) return;
    const keys = missing.map((entity) => keyOfRow(root.primaryKey, unit.snapshot(entity) ?? []));
    const read = await readColumns(reader, root, columns, keys);
    for (const [place, entity] of missing.entries()) {
      const values = read.get(identityKey(root.primaryKey, keys[place] as WireKey));
      if (values !== undefined) take(reader, entity, columns, values);
      else if (required) throw gone(root);
    }
  },
  async complete(reader, root, rows) {
    const lazy = root.columns.slice(root.eager.length);
    const before = [...rows].flatMap(([entity, row]) => {
      const known = reader.unit.snapshot(entity);
      const isNew = row !== undefined && row.length === root.eager.length && known !== undefined;
      return isNew && reader.unit.metadataOf(entity).root === root ? [{ entity, row, known }] : [];
    });
    const columns = lazy.filter(({ index }) => before.some(({ known }) => known[index] !== undefined));
    if (columns.length === 0) return;
    const keys = before.map(({ row }) => keyOfRow(root.primaryKey, row));
    const read = await readColumns(reader, root, columns, keys);
    for (const [place, { entity, row, known }] of before.entries()) {
      const values = read.get(identityKey(root.primaryKey, keys[place] as WireKey));
      const own = columns.map(({ index }, part) => (known[index] === undefined ? undefined : values?.[part]));
      rows.set(entity, extended(row, columns, own));
    }
  },
};

type Values = readonly (WireValue | undefined)[];

/** The values of some columns by the identity of their rows. */
async function readColumns(
  reader: Reader,
  root: EntityMetadata,
  columns: readonly ColumnMetadata[],
  keys: readonly WireKey[],
): Promise<ReadonlyMap<unknown, Values>> {
  const width = root.primaryKey.length;
  const rows = await readRows(reader, planSelectColumns(reader.session, root, columns, keys));
  return new Map(
    rows.map((row) => {
      const parts = row.slice(0, width);
      return [identityKey(root.primaryKey, width === 1 ? (parts[0] ?? null) : parts), row.slice(width)];
    }),
  );
}

/** Gives an entity what it has not got yet; what the application assigned meanwhile stays. */
function take({ unit }: Reader, entity: object, columns: readonly ColumnMetadata[], values: Values): void {
  const managed = unit.managed(entity);
  if (managed === undefined) return;
  const { meta, store, place } = managed;
  const before = store.rows[place] as WireRow;
  const fresh = values.map((value, part) => (before[columns[part]?.index ?? -1] === undefined ? value : undefined));
  store.rows[place] = extended(before, columns, fresh);
  const properties = entity as Record<string, unknown>;
  for (const [part, column] of columns.entries()) {
    const wire = fresh[part];
    if (wire === undefined || properties[column.property] !== undefined) continue;
    properties[column.property] = wire === null ? null : decodeColumn(meta, column, wire);
  }
}

function extended(row: WireRow, columns: readonly ColumnMetadata[], values: Values): WireRow {
  const longer: (WireValue | undefined)[] = row.slice();
  columns.forEach(({ index }, part) => {
    if (values[part] !== undefined) longer[index] = values[part];
  });
  return longer as WireRow;
}

function unmanaged({ table }: EntityMetadata): Error {
  return invalid(table, null, 'only columns of an entity of this EntityManager can be loaded; flush or load it first');
}

function gone({ table }: EntityMetadata): Error {
  return new NotFoundError(`${table}: the row is not there any more`, { entity: table, table });
}

/**
 * A column that is read on demand only, such as a long text: undefined in an entity until `{ also: ['body'] }` of a find or
 * `em.load(entity, ['body'])` brings it. It can be assigned without being loaded, and is written only then.
 *
 * @example
 * ```ts
 * import { type EntityManager, Entity, integer, lazy, text } from 'meshestra';
 *
 * class Article extends Entity('articles', { id: integer().primaryKey(), title: text(), body: lazy(text()) }) {}
 * async function read(em: EntityManager, id: number): Promise<number> {
 *   const [first] = await em.find(Article, { id }, { also: ['body'] }); // SELECT id, title …; SELECT id, body …
 *   return first?.body.length ?? 0;
 * }
 * ```
 */
export function lazy<T, O extends Optionality>(column: Column<T, O>): Column<T | undefined, O> {
  const definition = column[COLUMN];
  if (definition.embedded !== undefined) throw new ConfigurationError('lazy(): an embedded value cannot be lazy');
  return builder(definition.type, definition.codec, definition.nextVersion, { ...definition, lazy: support });
}

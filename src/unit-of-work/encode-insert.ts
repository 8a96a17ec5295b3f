import { Reference } from '../criteria/reference.ts';
import type { ValidationError } from '../errors.ts';
import type { Hydrator } from '../hydration/hydrator.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn, keyParts, refuseComputed } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';
import { type InsertRecord, NO_COLUMNS, NO_REFERENCES, type ReferringRow } from './flush-plan.ts';

/**
 * The row that a new entity becomes, without its foreign keys: properties that were left out take their default, the
 * instant `now`, version 1, or NULL, or are left to the database. Throws `validation` for a value that is missing or does not fit.
 */
export function encodeInsert({ meta, columns }: Hydrator, entity: object, now: () => number): InsertRecord {
  const row = new Array<WireValue>(meta.root.columns.length).fill(null);
  const properties = entity as Readonly<Record<string, unknown>>;
  let absent = NO_COLUMNS;
  for (const column of columns) {
    const value = properties[column.property];
    if (value === undefined && column.default?.kind === 'database') absent = [...absent, column];
    else row[column.index] = encodeScalar(meta, column, value, now);
  }
  if (meta.discriminator !== null) row[meta.discriminator.column.index] = meta.discriminator.value;
  return { entity, meta, row, absent, references: NO_REFERENCES };
}

function encodeScalar(meta: EntityMetadata, column: ColumnMetadata, value: unknown, now: () => number): WireValue {
  refuseComputed(meta, column);
  if (value !== undefined && value !== null) return encodeColumn(meta, column, value);
  if (value === undefined && column.default !== null) return encodeColumn(meta, column, defaultValue(column, now));
  if (column.version) return encodeVersion(column, undefined, now());
  if (column.nullable || column.generated) return null;
  throw invalid(meta.table, column.property, 'a value is required');
}

/** The version after the one in a row, or the first one. */
export function encodeVersion(
  { codec, nextVersion }: ColumnMetadata,
  wire: WireValue | undefined,
  now: number,
): WireValue {
  return codec.encode(nextVersion?.(wire == null ? undefined : codec.decode(wire), now));
}

function defaultValue(column: ColumnMetadata, now: () => number): unknown {
  if (column.default?.kind === 'function') return column.default.make();
  return column.default?.kind === 'value' ? column.default.value : new Date(now());
}

/** The row of a related entity, and whether the same flush inserts it. */
export interface RelatedRow {
  readonly row: WireRow;
  readonly pending: boolean;
}

/**
 * Ties the foreign keys of a row to the rows of the related entities. `rowOf` gives the row of an entity that is
 * persistent or will be, and throws for one that is neither.
 */
export function tieReferences(
  { meta, relations }: Hydrator,
  entity: object,
  record: ReferringRow,
  rowOf: (relation: RelationMetadata, related: object) => RelatedRow,
): void {
  for (const relation of relations) if (relation.kind === 'to-one') tieRelation(meta, relation, entity, record, rowOf);
}

function tieRelation(
  meta: EntityMetadata,
  relation: RelationMetadata,
  entity: object,
  record: ReferringRow,
  rowOf: (relation: RelationMetadata, related: object) => RelatedRow,
): void {
  const field: unknown = Reflect.get(entity, relation.property);
  const held = field instanceof Reference ? Reference.valueOf(field) : null;
  if (held === null) {
    if (!relation.nullable) throw required(meta, relation.property);
    tieKey(relation, record.row, []);
  } else if (Reference.stateOf(field as Reference) === 'entity') {
    tieRow(relation, record, rowOf(relation, held as object));
  } else {
    tieKey(relation, record.row, keyParts(held as WireKey));
  }
}

function tieKey({ columns }: RelationMetadata, row: WireValue[], key: readonly WireValue[]): void {
  columns.forEach((column, index) => {
    row[column.index] = key[index] ?? null;
  });
}

function tieRow({ columns, target }: RelationMetadata, record: ReferringRow, related: RelatedRow): void {
  columns.forEach((column, index) => {
    const source = target.root.primaryKey[index]?.index ?? -1;
    record.row[column.index] = related.row[source] ?? null;
    if (!related.pending) return;
    if (record.references === NO_REFERENCES) record.references = [];
    record.references.push({ index: column.index, target: related.row, source });
  });
}

function required(meta: EntityMetadata, property: string): ValidationError {
  return invalid(meta.table, property, 'a related entity is required');
}

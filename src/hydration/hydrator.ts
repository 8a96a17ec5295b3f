import { InvalidValue } from '../codec/codec.ts';
import { EntityCollection } from '../criteria/entity-collection.ts';
import { Reference } from '../criteria/reference.ts';
import type { RelationLoader } from '../criteria/relation-loader.ts';
import { DeserializationError } from '../errors.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { WireKey, WireRow, WireValue } from '../wire/wire-value.ts';

/** Turns rows into entities of one class. */
export interface Hydrator {
  readonly meta: EntityMetadata;
  /** The scalar columns of the class, and its relations, as lists: iterating a Map costs more than the work on an entry. */
  readonly columns: readonly ColumnMetadata[];
  readonly relations: readonly RelationMetadata[];
  /** Makes an entity of the row at an offset. `loaders` belong to the class's relations, in their order. */
  create(row: WireRow, offset: number, loaders: readonly RelationLoader[]): object;
  /** Gives an entity the values of a row. */
  fill(entity: object, row: WireRow, offset: number): void;
  /** Ties the relation objects of an entity to their loaders. */
  bind(entity: object, loaders: readonly RelationLoader[]): void;
}

type Properties = Record<string, unknown>;

/** Makes the hydrator of a class: one loop over columns whose codecs are resolved once, and no generated code. */
export function createHydrator(meta: EntityMetadata): Hydrator {
  const columns = [...meta.properties.values()];
  const relations = [...meta.relations.values()];
  const Target = meta.target;
  return {
    meta,
    columns,
    relations,
    create(row, offset, loaders) {
      const entity = new Target() as Properties;
      for (let index = 0; index < relations.length; index += 1) {
        hydrateRelation(relations[index] as RelationMetadata, loaders[index] as RelationLoader, entity, row, offset);
      }
      fillColumns(meta, columns, entity, row, offset);
      return entity;
    },
    fill(entity, row, offset) {
      fillColumns(meta, columns, entity as Properties, row, offset);
      for (const relation of relations) fillReference(relation, entity as Properties, row, offset);
    },
    bind(entity, loaders) {
      relations.forEach((relation, index) => {
        bindRelation(relation, entity as Properties, loaders[index] as RelationLoader);
      });
    },
  };
}

function hydrateRelation(
  relation: RelationMetadata,
  loader: RelationLoader,
  entity: Properties,
  row: WireRow,
  offset: number,
): void {
  const field = entity[relation.property];
  if (relation.kind === 'to-one')
    Reference.hydrate(field as Reference, loader, entity, foreignKey(relation, row, offset));
  else if (relation.kind === 'inverse-one') Reference.bind(field as Reference, loader, entity);
  else EntityCollection.bind(field as EntityCollection, loader, entity);
}

/** The foreign key in a row; one of several columns refers to nothing as soon as one of them is NULL. */
export function foreignKey({ columns }: RelationMetadata, row: WireRow, offset: number): WireKey {
  if (columns.length === 1) return row[offset + (columns[0] as ColumnMetadata).index] as WireValue;
  const key = columns.map((column) => row[offset + column.index] as WireValue);
  return key.includes(null) ? null : key;
}

function fillColumns(
  meta: EntityMetadata,
  columns: readonly ColumnMetadata[],
  entity: Properties,
  row: WireRow,
  offset: number,
): void {
  for (let place = 0; place < columns.length; place += 1) {
    const column = columns[place] as ColumnMetadata;
    const wire = row[offset + column.index] as WireValue;
    const { codec } = column;
    // Undefined is what was not read.
    if (wire == null || (codec.identity && typeof wire === codec.wireType)) entity[column.property] = wire;
    else entity[column.property] = decodeColumn(meta, column, wire);
  }
}

/** The value of a column. Throws `deserialization` that names entity and property. */
export function decodeColumn(meta: EntityMetadata, column: ColumnMetadata, wire: WireValue): unknown {
  try {
    return column.codec.decode(wire);
  } catch (cause) {
    if (!(cause instanceof InvalidValue)) throw cause;
    throw new DeserializationError(
      `${meta.table}.${column.property}: the stored value cannot be read: ${cause.message}`,
      {
        entity: meta.table,
        property: column.property,
      },
    );
  }
}

function bindRelation(relation: RelationMetadata, entity: Properties, loader: RelationLoader): void {
  const field = entity[relation.property];
  if (field instanceof Reference) Reference.bind(field, loader, entity);
  else if (field instanceof EntityCollection) EntityCollection.bind(field, loader, entity);
}

function fillReference(relation: RelationMetadata, entity: Properties, row: WireRow, offset: number): void {
  if (relation.kind !== 'to-one') return;
  const key = foreignKey(relation, row, offset);
  Reference.fill(entity[relation.property] as Reference, key === null ? 'entity' : 'key', key);
}

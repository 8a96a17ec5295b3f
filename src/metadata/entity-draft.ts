import type { Reference } from '../criteria/reference.ts';
import type { EntityClass } from './entity-class.ts';
import type { EntityDeclaration } from './entity-declaration.ts';
import type {
  ColumnMetadata,
  EmbeddedProperties,
  EntityMetadata,
  IndexMetadata,
  RelationMetadata,
  SoftDelete,
} from './entity-metadata.ts';
import type { RelationDefinition } from './probe.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A column while the registry is built. */
export type ColumnDraft = Writable<ColumnMetadata>;

/** A relation while the registry is built. */
export type RelationDraft = Writable<RelationMetadata>;

/** An entity's metadata while the registry is built; it is the very object that is frozen in the end. */
export interface EntityDraft extends EntityMetadata {
  target: EntityClass;
  table: string;
  root: EntityDraft;
  parent: EntityDraft | null;
  family: EntityDraft[];
  discriminator: { column: ColumnMetadata; value: string } | null;
  columns: ColumnMetadata[];
  eager: readonly ColumnMetadata[];
  ownColumns: ColumnMetadata[];
  properties: Map<string, ColumnMetadata>;
  relations: Map<string, RelationDraft>;
  embedded: EmbeddedProperties | null;
  primaryKey: ColumnMetadata[];
  version: ColumnMetadata | null;
  follows: ColumnMetadata[];
  softDelete: SoftDelete | null;
  indexes: IndexMetadata[];
}

/** A draft with what probing its class told. */
export interface ProbedEntity {
  readonly draft: EntityDraft;
  readonly declaration: EntityDeclaration;
  readonly instance: object;
  /** The relations among the instance's fields, with the definition of each. */
  readonly definitions: ReadonlyMap<
    string,
    { readonly field: Reference | object; readonly definition: RelationDefinition }
  >;
}

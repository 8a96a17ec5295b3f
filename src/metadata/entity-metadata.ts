import type { Codec } from '../codec/codec.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { EntityClass } from './entity-class.ts';
import type { RelationMetadata } from './relation-metadata.ts';

/** Where the value of a new row's column comes from when the application gave none. */
export type DefaultMetadata =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'function'; readonly make: () => unknown }
  | { readonly kind: 'now' };

/** One column of an entity's table. */
export interface ColumnMetadata {
  /** Its place in every loaded row and snapshot of the table. */
  readonly index: number;
  /** The database name. */
  readonly name: string;
  /** The property that holds it; for a foreign key the relation's property, for a discriminator its database name. */
  readonly property: string;
  readonly role: 'scalar' | 'reference' | 'discriminator';
  readonly type: ColumnType;
  readonly codec: Codec;
  readonly nullable: boolean;
  readonly primary: boolean;
  /** Filled by the database and read back. */
  readonly generated: boolean;
  readonly unique: boolean;
  readonly version: boolean;
  readonly hidden: boolean;
  readonly default: DefaultMetadata | null;
}

/** A declared index, by database column names. */
export interface IndexMetadata {
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** An entity class as one registry knows it: frozen, and different in each persistence object. */
export interface EntityMetadata {
  readonly target: EntityClass;
  /** The table's name, and the entity's name in errors, events and guards. */
  readonly table: string;
  /** The entity whose table this is: itself, or for a subtype the entity at the top of its hierarchy. */
  readonly root: EntityMetadata;
  /** The direct parent of a subtype. */
  readonly parent: EntityMetadata | null;
  /** This entity and every subtype below it, itself first. */
  readonly family: readonly EntityMetadata[];
  /** The column that tells the classes of a hierarchy apart, and this class's value in it. */
  readonly discriminator: { readonly column: ColumnMetadata; readonly value: string } | null;
  /** Every column of the table (of the root), in the order of rows and snapshots. */
  readonly columns: readonly ColumnMetadata[];
  /** The columns that this class itself has. */
  readonly ownColumns: readonly ColumnMetadata[];
  /** The scalar columns of this class by property. */
  readonly properties: ReadonlyMap<string, ColumnMetadata>;
  readonly relations: ReadonlyMap<string, RelationMetadata>;
  /** The key's columns in their declared order: scalar ones, then those of relations that are part of the key. */
  readonly primaryKey: readonly ColumnMetadata[];
  readonly version: ColumnMetadata | null;
  readonly indexes: readonly IndexMetadata[];
}

import type { AnyCheck } from '../codec/check.ts';
import type { Codec } from '../codec/codec.ts';
import type { DefaultDefinition, NextVersion } from '../codec/column.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { EntityClass } from './entity-class.ts';

/** One column of an entity's table. */
export interface ColumnMetadata {
  /** Its place in every loaded row and snapshot of the table. */
  readonly index: number;
  /** The database name. */
  readonly name: string;
  /**
   * The property that holds it; for a foreign key the relation's property, for a discriminator its database name, for a
   * column of an embedded value the path to it (`address.city`), which every object of the class has an accessor for.
   */
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
  readonly nextVersion: NextVersion | null;
  /** Set to the present instant by each update of the row. */
  readonly onUpdateNow: boolean;
  readonly hidden: boolean;
  readonly default: DefaultDefinition | null;
  readonly checks: readonly AnyCheck[];
  /** The support of `lazy()` where the column is only read on demand; then it is behind all others in every row. */
  readonly lazy?: object | undefined;
}

/** Whether the database computes a column from others, so that nobody writes it. */
export function isComputed({ default: filled }: Pick<ColumnMetadata, 'default'>): boolean {
  return filled?.kind === 'database' && filled.computed !== null;
}

/** A declared index, by database column names. */
export interface IndexMetadata {
  readonly columns: readonly string[];
  readonly unique: boolean;
}

/** How the rows of a table are removed without being deleted; each room knows its own part of the support. */
export interface SoftDelete {
  readonly column: ColumnMetadata;
  readonly support: object;
}

/** What is given for embedded values, by the columns that they consist of: `embedded()` brings it along. */
export interface EmbeddedProperties {
  /**
   * A copy of `data` in which `{ address: { city: 'x' } }` is `{ 'address.city': 'x' }`: criteria and orders with what they
   * name, values with all columns of the embedded ones. Throws `validation`.
   */
  spread(table: string, data: object, use: 'criteria' | 'values'): Record<string, unknown>;
  /** Gives a new entity its embedded values, and {@link spread}s the data. */
  begin(table: string, entity: object, data: object): Record<string, unknown>;
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
  /** The columns that every read brings: the first ones of the table. A row ends, or has a hole, where others are not loaded. */
  readonly eager: readonly ColumnMetadata[];
  /** The columns that this class itself has. */
  readonly ownColumns: readonly ColumnMetadata[];
  /** The scalar columns of this class by property. */
  readonly properties: ReadonlyMap<string, ColumnMetadata>;
  readonly relations: ReadonlyMap<string, RelationMetadata>;
  /** The embedded values of this class; null where it has none. */
  readonly embedded: EmbeddedProperties | null;
  /** The key's columns in their declared order: scalar ones, then those of relations that are part of the key. */
  readonly primaryKey: readonly ColumnMetadata[];
  readonly version: ColumnMetadata | null;
  /** What changes along with every update of a row: the version, instants of the last update, computed columns. */
  readonly follows: readonly ColumnMetadata[];
  /** Of the entity at the top: the column that says when a row was removed, where such rows stay. */
  readonly softDelete: SoftDelete | null;
  readonly indexes: readonly IndexMetadata[];
}

/** What happens to a related entity along with its owner. */
export type Cascade = 'persist' | 'merge' | 'remove' | 'refresh' | 'all';

/**
 * What builds, reads and writes a link table: `manyToMany` brings it, so that a program without link tables does not hold
 * it. Each room knows its own part of it and nothing of the others'.
 */
export type LinkSupport = object;

/** The table between the two ends of a many-to-many relation, as seen from one end. */
export interface LinkMetadata {
  readonly table: string;
  /** The link's columns that hold this end's key, in key order, and those that hold the other end's. */
  readonly ownColumns: readonly LinkColumn[];
  readonly targetColumns: readonly LinkColumn[];
}

/** A column of a link table, with the key column it repeats. */
export interface LinkColumn {
  readonly name: string;
  readonly key: ColumnMetadata;
}

/** A relation as one registry knows it. `target` and `inverse` are filled before the registry is frozen. */
export interface RelationMetadata {
  readonly owner: EntityMetadata;
  readonly property: string;
  /**
   * `to-one`: this side has the foreign key. `inverse-one`: the other side has it, and at most one row refers here.
   * `to-many`: the other side has it. `link`: a link table has it.
   */
  readonly kind: 'to-one' | 'inverse-one' | 'to-many' | 'link';
  readonly target: EntityMetadata;
  readonly nullable: boolean;
  /** The foreign key's columns on this side, in the order of the target's key; empty unless `to-one`. */
  readonly columns: readonly ColumnMetadata[];
  /** The other side's relation, where there is one: for `inverse-one` and `to-many` the one with the foreign key. */
  readonly inverse: RelationMetadata | null;
  readonly link: LinkMetadata | null;
  /** Of a `link` only. */
  readonly support: LinkSupport | null;
  /** Whether this end of a link declares the table (the other end then only names it). */
  readonly owning: boolean;
  readonly cascade: ReadonlySet<Exclude<Cascade, 'all'>>;
  readonly orphanRemoval: boolean;
  readonly onDelete: 'no action' | 'cascade' | 'set null';
  readonly onUpdate: 'no action' | 'cascade' | 'set null';
}

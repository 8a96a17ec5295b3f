import type { ColumnMetadata, EntityMetadata } from './entity-metadata.ts';

/** What happens to a related entity along with its owner. */
export type Cascade = 'persist' | 'merge' | 'remove' | 'refresh' | 'all';

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
  /** Whether this end of a link declares the table (the other end then only names it). */
  readonly owning: boolean;
  readonly cascade: ReadonlySet<Exclude<Cascade, 'all'>>;
  readonly orphanRemoval: boolean;
  readonly onDelete: 'no action' | 'cascade' | 'set null';
}

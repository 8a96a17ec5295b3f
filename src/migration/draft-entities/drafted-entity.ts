import type { ColumnType } from '../../codec/column-type.ts';
import type { ForeignType } from '../../compiler/schema-dialect.ts';
import type { ReferentialAction } from '../../schema/schema-model.ts';

/** What a column is declared as: by a builder of Meshestra's own, or as a custom type. */
export type DraftedType =
  | { readonly kind: 'built-in'; readonly type: ColumnType }
  | ({ readonly kind: 'custom'; readonly sqlType: string } & ForeignType);

/** What the database fills in: the present instant, or an expression, for a new row or for good. */
export type DraftedDefault =
  | { readonly kind: 'now' }
  | { readonly kind: 'database'; readonly sql: string; readonly computed: 'stored' | 'virtual' | null };

/** A property that a column stands behind. */
export interface DraftedColumn {
  readonly property: string;
  /** The column's name in the database. */
  readonly column: string;
  /** Whether the naming strategy makes another name of the property, so that it has to be said. */
  readonly isNamed: boolean;
  readonly type: DraftedType;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly generated: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  readonly default: DraftedDefault | null;
}

/** A property for a foreign key: `manyToOne`, or `oneToOne` where it is unique. */
export interface DraftedRelation {
  readonly property: string;
  readonly kind: 'manyToOne' | 'oneToOne';
  /** The table that it refers to. */
  readonly target: string;
  /** The columns of the foreign key, in the order of the target's key. */
  readonly columns: readonly string[];
  /** Whether the naming strategy makes other names of the property, so that they have to be said. */
  readonly isNamed: boolean;
  readonly nullable: boolean;
  readonly primaryKey: boolean;
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/** The other side of a relation. */
export interface DraftedInverse {
  readonly property: string;
  readonly kind: 'oneToMany' | 'oneToOne';
  /** The table that refers to this one. */
  readonly target: string;
  /** The property of its entity that has the foreign key. */
  readonly inverse: string;
}

/** An entity for a table of a database; plain data, to be written as source text. */
export interface DraftedEntity {
  readonly className: string;
  readonly table: string;
  readonly columns: readonly DraftedColumn[];
  readonly relations: readonly DraftedRelation[];
  readonly inverses: readonly DraftedInverse[];
  /** Indexes over several properties, as the options of an entity have them. */
  readonly indexes: readonly { readonly properties: readonly string[]; readonly unique: boolean }[];
}

/** Entities for the tables of a database. */
export interface EntitiesDraft {
  readonly entities: readonly DraftedEntity[];
  /** What entities cannot say of the tables and migrations leave as it is, a line for each. */
  readonly notes: readonly string[];
  /** What a migration would change all the same; empty unless something is as no entity can be. */
  readonly differences: readonly string[];
}

import type { Check } from '../codec/check.ts';
import type { Columns } from '../codec/column.ts';
import type { EntityClass } from './entity-class.ts';
import type { EntityHooks } from './entity-hooks.ts';

/** Where a class carries its declaration; shared by every copy of this package. */
export const ENTITY: unique symbol = Symbol.for('meshestra.entity') as never;

/** What may be said of an entity beside its columns. `T` is what its hooks receive. */
export interface EntityOptions<in T = never> {
  /** Further indexes, by property names; a relation's name stands for its foreign key. */
  readonly indexes?: readonly { readonly properties: readonly string[]; readonly unique?: boolean }[];
  /** The database name of the column that tells the classes of a hierarchy apart; `type` unless given. */
  readonly discriminator?: string;
  /** The class's own value in that column; the table's name unless given. */
  readonly discriminatorValue?: string;
  /** The name that the table had before: `planMigration` renames such a table of the database, instead of asking. */
  readonly renamedFrom?: string;
  /** What runs when its entities, and those of its subtypes, are written or loaded. */
  readonly hooks?: EntityHooks<T>;
  /**
   * What a row must meet as a whole, by functions of `meshestra/validation`: a flush asks them of new and changed entities, and
   * gives them the columns that have a value by property.
   */
  readonly checks?: readonly Check<T>[];
}

/** What a class was declared as; the registry makes metadata of it for each persistence object. */
export interface EntityDeclaration {
  readonly table: string;
  /** The columns that this class itself declares, without those of a parent. */
  readonly columns: Columns;
  readonly options: EntityOptions;
  /** Whether decorated fields declare the columns, so that instances have them as fields of their own. */
  readonly decorated: boolean;
  /** The parent of a subtype, the subtype's discriminator value, and its `HierarchySupport`. */
  readonly parent: { readonly target: EntityClass; readonly value: string; readonly support: object } | null;
}

/** The declaration of a class, or undefined where it is no entity. */
export function declarationOf(target: object): EntityDeclaration | undefined {
  return (target as { readonly [ENTITY]?: EntityDeclaration })[ENTITY];
}

/** The columns of a class with those of its parents, parents first. */
export function allColumns(declaration: EntityDeclaration): Columns {
  const parent = declaration.parent === null ? undefined : declarationOf(declaration.parent.target);
  return parent === undefined ? declaration.columns : { ...allColumns(parent), ...declaration.columns };
}

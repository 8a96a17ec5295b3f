import type { ColumnDefinition } from '../codec/column.ts';
import type { EntityDraft } from './entity-draft.ts';
import type { NamingStrategy } from './naming-strategy.ts';

/** A column as the registry makes it: the property, or the path of one, and what it is. */
export type DeclaredColumn = readonly [property: string, definition: ColumnDefinition];

/** What the column builder `embedded()` brings along, so that a program without embedded values does not hold it. */
export interface Embedding {
  /** The columns that the value has in the table of an entity. Throws `configuration`. */
  expand(
    draft: EntityDraft,
    property: string,
    definition: ColumnDefinition,
    naming: NamingStrategy,
  ): readonly DeclaredColumn[];
  /**
   * An object of the embedded class with the values of an object, plain or not; null and undefined stay what they are.
   * Throws `validation` for anything else, and for unknown properties.
   */
  take(table: string, property: string, value: unknown): unknown;
  /** A plain copy of a value, without hidden columns. */
  toPlain(value: unknown): unknown;
}

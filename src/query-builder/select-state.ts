import type { Predicate } from './expression.ts';
import type { Source } from './level.ts';
import type { Projection } from './projection.ts';
import type { Field } from './resolve-path.ts';
import type { SortKey } from './sort-key.ts';
import type { RowSource } from './source.ts';

/** A further source of rows, joined by a relation or by a condition. */
export type Join = {
  readonly type: 'inner' | 'left';
} & ({ readonly source: Source; readonly relation: Field } | { readonly source: RowSource; readonly on: Predicate });

/** A condition over the rows: an expression, or criteria over the first source. */
export type Filter = { readonly expression: Predicate } | { readonly criteria: unknown };

/** What a query consists of. */
export interface SelectState {
  readonly source: RowSource;
  /** The fields that callbacks receive: of the first source, then of each join. */
  readonly fields: readonly unknown[];
  readonly joins: readonly Join[];
  readonly filters: readonly Filter[];
  /** Null for the entities themselves. */
  readonly projection: Projection | null;
  readonly distinct: boolean;
  readonly groupBy: readonly unknown[];
  readonly having: readonly Predicate[];
  readonly orderBy: readonly SortKey[];
  readonly limit: number | null;
  readonly offset: number | null;
  readonly withDeleted: boolean;
}

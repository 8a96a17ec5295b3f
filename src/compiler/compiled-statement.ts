import type { WireValue } from '../wire/wire-value.ts';
import type { Dialect } from './dialect.ts';

/** A parameter of a compiled statement: the slot it takes its value from, or a value of the tree itself. */
export type Binding = number | { readonly value: WireValue };

/** What a node becomes; see {@link CompiledStatement}. */
export type Compile<N> = (node: N, dialect: Dialect) => CompiledStatement;

/** What became of a node: text that is the same for every execution, and where its parameters come from. */
export interface CompiledStatement {
  readonly sql: string;
  readonly bindings: readonly Binding[];
  /** True where binding i is slot i for all of them, so that the list of values is the list of parameters. */
  readonly direct: boolean;
  /** Tables read, by database name, joins and sub-queries included; without those of raw text. */
  readonly reads: readonly string[];
  /** Tables written; null where raw text may write any. */
  readonly writes: readonly string[] | null;
}

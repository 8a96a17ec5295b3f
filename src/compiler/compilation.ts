import { checkDepth } from '../ast/depth.ts';
import type { BuiltExpressionNode, SelectNode } from '../ast/query-node.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { Binding } from './compiled-statement.ts';
import type { Dialect } from './dialect.ts';

/** The state of one compilation: what was bound and read so far, and how deep the walk is. */
export interface Compilation {
  readonly dialect: Dialect;
  readonly bindings: Binding[];
  readonly reads: Set<string>;
  /** Compiles a sub-query; handed in, because selects and expressions contain each other. */
  readonly select: (node: SelectNode, compilation: Compilation) => string;
  /** Compiles what only built queries have; absent in all other statements. */
  readonly built?: (node: BuiltExpressionNode, compilation: Compilation) => string;
  depth: number;
}

/** Goes one level down. Throws `validation` where a condition is nested more than 500 deep. */
export function descend(compilation: Compilation): void {
  checkDepth(++compilation.depth);
}

/** Binds a parameter and returns its text. Parameters are bound in the order in which they stand in the SQL. */
export function bind(compilation: Compilation, binding: Binding, type: ColumnType | null, value?: WireValue): string {
  const { hooks } = compilation.dialect;
  const text = hooks.parameter(bindBare(compilation, binding), type, value);
  return type?.custom === undefined ? text : hooks.stored(text, type);
}

/** Binds a parameter that needs no cast, such as a list. */
export function bindBare({ bindings, dialect }: Compilation, binding: Binding): string {
  return dialect.placeholder(bindings.push(binding));
}

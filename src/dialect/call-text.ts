import type { FunctionName } from '../ast/query-node.ts';

/** A function as all engines write it: `NAME(a, b)`. */
export function callText(name: FunctionName, operands: readonly string[]): string {
  return `${name.toUpperCase()}(${operands.join(', ')})`;
}

import type { Statement } from '../wire/statement.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { CompiledStatement } from './compiled-statement.ts';

/**
 * A compiled statement with the values of one execution, by slot. Where slots and parameters stand in the same order the
 * list itself becomes the parameters, so it must not be changed afterwards.
 */
export function bindStatement({ sql, bindings, direct }: CompiledStatement, values: readonly WireValue[]): Statement {
  if (direct) return { sql, params: values };
  return {
    sql,
    params: bindings.map((binding) => (typeof binding === 'number' ? (values[binding] ?? null) : binding.value)),
  };
}

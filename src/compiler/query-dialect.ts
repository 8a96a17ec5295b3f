import type { ArithmeticNode, FunctionName } from '../ast/query-node.ts';
import type { ColumnType } from '../codec/column-type.ts';

/**
 * How a dialect writes what only built queries have. Not a part of `Dialect` itself, so that only programs with such queries
 * hold it. Arguments that are SQL are finished text.
 */
export interface QueryDialect {
  /**
   * Whether decimals are computed as whole numbers of their smallest unit, because the engine would compute them as floating
   * point: `12.50` is 1250 then.
   */
  readonly decimalsInUnits: boolean;
  /** A function of its operands. */
  call(name: FunctionName, operands: readonly string[]): string;
  /** An operation on two numbers; each operand stands for itself. */
  arithmetic(operator: ArithmeticNode['operator'], left: string, right: string): string;
  /** A value as one of another type. */
  cast(operand: string, type: ColumnType): string;
  /** Whether two values differ, where NULL is a value like others. */
  distinctFrom(left: string, right: string): string;
}

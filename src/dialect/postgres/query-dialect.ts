import type { ColumnType } from '../../codec/column-type.ts';
import type { QueryDialect } from '../../compiler/query-dialect.ts';
import { callText } from '../call-text.ts';
import { castType } from './storage-type.ts';

// Of its own accord a numeric has the digits of each value.
function typeText(type: ColumnType): string {
  return type.name === 'decimal' ? `numeric(${type.precision}, ${type.scale})` : castType(type);
}

/** Built queries in PostgreSQL's words. */
export const queryDialect: QueryDialect = {
  decimalsInUnits: false,
  // CONCAT() takes a NULL for an empty text here.
  call: (name, operands) => (name === 'concat' ? `(${operands.join(' || ')})` : callText(name, operands)),
  arithmetic: (operator, left, right) => `${left} ${operator} ${right}`,
  cast: (operand, type) => `CAST(${operand} AS ${typeText(type)})`,
  distinctFrom: (left, right) => `${left} IS DISTINCT FROM ${right}`,
};

import type { ColumnType } from '../../codec/column-type.ts';
import type { QueryDialect } from '../../compiler/query-dialect.ts';
import { callText } from '../call-text.ts';

/** Built queries in SQLite's words. */
export const queryDialect: QueryDialect = {
  decimalsInUnits: true,
  call: (name, operands) => (name === 'concat' ? `(${operands.join(' || ')})` : callText(name, operands)),
  arithmetic: (operator, left, right) => `${left} ${operator} ${right}`,
  cast: (operand, type) => `CAST(${operand} AS ${castType(type)})`,
  distinctFrom: (left, right) => `${left} IS NOT ${right}`,
};

function castType({ name }: ColumnType): string {
  switch (name) {
    case 'integer':
    case 'bigint':
    case 'boolean':
    case 'datetime':
      return 'INTEGER';
    case 'float':
      return 'REAL';
    case 'bytes':
      return 'BLOB';
    default:
      return 'TEXT';
  }
}

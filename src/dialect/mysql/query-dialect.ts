import type { ColumnType } from '../../codec/column-type.ts';
import type { QueryDialect } from '../../compiler/query-dialect.ts';
import { callText } from '../call-text.ts';

/** Built queries in the words of MySQL and MariaDB. */
export const queryDialect: QueryDialect = {
  decimalsInUnits: false,
  // LENGTH() counts bytes here.
  call: (name, operands) => (name === 'length' ? `CHAR_LENGTH(${operands.join(', ')})` : callText(name, operands)),
  arithmetic: (operator, left, right) => `${left} ${operator} ${right}`,
  cast: (operand, type) => `CAST(${operand} AS ${castType(type)})`,
  distinctFrom: (left, right) => `NOT (${left} <=> ${right})`,
};

function castType(type: ColumnType): string {
  switch (type.name) {
    case 'integer':
    case 'bigint':
    case 'boolean':
      return 'SIGNED';
    case 'float':
      return 'DOUBLE';
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'datetime':
      return 'DATETIME(3)';
    case 'date':
      return 'DATE';
    case 'bytes':
      return 'BINARY';
    default:
      return 'CHAR';
  }
}

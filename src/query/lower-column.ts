import type { ColumnNode, ComparisonOperator, ExpressionNode } from '../ast/query-node.ts';
import { Operator } from '../criteria/operator.ts';
import type { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import { checkNesting, type Lowering, slot, UNBUILT } from './lowering.ts';

/** A scalar column that a criterion is about. */
export interface ColumnPlace {
  readonly lowering: Lowering;
  readonly meta: EntityMetadata;
  readonly column: ColumnMetadata;
  readonly alias: string;
  readonly depth: number;
}

/** What an operator makes of a column. */
export type ColumnLowering = (place: ColumnPlace, operator: Operator) => ExpressionNode;

const JSON_OPERATORS: readonly string[] = ['eq', 'ne', 'is-null', 'is-not-null', 'not'];

/** A column under an alias. */
export function columnNode(alias: string, column: ColumnMetadata): ColumnNode {
  return { kind: 'column', alias, name: column.name };
}

/** A column whose value is read: in the form in which it comes to the application. */
export function readNode(alias: string, { name, type }: Pick<ColumnMetadata, 'name' | 'type'>): ColumnNode {
  return type.custom === undefined ? { kind: 'column', alias, name } : { kind: 'column', alias, name, type };
}

/** A column in the form that orders by value. */
export function orderedNode(operand: ExpressionNode, column: ColumnMetadata): ExpressionNode {
  return column.type.name === 'decimal' ? { kind: 'ordered', operand, type: column.type } : operand;
}

/** The condition that a criterion makes of a scalar column: a value, null, or an operator. */
export function lowerColumn(place: ColumnPlace, criterion: unknown): ExpressionNode {
  const { meta, column, depth } = place;
  checkNesting(meta, depth);
  const operator = Operator.is(criterion) ? criterion : null;
  if (criterion === undefined) {
    throw refuse(place, 'a filter cannot be undefined; leave the property out, or use null or isNull()');
  }
  if (column.type.name === 'json' && criterion !== null && !JSON_OPERATORS.includes(operator?.kind ?? '')) {
    throw refuse(place, 'a JSON column is compared with eq(…) only');
  }
  if (operator === null) return lowerEquality(place, 'eq', criterion);
  const lower = Operator.meaningOf(operator).column as ColumnLowering | undefined;
  if (lower === undefined) throw refuse(place, `the operator '${operator.kind}' does not apply to a column`);
  return lower(place, operator);
}

/** `column = value`, or `IS NULL`. */
export function lowerEquality(place: ColumnPlace, kind: string, value: unknown): ExpressionNode {
  return value === null ? nullTest(place, false) : comparison(place, kind, '=', value);
}

/** A comparison with a value that is not null. */
export function comparison(
  place: ColumnPlace,
  kind: string,
  operator: ComparisonOperator,
  value: unknown,
): ExpressionNode {
  const { lowering, meta, column, alias } = place;
  if (value === null || value === undefined) throw refuse(place, `${kind}() takes a value, not ${value}`);
  const wire = encodeColumn(meta, column, value);
  lowering.shape += `${column.index}${kind};`;
  const right = slot(lowering, wire, column.type);
  return lowering.building ? { kind: 'comparison', operator, left: columnNode(alias, column), right } : UNBUILT;
}

/** `IS NULL`, or its opposite. */
export function nullTest({ lowering, column, alias }: ColumnPlace, negated: boolean): ExpressionNode {
  lowering.shape += `${column.index}${negated ? 'nn' : 'n'};`;
  return lowering.building ? { kind: 'null-test', operand: columnNode(alias, column), negated } : UNBUILT;
}

/** The error about a criterion of a column. */
export function refuse({ meta, column }: ColumnPlace, problem: string): ValidationError {
  return invalid(meta.table, column.property, problem);
}

import type { ColumnNode, ComparisonOperator, ExpressionNode } from '../ast/query-node.ts';
import { isWellFormed } from '../codec/well-formed.ts';
import { Operator } from '../criteria/operator.ts';
import type { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireValue } from '../wire/wire-value.ts';
import { escapeLike } from './escape-like.ts';
import { checkNesting, conjunction, type Lowering, slot, UNBUILT } from './lowering.ts';

const COMPARISONS: ReadonlyMap<string, ComparisonOperator> = new Map([
  ['eq', '='],
  ['ne', '<>'],
  ['lt', '<'],
  ['lte', '<='],
  ['gt', '>'],
  ['gte', '>='],
]);

/** A column under an alias. */
export function columnNode(alias: string, column: ColumnMetadata): ColumnNode {
  return { kind: 'column', alias, name: column.name };
}

/** A column in the form that orders by value. */
export function orderedNode(operand: ExpressionNode, column: ColumnMetadata): ExpressionNode {
  return column.type.name === 'decimal' ? { kind: 'ordered', operand, type: column.type } : operand;
}

/** The condition that a criterion makes of a scalar column: a value, null, or an operator. */
export function lowerColumn(
  lowering: Lowering,
  meta: EntityMetadata,
  column: ColumnMetadata,
  alias: string,
  criterion: unknown,
  depth: number,
): ExpressionNode {
  checkNesting(meta, depth);
  if (Operator.is(criterion)) return lowerOperator(lowering, meta, column, alias, criterion, depth);
  if (criterion === undefined) {
    throw refuse(meta, column, 'a filter cannot be undefined; leave the property out, or use null or isNull()');
  }
  if (column.type.name === 'json' && criterion !== null)
    throw refuse(meta, column, 'a JSON column is compared with eq(…) only');
  return lowerComparison(lowering, meta, column, alias, 'eq', criterion);
}

function lowerOperator(
  lowering: Lowering,
  meta: EntityMetadata,
  column: ColumnMetadata,
  alias: string,
  { kind, operands }: Operator,
  depth: number,
): ExpressionNode {
  if (column.type.name === 'json' && !['eq', 'ne', 'is-null', 'is-not-null', 'not'].includes(kind)) {
    throw refuse(meta, column, 'a JSON column is compared with eq(…) only');
  }
  switch (kind) {
    case 'is-null':
    case 'is-not-null':
      return nullTest(lowering, column, alias, kind === 'is-not-null');
    case 'in':
    case 'not-in':
      return lowerList(lowering, meta, column, alias, operands[0], kind === 'not-in');
    case 'like':
      return lowerLike(lowering, meta, column, alias, operands);
    case 'and':
      return conjunction(operands.map((operand) => lowerColumn(lowering, meta, column, alias, operand, depth + 1)));
    default:
      if (COMPARISONS.has(kind)) return lowerComparison(lowering, meta, column, alias, kind, operands[0]);
      throw refuse(meta, column, `the operator '${kind}' does not apply to a column`);
  }
}

function lowerComparison(
  lowering: Lowering,
  meta: EntityMetadata,
  column: ColumnMetadata,
  alias: string,
  kind: string,
  value: unknown,
): ExpressionNode {
  const equality = kind === 'eq' || kind === 'ne';
  if (value === null && equality) return nullTest(lowering, column, alias, kind === 'ne');
  if (value === null || value === undefined)
    throw refuse(meta, column, `${kind}() takes a value, not ${value === null ? 'null' : 'undefined'}`);
  const wire = encodeColumn(meta, column, value);
  lowering.shape += `${column.index}${kind};`;
  const parameter = slot(lowering, wire, column.type);
  if (!lowering.building) return UNBUILT;
  const operator = COMPARISONS.get(kind) ?? '=';
  const left = columnNode(alias, column);
  if (equality) {
    const comparison: ExpressionNode = { kind: 'comparison', operator, left, right: parameter };
    if (kind === 'eq' || !column.nullable) return comparison;
    const missing: ExpressionNode = { kind: 'null-test', operand: left, negated: false };
    return { kind: 'logical', operator: 'or', operands: [comparison, missing] };
  }
  return { kind: 'comparison', operator, left: orderedNode(left, column), right: orderedNode(parameter, column) };
}

function nullTest(lowering: Lowering, column: ColumnMetadata, alias: string, negated: boolean): ExpressionNode {
  lowering.shape += `${column.index}${negated ? 'nn' : 'n'};`;
  return lowering.building ? { kind: 'null-test', operand: columnNode(alias, column), negated } : UNBUILT;
}

function lowerLike(
  lowering: Lowering,
  meta: EntityMetadata,
  column: ColumnMetadata,
  alias: string,
  [text, before, behind]: readonly unknown[],
): ExpressionNode {
  if (typeof text !== 'string') throw refuse(meta, column, 'a pattern must be a string');
  if (column.type.name !== 'text' && column.type.name !== 'uuid')
    throw refuse(meta, column, 'a pattern needs a text column');
  const literal = typeof before === 'string' && typeof behind === 'string';
  const pattern = literal ? before + escapeLike(text) + behind : text;
  if (!isWellFormed(pattern)) throw refuse(meta, column, 'the pattern is not well-formed text');
  lowering.shape += `${column.index}like;`;
  const parameter = slot(lowering, pattern, { name: 'text' });
  if (!lowering.building) return UNBUILT;
  return { kind: 'like', operand: columnNode(alias, column), type: column.type, pattern: parameter, negated: false };
}

function lowerList(
  lowering: Lowering,
  meta: EntityMetadata,
  column: ColumnMetadata,
  alias: string,
  values: unknown,
  negated: boolean,
): ExpressionNode {
  if (!Array.isArray(values)) throw refuse(meta, column, 'isIn() and notIn() take an array');
  const tuples: WireValue[][] = [];
  for (const value of new Set<unknown>(values)) {
    if (value === undefined) throw refuse(meta, column, 'a list of values cannot contain undefined');
    if (value === null) throw refuse(meta, column, 'a list of values cannot contain null; use or() with isNull()');
    tuples.push([encodeColumn(meta, column, value)]);
  }
  lowering.shape += `${column.index}${negated ? 'notin' : 'in'};`;
  const list = slot(lowering, lowering.dialect.encodeList(tuples, [column.type]), null);
  if (!lowering.building) return UNBUILT;
  const operand = columnNode(alias, column);
  const membership: ExpressionNode = { kind: 'in-list', operands: [operand], types: [column.type], list, negated };
  if (!negated || !column.nullable) return membership;
  const missing: ExpressionNode = { kind: 'null-test', operand, negated: false };
  return { kind: 'logical', operator: 'or', operands: [membership, missing] };
}

function refuse(meta: EntityMetadata, column: ColumnMetadata, problem: string): ValidationError {
  return invalid(meta.table, column.property, problem);
}

import type { QueryNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { BuiltQuery } from './built-query.ts';
import { numeric, scaleOf } from './computed-type.ts';
import type { Level } from './level.ts';
import { rescale } from './lower-arithmetic.ts';
import { condition } from './lower-condition.ts';
import type { Lower, Lowered } from './lowered.ts';
import type { OutputColumn } from './output-column.ts';

/** Whether a value is among those of a query of one column. */
export function inQuery(operand: Lower, query: BuiltQuery<unknown>, negated: boolean): Lower {
  return (level) => {
    const left = operand(level);
    const { node, column } = oneColumn(level, query);
    return condition(level, { kind: 'in-query', operand: sought(level, left, column).node, query: node, negated });
  };
}

// The query stands as it is, so that the value takes the form of what it is compared with.
function sought(level: Level, value: Lowered, column: OutputColumn): Lowered {
  const [have, want] = [scaleOf(value), scaleOf(column)];
  if (!level.words.decimalsInUnits || (have === null && want === null)) return value;
  if (have === want && value.units === column.units) return value;
  if (column.units !== null && (have ?? 0) <= column.units) return rescale(level, numeric(level, value), column.units);
  throw new ValidationError(
    'in(): the engine cannot compare these decimals, which have other digits or are columns on one side only; compute the selected one, as by plus("0.000")',
  );
}

/** Whether a query has a row. */
export function existence(query: BuiltQuery<unknown>, negated: boolean): Lower {
  return (level) => {
    const { node } = BuiltQuery.lower(query, level, false);
    return condition(level, { kind: 'exists-query', query: withoutColumns(node), negated }, false);
  };
}

// What is selected does not matter to EXISTS, unless it decides how many rows there are.
function withoutColumns(node: QueryNode): QueryNode {
  if (node.kind !== 'selection' || node.distinct || node.groupBy.length > 0) return node;
  const hasAggregate = node.columns.some(({ operand }) => !PLAIN.has(operand.kind));
  return hasAggregate ? node : { ...node, columns: [{ kind: 'projection', operand: ONE, name: null }], orderBy: [] };
}

const PLAIN: ReadonlySet<string> = new Set(['column', 'parameter', 'slot']);
const ONE = { kind: 'constant', value: 1 } as const;

/** The value of a query's one row and column; NULL where it has no row. */
export function scalarValue(query: BuiltQuery<unknown>): Lower {
  return (level) => {
    const { node, column } = oneColumn(level, query);
    const { type, codec, units } = column;
    return { node: { kind: 'subquery', query: node }, type, codec, nullable: true, column: null, units };
  };
}

function oneColumn(
  level: Level,
  query: BuiltQuery<unknown>,
): { readonly node: QueryNode; readonly column: OutputColumn } {
  const { node, outputs } = BuiltQuery.lower(query, level, false);
  const [column] = outputs.values();
  if (column !== undefined && outputs.size === 1) return { node, column };
  throw new ValidationError(`a query in the place of a value has to select one column, not ${outputs.size}`);
}

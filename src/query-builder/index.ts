/**
 * The query builder: what criteria cannot say. Projections, joins, groups, windows, sub-queries, compounds, recursions and writes
 * of many rows, typed by the entities, alike on every engine. `from()`, `update()` and `deleteFrom()` begin them.
 *
 * @module
 */

export { BuiltQuery } from './built-query.ts';
export { type BulkDelete, type BulkUpdate, deleteFrom, update } from './bulk-write.ts';
export { except, intersect, union, unionAll } from './compound.ts';
export { Expression } from './expression.ts';
export { type Fields, field } from './fields.ts';
export {
  Aggregate,
  abs,
  allOf,
  anyOf,
  avg,
  coalesce,
  concat,
  count,
  countDistinct,
  exists,
  length,
  lower,
  max,
  min,
  notExists,
  scalar,
  sum,
  trim,
  upper,
} from './functions.ts';
export { literal } from './literal.ts';
export { recursive } from './recursive.ts';
export type { RowFrame } from './row-frame.ts';
export { from, Select } from './select.ts';
export { statementOf } from './statement-of.ts';
export { denseRank, firstValue, lag, lastValue, lead, rank, rowNumber, type WindowOptions } from './window.ts';

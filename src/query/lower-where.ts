import type { ExpressionNode } from '../ast/query-node.ts';
import { Operator } from '../criteria/operator.ts';
import { invalid } from '../metadata/entity-error.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { lowerColumn } from './lower-column.ts';
import { lowerRelation } from './lower-relation.ts';
import { checkNesting, conjunction, type Lowering, UNBUILT } from './lowering.ts';

/** An entity that a condition is about. */
export interface EntityPlace {
  readonly lowering: Lowering;
  readonly meta: EntityMetadata;
  readonly alias: string;
  readonly certain: boolean;
  readonly depth: number;
}

/** What an operator makes of an entity. */
export type EntityLowering = (place: EntityPlace, operator: Operator) => ExpressionNode;

/**
 * The condition that criteria make over an entity under an alias. `certain` says that the condition stands in a plain
 * AND from the top, so that a join may drop rows. Throws `validation` for criteria that are no criteria.
 */
export function lowerWhere(
  lowering: Lowering,
  meta: EntityMetadata,
  alias: string,
  where: unknown,
  certain: boolean,
  depth: number,
): ExpressionNode {
  checkNesting(meta, depth);
  if (Operator.is(where)) {
    const lower = Operator.meaningOf(where).entity as EntityLowering | undefined;
    if (lower !== undefined) return lower({ lowering, meta, alias, certain, depth }, where);
    throw invalid(meta.table, null, `the operator '${where.kind}' needs a property to apply to`);
  }
  // Any other object has no keys to speak of, and so would match every row.
  if (!isPlainObject(where)) {
    const problem =
      where === undefined ? 'criteria cannot be undefined' : 'criteria must be a plain object or a condition';
    throw invalid(meta.table, null, problem);
  }
  const operands: ExpressionNode[] = [];
  const criteria = meta.embedded?.spread(meta.table, where, 'criteria') ?? where;
  for (const property of Object.keys(criteria)) {
    const criterion: unknown = Reflect.get(criteria, property);
    const column = meta.properties.get(property);
    if (column !== undefined) {
      operands.push(lowerColumn({ lowering, meta, column, alias, depth }, criterion));
      continue;
    }
    const relation = meta.relations.get(property);
    if (relation === undefined) {
      throw invalid(meta.table, null, `there is no column or relation '${property.slice(0, 60)}' to filter by`);
    }
    operands.push(lowerRelation({ lowering, relation, alias, depth }, criterion, certain));
  }
  return lowering.building ? conjunction(operands) : UNBUILT;
}

// The prototype of a plain object has no prototype itself; this holds for objects of other realms, too.
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

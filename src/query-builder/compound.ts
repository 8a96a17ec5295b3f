import type { CompoundOperator, ProjectionNode, QueryNode, SelectionNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { nextAlias } from '../query/lowering.ts';
import { BuiltQuery, type LoweredQuery } from './built-query.ts';
import { scaleOf } from './computed-type.ts';
import type { RowFields } from './fields.ts';
import type { Level } from './level.ts';
import type { OutputColumn } from './output-column.ts';
import type { Either, Matching } from './same-rows.ts';
import { begin, type Select } from './select.ts';
import { querySource } from './source.ts';

/**
 * The rows of all queries, each different row once; as a query, whose rows can be ordered, limited and selected from. All
 * select the same properties of the same types, in any order: others do not compile, and are `validation`. SQL: `UNION`.
 *
 * @example
 * ```ts
 * import { from, union } from 'meshestra/query';
 *
 * const names = union(
 *   from(Author).select((author) => ({ name: author.name })),
 *   from(Tag).select((tag) => ({ name: tag.name })),
 * ).orderBy((row) => row.name);
 * // SELECT "t2"."c0" FROM (SELECT "t0"."name" AS "c0" FROM "authors" AS "t0" UNION SELECT "t1"."name" AS "c0"
 * // FROM "tags" AS "t1") AS "t2" ORDER BY "t2"."c0"
 * ```
 */
export function union<A, B = A>(
  first: BuiltQuery<A>,
  ...others: readonly Matching<A, B>[]
): Select<[RowFields<Either<A, B>>], Either<A, B>> {
  return combine<Either<A, B>>('union', first, others);
}

/** The rows of all queries, equal ones as often as they come: {@link union} without looking for them. SQL: `UNION ALL`. */
export function unionAll<A, B = A>(
  first: BuiltQuery<A>,
  ...others: readonly Matching<A, B>[]
): Select<[RowFields<Either<A, B>>], Either<A, B>> {
  return combine<Either<A, B>>('union all', first, others);
}

/** The rows that all queries have, each once; otherwise as {@link union}. SQL: `INTERSECT`. */
export function intersect<A, B = A>(
  first: BuiltQuery<A>,
  ...others: readonly Matching<A, B>[]
): Select<[RowFields<Either<A, B>>], Either<A, B>> {
  return combine<Either<A, B>>('intersect', first, others);
}

/** The rows of the first query that none of the others has, each once; otherwise as {@link union}. SQL: `EXCEPT`. */
export function except<A, B = A>(
  first: BuiltQuery<A>,
  ...others: readonly Matching<A, B>[]
): Select<[RowFields<Either<A, B>>], Either<A, B>> {
  return combine<Either<A, B>>('except', first, others);
}

// As rows of a query around it: an order, a limit and further conditions are then the same for every kind of query.
function combine<R>(
  operator: CompoundOperator,
  first: BuiltQuery<unknown>,
  others: readonly BuiltQuery<unknown>[],
): Select<[RowFields<R>], R> {
  for (const query of [first, ...others]) {
    if (!(query instanceof BuiltQuery)) throw new ValidationError(`${operator}: expected queries that from() made`);
  }
  const compound = others.reduce((left, right) => new Compound(operator, left, right), first);
  return begin(querySource(compound), null);
}

class Compound extends BuiltQuery<unknown> {
  readonly #operator: CompoundOperator;
  readonly #left: BuiltQuery<unknown>;
  readonly #right: BuiltQuery<unknown>;

  constructor(operator: CompoundOperator, left: BuiltQuery<unknown>, right: BuiltQuery<unknown>) {
    super();
    this.#operator = operator;
    this.#left = left;
    this.#right = right;
  }

  protected lower(outer: Level): LoweredQuery {
    const left = BuiltQuery.lower(this.#left, outer, true);
    const right = BuiltQuery.lower(this.#right, outer, true);
    const outputs = commonOutputs(this.#operator, left, right);
    const node = {
      kind: 'compound',
      operator: this.#operator,
      left: this.#left instanceof Compound ? left.node : arm(outer, left, [...left.outputs.values()]),
      right: arm(
        outer,
        right,
        [...left.outputs.keys()].map((name) => right.outputs.get(name) as OutputColumn),
      ),
    } as const;
    return { node, outputs, isBare: left.isBare };
  }
}

/** The columns of both: nullable where one of them is. Throws `validation` where they are not the same. */
export function commonOutputs(what: string, left: LoweredQuery, right: LoweredQuery): LoweredQuery['outputs'] {
  const names = [...left.outputs.keys()];
  if (left.outputs.size !== right.outputs.size || names.some((name) => !right.outputs.has(name))) {
    throw new ValidationError(
      `${what}: the queries select different properties: ${names.join(', ')}, and ${[...right.outputs.keys()].join(', ')}`,
    );
  }
  return new Map(
    [...left.outputs].map(([name, column]) => {
      const other = right.outputs.get(name) as OutputColumn;
      const isSame = column.type.name === other.type.name && column.units === other.units;
      if (isSame && scaleOf(column) === scaleOf(other))
        return [name, { ...column, nullable: column.nullable || other.nullable }];
      throw new ValidationError(
        `${what}: '${name}' is of the type '${column.type.name}' in one query and of '${other.type.name}' in the other`,
      );
    }),
  );
}

function columnOf({ columns }: SelectionNode, name: string): ProjectionNode {
  return columns.find((column) => column.name === name) as ProjectionNode;
}

/**
 * A query as one side of a compound, its columns in the order of the other side. No engine takes an order or a limit there by
 * itself, and SQLite no parentheses.
 */
export function arm(level: Level, { node, outputs }: LoweredQuery, order: readonly OutputColumn[]): QueryNode {
  const isPlain = node.kind === 'selection' && node.orderBy.length === 0 && node.limit === null && node.offset === null;
  if (isPlain && node.recursions.length === 0) {
    const inOrder = [...outputs.values()].every((column, index) => column.name === order[index]?.name);
    if (inOrder) return node;
    // A group may be named by the place of its column.
    if (node.groupBy.length === 0) return { ...node, columns: order.map(({ name }) => columnOf(node, name)) };
  }
  const alias = nextAlias(level.criteria);
  const rows: SelectionNode = {
    kind: 'selection',
    recursions: [],
    distinct: false,
    columns: order.map(({ name }) => ({ kind: 'projection', operand: { kind: 'column', alias, name }, name })),
    from: { kind: 'derived', query: node, alias },
    joins: [],
    where: null,
    groupBy: [],
    having: null,
    orderBy: [],
    limit: null,
    offset: null,
  };
  return rows;
}

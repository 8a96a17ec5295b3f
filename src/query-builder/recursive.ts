import type { QueryNode, RecursionNode, SelectionNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { nextAlias } from '../query/lowering.ts';
import { BuiltQuery } from './built-query.ts';
import { arm, commonOutputs } from './compound.ts';
import type { RowFields } from './fields.ts';
import { inside, type Level, type OpenRecursion } from './level.ts';
import type { OutputColumn } from './output-column.ts';
import type { Either, Matching } from './same-rows.ts';
import { begin, type Select } from './select.ts';
import { enterPlace, type RowSource } from './source.ts';

/** How a recursion goes on. */
export interface RecursionOptions {
  /**
   * Whether a row that was found before is left out, which ends a walk through data that goes in circles. Without it such a
   * walk ends where the engine stops it, or never.
   */
  readonly distinct?: boolean;
}

/**
 * The rows of a query, and those that a step finds from them, and from those in turn, until there are no more: trees, paths,
 * series. The step is a query over the rows that were found last; it selects what the first one does, and has no order, limit
 * or offset (`validation`), which the result may have. SQL: `WITH RECURSIVE`.
 *
 * @example
 * ```ts
 * import { Entity, integer, manyToOne, text } from 'meshestra';
 * import { from, literal, recursive } from 'meshestra/query';
 *
 * class Folder extends Entity('folders', { id: integer().primaryKey().generated(), name: text() }) {
 *   parent = manyToOne(() => Folder, { nullable: true });
 * }
 * const roots = from(Folder)
 *   .where((folder) => folder.parent.id.isNull())
 *   .select((folder) => ({ id: folder.id, name: folder.name, depth: literal(0) }));
 * const tree = recursive(roots, (found) =>
 *   found
 *     .join(Folder, (parent, folder) => folder.parent.id.eq(parent.id))
 *     .select((parent, folder) => ({ id: folder.id, name: folder.name, depth: parent.depth.plus(1) })),
 * );
 * // WITH RECURSIVE "t1" ("c0", "c1", "c2") AS (SELECT … FROM "folders" AS "t0" WHERE "t0"."parent_id" IS NULL UNION ALL
 * // SELECT … FROM "t1" AS "t2" JOIN "folders" AS "t3" ON "t3"."parent_id" = "t2"."c0") SELECT … FROM "t1" AS "t4"
 * ```
 */
export function recursive<R, S = R>(
  base: BuiltQuery<R>,
  step: (found: Select<[RowFields<R>], R>) => Matching<R, S>,
  { distinct = false }: RecursionOptions = {},
): Select<[RowFields<Either<R, S>>], Either<R, S>> {
  if (!(base instanceof BuiltQuery)) throw new ValidationError('recursive() begins with a query that from() made');
  if (typeof step !== 'function') throw new ValidationError('recursive() takes a step: a callback that gives a query');
  const recursion: Recursion<R> = { base, step, distinct };
  return begin(
    recursionSource(recursion, (level) => openRecursion(level, recursion)),
    null,
  );
}

interface Recursion<R> {
  readonly base: BuiltQuery<R>;
  readonly step: (found: Select<[RowFields<R>], R>) => BuiltQuery<unknown>;
  readonly distinct: boolean;
}

function recursionSource<R>(recursion: Recursion<R>, open: (level: Level) => OpenRecursion): RowSource {
  const source: RowSource = {
    label: 'a recursion',
    enter(level, { optional }) {
      const { name, outputs, isBare } = find(level, recursion) ?? open(level);
      const alias = nextAlias(level.criteria);
      const place = enterPlace(level, source, { alias, optional, meta: null, outputs, isBare });
      return { place, node: { kind: 'recursive-rows', name, alias }, conditions: [] };
    },
  };
  return source;
}

function find(level: Level, recursion: object): OpenRecursion | undefined {
  for (let at: Level | null = level; at !== null; at = at.outer) {
    const known = at.recursions.get(recursion);
    if (known !== undefined) return known;
  }
  return undefined;
}

function openRecursion<R>(level: Level, recursion: Recursion<R>): OpenRecursion {
  const base = BuiltQuery.lower(recursion.base, level, true);
  const name = nextAlias(level.criteria);
  const open: OpenRecursion = { name, outputs: base.outputs, isBare: base.isBare, node: null };
  level.recursions.set(recursion, open);
  const found = begin<[RowFields<R>], R>(recursionSource(recursion, refuseOutside), null);
  const query = recursion.step(found);
  if (!(query instanceof BuiltQuery))
    throw new ValidationError('recursive(): the step gives a query over the found rows');
  const step = inside(level, (inner) => BuiltQuery.lower(query, inner, true));
  refuseOrder(step.node);
  const outputs = commonOutputs('recursive()', base, step);
  const columns = [...base.outputs.values()];
  const node: RecursionNode = {
    kind: 'recursion',
    name,
    columns: columns.map((column) => column.name),
    base: arm(level, base, columns),
    step: arm(
      level,
      step,
      [...base.outputs.keys()].map((property) => step.outputs.get(property) as OutputColumn),
    ),
    distinct: recursion.distinct,
  };
  const done: OpenRecursion = { name, outputs, isBare: base.isBare, node };
  level.recursions.set(recursion, done);
  return done;
}

// Engines refuse them in words of their own: a recursion goes on from all rows that were found last.
function refuseOrder(step: QueryNode): void {
  const { orderBy, limit, offset } = step as Partial<SelectionNode>;
  if ((orderBy?.length ?? 0) === 0 && !limit && !offset) return;
  throw new ValidationError('recursive(): the step takes no orderBy(), limit() and offset(); say them of the result');
}

function refuseOutside(): never {
  throw new ValidationError('recursive(): the rows that were found are there in the step only');
}

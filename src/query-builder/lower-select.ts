import type { ExpressionNode, OrderNode, ProjectionNode, SelectionNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { lowerFamily } from '../query/lower-family.ts';
import { linkJoin, tie } from '../query/lower-relation.ts';
import { lowerWhere } from '../query/lower-where.ts';
import { conjunction, nextAlias } from '../query/lowering.ts';
import { lowerOf } from './expression.ts';
import type { AnyJoin, Level } from './level.ts';
import { conditionNode } from './lower-logical.ts';
import { takeValue } from './lowered.ts';
import { type LoweredProjection, lowerProjection, type Projection, wholeRows } from './projection.ts';
import { resolve } from './resolve-path.ts';
import type { Join, SelectState } from './select-state.ts';
import { sortable, sortNodes } from './sort-key.ts';
import { type EnteredSource, enterPlace } from './source.ts';

/** A SELECT in one statement. */
export interface LoweredSelect extends Omit<LoweredProjection, 'columns'> {
  readonly node: SelectionNode;
}

/** Makes a SELECT on a level of its own. Throws `validation` for what is no query of the entities. */
export function lowerSelect(level: Level, state: SelectState, named: boolean): LoweredSelect {
  const { withDeleted } = state;
  const root = state.source.enter(level, { optional: false, withDeleted });
  for (const join of state.joins) lowerJoin(level, join, withDeleted);
  const where = [...root.conditions, ...state.filters.map((filter) => lowerFilter(level, root, filter))];
  const [fields] = state.fields;
  const projection =
    state.projection ?? (root.place.meta === null ? wholeRows(root.place, state.source) : (fields as Projection));
  const { columns, outputs, isBare, read } = lowerProjection(level, projection, named);
  const groupBy = state.groupBy.map((key) => byPlace(level, columns, sortless(level, key)));
  const having = state.having.map((predicate) => conditionNode(level, lowerOf(predicate)));
  const orderBy = state.orderBy.flatMap((key) => sortNodes(level, key)).map((key) => orderByPlace(level, columns, key));
  const node: SelectionNode = {
    kind: 'selection',
    recursions: [...level.recursions.values()].flatMap(({ node: own }) => (own === null ? [] : [own])),
    distinct: state.distinct,
    columns,
    from: root.node,
    joins: level.joins,
    where: all(where),
    groupBy,
    having: all(having),
    orderBy,
    limit: lowerCount(level, state.limit),
    offset: lowerCount(level, state.offset),
  };
  return { node, outputs, isBare, read };
}

function all(conditions: readonly ExpressionNode[]): ExpressionNode | null {
  return conditions.length === 0 ? null : conjunction(conditions);
}

function lowerFilter(level: Level, { place }: EnteredSource, filter: SelectState['filters'][number]): ExpressionNode {
  if ('expression' in filter) return conditionNode(level, lowerOf(filter.expression));
  if (place.meta === null) throw new ValidationError('where() over the rows of a query takes a callback, not criteria');
  return lowerWhere(level.criteria, place.meta, place.alias, filter.criteria, true, 0);
}

function lowerJoin(level: Level, join: Join, withDeleted: boolean): void {
  if ('relation' in join) {
    joinRelation(level, join, withDeleted);
    return;
  }
  const { place, node, conditions } = join.source.enter(level, { optional: join.type === 'left', withDeleted });
  place.cannotFollow =
    'the condition of a join cannot follow a relation of what it joins; put that condition into where()';
  const on = conjunction([conditionNode(level, lowerOf(join.on)), ...conditions]);
  place.cannotFollow = null;
  level.joins.push({ kind: 'source-join', type: join.type, source: node, on });
}

/** Joins the rows at the other end of a relation to many, over its link table where it has one. */
function joinRelation(
  level: Level,
  { type, source, relation: field }: Join & { readonly relation: unknown },
  withDeleted: boolean,
): void {
  const found = resolve(level, field as Parameters<typeof resolve>[1]);
  if (found.kind !== 'many') {
    throw new ValidationError('join() takes a relation to many; one to one is joined by naming a column behind it');
  }
  const { place: owner, relation } = found;
  const meta = relation.target;
  const alias = nextAlias(level.criteria);
  const link = relation.link === null ? alias : nextAlias(level.criteria);
  const target = { kind: 'table', name: meta.table, alias } as const;
  const family = lowerFamily(level.criteria, meta, alias, withDeleted);
  const tied = tie(relation, owner.alias, alias, link);
  enterPlace(level, source, { alias, optional: type === 'left', meta, outputs: new Map() });
  const [throughLink] = linkJoin(relation, link, alias);
  if (throughLink === undefined) {
    level.joins.push({ kind: 'join', type, table: target, on: conjunction([tied, ...family]) });
    return;
  }
  const linked = conjunction([throughLink.on, ...family]);
  level.joins.push(...overLink(type, throughLink.table, target, tied, linked));
}

// A row that a link leads to, and that does not count, must not leave a row without it behind: links and targets are joined
// to each other first, and both to the owner.
function overLink(
  type: Join['type'],
  link: Extract<AnyJoin, { kind: 'join' }>['table'],
  target: Extract<AnyJoin, { kind: 'join' }>['table'],
  tied: ExpressionNode,
  linked: ExpressionNode,
): AnyJoin[] {
  if (type === 'inner') {
    return [
      { kind: 'join', type, table: link, on: tied },
      { kind: 'join', type, table: target, on: linked },
    ];
  }
  return [{ kind: 'source-join', type, source: { kind: 'joined', left: link, right: target, on: linked }, on: tied }];
}

function sortless(level: Level, key: unknown): ExpressionNode {
  return sortable(lowerOf(key as Parameters<typeof lowerOf>[0])(level));
}

function orderByPlace(level: Level, columns: readonly ProjectionNode[], key: OrderNode): OrderNode {
  return { ...key, operand: byPlace(level, columns, key.operand) };
}

/**
 * A key that is a selected column, parameters included, by its place: with parameters of their own, two texts of one
 * expression are two different ones for PostgreSQL.
 */
function byPlace(level: Level, columns: readonly ProjectionNode[], key: ExpressionNode): ExpressionNode {
  if (key.kind === 'column') return key;
  const text = textOf(level, key);
  if (!text.includes('"bound"')) return key;
  const place = columns.findIndex(({ operand }) => textOf(level, operand) === text);
  return place < 0 ? key : { kind: 'constant', value: place + 1 };
}

function textOf({ criteria }: Level, node: ExpressionNode): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'index' && typeof value === 'number') return { bound: String(criteria.values[value]) };
    return typeof value === 'bigint' ? String(value) : value;
  });
}

function lowerCount(level: Level, count: number | null): ExpressionNode | null {
  if (count === null) return null;
  return { kind: 'slot', index: takeValue(level, count), type: { name: 'integer' } };
}

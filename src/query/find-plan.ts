import type { ExpressionNode, LockClause, OrderNode, SelectNode, TableNode } from '../ast/query-node.ts';
import type { PlainStatementNode } from '../ast/statement-node.ts';
import type { CompiledStatement } from '../compiler/compiled-statement.ts';
import type { Dialect } from '../compiler/dialect.ts';
import type { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { keyParts } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { WireKey, WireValue } from '../wire/wire-value.ts';
import { columnNode, orderedNode, readNode } from './lower-column.ts';
import { lowerFamily } from './lower-family.ts';
import { joinCondition } from './lower-relation.ts';
import { lowerWhere } from './lower-where.ts';
import { conjunction, createLowering, type Lowering, nextAlias, ROOT, slot, UNBUILT } from './lowering.ts';

/** What is read of the rows that criteria match. */
export interface FindRequest {
  readonly where?: unknown;
  readonly orderBy?: unknown;
  readonly limit?: unknown;
  readonly offset?: unknown;
  /** To-one relations whose targets are read along in the same rows, behind the columns of the entity. */
  readonly joined?: readonly RelationMetadata[];
  /** Only the rows at the other end of a to-many relation of one owner. */
  readonly relatedTo?: { readonly relation: RelationMetadata; readonly key: WireKey };
  /** Whether rows count that were removed and stay. */
  readonly withDeleted?: unknown;
  /** COUNT(*) instead of the entity's columns. */
  readonly count?: boolean;
  readonly lock?: LockClause;
}

/** A SELECT ready to run. */
export interface FindPlan {
  readonly compiled: CompiledStatement;
  readonly values: readonly WireValue[];
}

/**
 * Plans the SELECT of an entity's rows. Its text is made once for each shape of criteria and options; a further plan of
 * the same shape costs one walk over the criteria. Throws `validation` for criteria or options that are none.
 */
export function planFind(registry: Registry, session: Compiling, meta: EntityMetadata, request: FindRequest): FindPlan {
  const shaped = lower(registry, session, meta, request, false);
  const compiled = session.compile(shaped.lowering.shape, () => lower(registry, session, meta, request, true).node());
  return { compiled, values: shaped.lowering.values };
}

/** The part of a session that planning needs. */
export interface Compiling {
  readonly dialect: Dialect;
  compile(key: string, node: () => PlainStatementNode): CompiledStatement;
}

function lower(
  registry: Registry,
  session: Compiling,
  meta: EntityMetadata,
  request: FindRequest,
  building: boolean,
): { lowering: Lowering; node: () => SelectNode } {
  const { joined = [], count = false, lock } = request;
  const withDeleted = request.withDeleted === true;
  const kind = lock === undefined ? (count ? 'count' : 'find') : `lock ${lock.strength} ${lock.onLocked}`;
  const prefix = `${kind}${withDeleted ? ' deleted' : ''} ${meta.table}\0${meta.discriminator?.value ?? ''}\0`;
  const lowering = createLowering(registry, session.dialect, lowerWhere, building, prefix);
  const family = lowerFamily(lowering, meta, ROOT, withDeleted);
  const related =
    request.relatedTo === undefined ? [] : lowerRelated(lowering, request.relatedTo.relation, request.relatedTo.key);
  const where = request.where === undefined ? UNBUILT : lowerWhere(lowering, meta, ROOT, request.where, true, 0);
  const orderBy = lowerOrder(lowering, meta, request.orderBy);
  const limit = lowerCount(lowering, meta, 'limit', request.limit);
  const offset = lowerCount(lowering, meta, 'offset', request.offset);
  const joins = joined.map((relation) => joinTarget(lowering, relation));
  const columns = (): ExpressionNode[] =>
    count
      ? [{ kind: 'count' }]
      : [...allColumns(meta, ROOT), ...joins.flatMap(({ relation, alias }) => allColumns(relation.target, alias))];
  return {
    lowering,
    node: () => ({
      kind: 'select',
      columns: columns(),
      from: { kind: 'table', name: meta.table, alias: ROOT },
      joins: lowering.joins,
      where: filter([...family, ...related, where]),
      orderBy,
      limit,
      offset,
      ...(lock === undefined ? {} : { lock }),
    }),
  };
}

// Conditions that hold for every row are left out.
function filter(conditions: readonly ExpressionNode[]): ExpressionNode | null {
  const effective = conditions.filter(
    (node) => node.kind !== 'logical' || node.operator === 'or' || node.operands.length > 0,
  );
  return effective.length === 0 ? null : conjunction(effective);
}

function lowerRelated(lowering: Lowering, relation: RelationMetadata, key: WireKey): ExpressionNode[] {
  lowering.shape += `~${relation.owner.table}\0${relation.property}\0`;
  const { link, inverse, target } = relation;
  const alias = link === null ? ROOT : nextAlias(lowering);
  const columns =
    link === null ? (inverse?.columns ?? []) : link.ownColumns.map(({ name, key: { type } }) => ({ name, type }));
  if (link !== null && lowering.building) {
    const on = target.root.primaryKey.map((column, index): ExpressionNode => {
      const left = { kind: 'column', alias, name: link.targetColumns[index]?.name ?? '' } as const;
      return { kind: 'comparison', operator: '=', left, right: columnNode(ROOT, column) };
    });
    lowering.joins.push({
      kind: 'join',
      type: 'inner',
      table: { kind: 'table', name: link.table, alias },
      on: conjunction(on),
    });
  }
  const parts = keyParts(key);
  return columns.map(({ name, type }, index) => {
    const right = slot(lowering, parts[index] ?? null, type);
    return { kind: 'comparison', operator: '=', left: { kind: 'column', alias, name }, right };
  });
}

function allColumns(meta: EntityMetadata, alias: string): ExpressionNode[] {
  return meta.root.eager.map((column) => readNode(alias, column));
}

/** Joins the target of a to-one relation, unless the criteria have joined it. */
function joinTarget(lowering: Lowering, relation: RelationMetadata): { relation: RelationMetadata; alias: string } {
  lowering.shape += `+${relation.property}\0`;
  const known = lowering.joined.get(relation);
  if (known !== undefined) return { relation, alias: known };
  const alias = nextAlias(lowering);
  const table: TableNode = { kind: 'table', name: relation.target.table, alias };
  const type = relation.nullable ? 'left' : 'inner';
  if (lowering.building) lowering.joins.push({ kind: 'join', type, table, on: joinCondition(relation, ROOT, alias) });
  return { relation, alias };
}

function lowerOrder(lowering: Lowering, meta: EntityMetadata, orderBy: unknown): OrderNode[] {
  if (orderBy === undefined) return [];
  lowering.shape += '\0order';
  const parts: readonly unknown[] = Array.isArray(orderBy) ? orderBy : [orderBy];
  return parts.flatMap((part) => {
    if (typeof part !== 'object' || part === null)
      throw refuse(meta, 'orderBy takes objects of columns and directions');
    const keys = meta.embedded?.spread(meta.table, part, 'criteria') ?? part;
    const entries = Object.entries(keys).filter(([, direction]) => direction !== undefined);
    return entries.map(([property, direction]) => lowerOrderKey(lowering, meta, property, direction));
  });
}

function lowerOrderKey(lowering: Lowering, meta: EntityMetadata, property: string, direction: unknown): OrderNode {
  const column = orderColumn(meta, property);
  if (direction !== 'asc' && direction !== 'desc') {
    throw refuse(meta, `the order of '${property}' is neither 'asc' nor 'desc'`);
  }
  lowering.shape += `${column.index}${direction};`;
  return { kind: 'order', operand: orderedNode(columnNode(ROOT, column), column), direction };
}

function orderColumn(meta: EntityMetadata, property: string): ColumnMetadata {
  const column = meta.properties.get(property);
  if (column !== undefined && column.type.name !== 'json') return column;
  throw refuse(meta, `there is no column '${property.slice(0, 60)}' to order by`);
}

function lowerCount(
  lowering: Lowering,
  meta: EntityMetadata,
  name: 'limit' | 'offset',
  value: unknown,
): ExpressionNode | null {
  if (value === undefined) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw refuse(meta, `${name} must be a whole number, 0 or more`);
  }
  lowering.shape += `\0${name}`;
  return slot(lowering, value, { name: 'integer' });
}

function refuse(meta: EntityMetadata, problem: string): ValidationError {
  return invalid(meta.table, null, problem);
}

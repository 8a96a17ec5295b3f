import type { ExpressionNode, SelectNode, TableNode } from '../ast/query-node.ts';
import { Operator } from '../criteria/operator.ts';
import type { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import { decodeKey, encodeKey, keyParts, keyProperties } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { columnNode } from './lower-column.ts';
import { lowerFamily } from './lower-family.ts';
import { conjunction, type Lowering, nextAlias, ROOT, slot, UNBUILT } from './lowering.ts';

/** A relation that a criterion is about. */
export interface RelationPlace {
  readonly lowering: Lowering;
  readonly relation: RelationMetadata;
  readonly alias: string;
  readonly depth: number;
}

/** What an operator makes of a to-many relation. */
export type RelationLowering = (place: RelationPlace, operator: Operator) => ExpressionNode;

/** The condition that a criterion makes of a relation. */
export function lowerRelation(place: RelationPlace, criterion: unknown, certain: boolean): ExpressionNode {
  const { lowering, relation, alias, depth } = place;
  if (criterion === undefined) throw refuse(relation, 'a filter cannot be undefined; leave the property out');
  if (relation.kind === 'to-many' || relation.kind === 'link') {
    if (!Operator.is(criterion)) throw refuse(relation, 'a to-many relation takes some(…), every(…) or none(…)');
    const lower = Operator.meaningOf(criterion).relation as RelationLowering | undefined;
    if (lower !== undefined) return lower(place, criterion);
    throw refuse(relation, `the operator '${criterion.kind}' does not apply to a to-many relation`);
  }
  if (relation.kind === 'to-one') return lowerToOne(lowering, relation, alias, criterion, certain, depth);
  if (criterion === null) return exists(lowering, relation, alias, {}, true, false, depth);
  const where = isNested(lowering, criterion) ? criterion : keyCriteria(lowering, relation, criterion);
  return exists(lowering, relation, alias, where, false, false, depth);
}

function lowerToOne(
  lowering: Lowering,
  relation: RelationMetadata,
  alias: string,
  criterion: unknown,
  certain: boolean,
  depth: number,
): ExpressionNode {
  if (criterion === null) {
    lowering.shape += `${relation.property}\0n;`;
    if (!lowering.building) return UNBUILT;
    const missing = relation.columns.map(
      (column): ExpressionNode => ({ kind: 'null-test', operand: columnNode(alias, column), negated: false }),
    );
    // A foreign key of several columns refers to nothing as soon as one of them is NULL.
    return missing.length === 1 ? conjunction(missing) : { kind: 'logical', operator: 'or', operands: missing };
  }
  if (!isNested(lowering, criterion)) {
    lowering.shape += `${relation.property}\0k;`;
    const parts = keyParts(keyOf(lowering, relation, criterion));
    const operands = relation.columns.map((column, index): ExpressionNode => {
      const right = slot(lowering, parts[index] ?? null, column.type);
      return { kind: 'comparison', operator: '=', left: columnNode(alias, column), right };
    });
    return lowering.building ? conjunction(operands) : UNBUILT;
  }
  // Where a row may not be dropped by the join, EXISTS keeps the condition a plain true or false.
  if (!certain) return exists(lowering, relation, alias, criterion, false, false, depth);
  const target = nextAlias(lowering);
  if (alias === ROOT) lowering.joined.set(relation, target);
  lowering.shape += `${relation.property}\0{`;
  if (lowering.building) {
    const table: TableNode = { kind: 'table', name: relation.target.table, alias: target };
    lowering.joins.push({ kind: 'join', type: 'inner', table, on: joinCondition(relation, alias, target) });
  }
  const condition = lowering.lowerWhere(lowering, relation.target, target, criterion, certain, depth + 1);
  lowering.shape += '}';
  return condition;
}

/** The condition that ties a to-one relation's foreign key to the target's key. */
export function joinCondition(relation: RelationMetadata, alias: string, target: string): ExpressionNode {
  return equalColumns(alias, relation.columns, target, relation.target.root.primaryKey);
}

function equalColumns(
  leftAlias: string,
  left: readonly { readonly name: string }[],
  rightAlias: string,
  right: readonly { readonly name: string }[],
): ExpressionNode {
  const pairs = left.map(
    (column, index): ExpressionNode => ({
      kind: 'comparison',
      operator: '=',
      left: { kind: 'column', alias: leftAlias, name: column.name },
      right: { kind: 'column', alias: rightAlias, name: right[index]?.name ?? '' },
    }),
  );
  return conjunction(pairs);
}

/** `[NOT] EXISTS (related rows that meet, or with `inverted` do not meet, the criteria)`. */
export function exists(
  lowering: Lowering,
  relation: RelationMetadata,
  alias: string,
  where: unknown,
  negated: boolean,
  inverted: boolean,
  depth: number,
): ExpressionNode {
  const target = nextAlias(lowering);
  lowering.shape += `${relation.property}\0${negated ? '!' : ''}${inverted ? '~' : ''}[`;
  // Joins made inside belong to the sub-query.
  const inner: Lowering = { ...lowering, joins: [] };
  // A foreign key refers to rows of its class; rows that refer here may be of any class of the table.
  const family = relation.kind === 'to-one' ? [] : lowerFamily(inner, relation.target, target);
  const condition = lowering.lowerWhere(inner, relation.target, target, where, !inverted, depth + 1);
  lowering.shape = `${inner.shape}]`;
  lowering.aliases = inner.aliases;
  if (!lowering.building) return UNBUILT;
  const met: ExpressionNode = inverted ? { kind: 'not', operand: condition } : condition;
  const link = nextAlias(lowering);
  const query: SelectNode = {
    kind: 'select',
    columns: [{ kind: 'value', value: 1, type: { name: 'integer' } }],
    from: { kind: 'table', name: relation.target.table, alias: target },
    joins: [...linkJoin(relation, link, target), ...inner.joins],
    where: conjunction([tie(relation, alias, target, link), ...family, met]),
    orderBy: [],
    limit: null,
    offset: null,
  };
  return { kind: 'exists', query, negated };
}

/** The join of the link table, where there is one. */
export function linkJoin(relation: RelationMetadata, link: string, target: string): SelectNode['joins'] {
  if (relation.link === null) return [];
  const table: TableNode = { kind: 'table', name: relation.link.table, alias: link };
  const on = equalColumns(link, relation.link.targetColumns, target, relation.target.root.primaryKey);
  return [{ kind: 'join', type: 'inner', table, on }];
}

/** The condition that ties the rows at the other end of a relation, or those of its link table, to their owner. */
export function tie(relation: RelationMetadata, alias: string, target: string, link: string): ExpressionNode {
  const ownKey: readonly ColumnMetadata[] = relation.owner.root.primaryKey;
  if (relation.link !== null) return equalColumns(link, relation.link.ownColumns, alias, ownKey);
  if (relation.kind === 'to-one') return joinCondition(relation, alias, target);
  return equalColumns(target, relation.inverse?.columns ?? [], alias, ownKey);
}

// An entity or a key stands for the related row; any other plain object is criteria over it.
function isNested(lowering: Lowering, criterion: unknown): boolean {
  if (Operator.is(criterion)) return true;
  if (typeof criterion !== 'object' || criterion === null) return false;
  if (criterion instanceof Date || criterion instanceof Uint8Array) return false;
  return lowering.registry.of(criterion) === undefined;
}

function keyOf(lowering: Lowering, relation: RelationMetadata, criterion: unknown): ReturnType<typeof encodeKey> {
  const entity = typeof criterion === 'object' && criterion !== null ? lowering.registry.of(criterion) : undefined;
  if (entity === undefined) return encodeKey(relation.target, criterion);
  if (entity.root !== relation.target.root) {
    throw refuse(relation, `an entity of '${entity.table}' cannot be compared with one of '${relation.target.table}'`);
  }
  return encodeKey(relation.target, entityKey(entity, criterion as object));
}

/** The key of an entity as the application sees it, from its properties; undefined where a part is not known yet. */
export function entityKey(meta: EntityMetadata, entity: object): unknown {
  const read = (property: string): unknown => {
    const value: unknown = Reflect.get(entity, property);
    // What a relation shows in JSON is its key, and nothing where there is none.
    return meta.root.relations.has(property) ? (value as { toJSON(): unknown }).toJSON() : value;
  };
  const properties = keyProperties(meta);
  const [only] = properties;
  if (properties.length === 1 && only !== undefined) return read(only);
  const parts = properties.map((property) => [property, read(property)] as const);
  return parts.some(([, part]) => part === undefined) ? undefined : Object.fromEntries(parts);
}

function keyCriteria(lowering: Lowering, relation: RelationMetadata, criterion: unknown): Record<string, unknown> {
  const key = decodeKey(relation.target, keyOf(lowering, relation, criterion));
  const properties = keyProperties(relation.target);
  const [only] = properties;
  return properties.length === 1 && only !== undefined ? { [only]: key } : (key as Record<string, unknown>);
}

function refuse(relation: RelationMetadata, problem: string): ValidationError {
  const { table } = relation.owner;
  return invalid(table, relation.property, problem);
}

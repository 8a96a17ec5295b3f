import type { ExpressionNode } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';
import { invalid } from '../metadata/entity-error.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { columnNode } from '../query/lower-column.ts';
import { lowerFamily } from '../query/lower-family.ts';
import { joinCondition, tie } from '../query/lower-relation.ts';
import { conjunction, nextAlias } from '../query/lowering.ts';
import type { Source } from './level.ts';
import { type Level, type Place, placeOf } from './level.ts';
import type { Lowered } from './lowered.ts';

/** A field of a source: a column, an embedded value, a relation, or what lies behind one. Without a path the source itself. */
export interface Field {
  readonly source: Source;
  readonly path: readonly string[];
}

/** What a field is in one statement: a value, an entity, or a relation to many. */
export type Resolved =
  | { readonly kind: 'value'; readonly value: Lowered }
  | { readonly kind: 'entity'; readonly place: Place; readonly meta: EntityMetadata }
  | { readonly kind: 'many'; readonly place: Place; readonly relation: RelationMetadata };

/**
 * Finds what a field is, and joins what lies on the way there. Throws `validation` for a name that is no column and no
 * relation.
 */
export function resolve(level: Level, { source, path }: Field): Resolved {
  const start = placeOf(level, source);
  if (start.meta === null) return { kind: 'value', value: outputValue(start, path) };
  let place = start;
  for (let index = 0; index < path.length; index += 1) {
    const meta = place.meta as EntityMetadata;
    const rest = restOf(path, index);
    const column = meta.properties.get(rest);
    if (column !== undefined) return { kind: 'value', value: columnValue(place, meta, column) };
    const relation = meta.relations.get(path[index] as string);
    if (relation === undefined) {
      throw invalid(meta.table, null, `there is no column or relation '${rest.slice(0, 60)}' for a query`);
    }
    if (relation.kind === 'to-many' || relation.kind === 'link') {
      if (index === path.length - 1) return { kind: 'many', place, relation };
      throw invalid(
        meta.table,
        relation.property,
        'a relation to many is joined by join() before its columns are named',
      );
    }
    const key = foreignKeyOf(relation, restOf(path, index + 1));
    if (key !== null) return { kind: 'value', value: columnValue(place, meta, key) };
    place = follow(level, place, relation);
  }
  return { kind: 'entity', place, meta: place.meta as EntityMetadata };
}

/** The value of a field. Throws `validation` where it is an entity, or many. */
export function resolveValue(level: Level, field: Field): Lowered {
  const found = resolve(level, field);
  if (found.kind === 'value') return found.value;
  throw new ValidationError(
    `'${field.path.join('.') || field.source.label}' is a relation, which has no value; name one of its columns`,
  );
}

// The names from a place on as one: the property of a column may be a path itself, into an embedded value.
function restOf(path: readonly string[], from: number): string {
  return from === path.length - 1 ? (path[from] as string) : path.slice(from).join('.');
}

// The key of a related row stands in the row itself: nothing has to be joined for it.
function foreignKeyOf({ kind, columns, target }: RelationMetadata, property: string): ColumnMetadata | null {
  if (kind !== 'to-one') return null;
  const index = target.root.primaryKey.findIndex((key) => key.role === 'scalar' && key.property === property);
  return columns[index] ?? null;
}

function columnValue(place: Place, meta: EntityMetadata, column: ColumnMetadata): Lowered {
  const { alias, optional } = place;
  const nullable = optional || column.nullable;
  return {
    node: columnNode(alias, column),
    type: column.type,
    codec: column.codec,
    nullable,
    column: { meta, column, alias },
    units: null,
  };
}

function outputValue({ outputs, alias, optional }: Place, path: readonly string[]): Lowered {
  const name = path.join('.');
  const output = outputs.get(name);
  if (output === undefined) {
    throw new ValidationError(
      `the query in from() has no column '${name.slice(0, 60)}'; it has ${[...outputs.keys()].join(', ')}`,
    );
  }
  const { codec, type, nullable, units } = output;
  return {
    node: { kind: 'column', alias, name: output.name },
    type,
    codec,
    nullable: nullable || optional,
    column: null,
    units,
  };
}

/** Joins the row at the other end of a relation to one, unless it is joined already. */
function follow(level: Level, from: Place, relation: RelationMetadata): Place {
  const known = from.followed.get(relation);
  if (known !== undefined) return known;
  if (from.cannotFollow !== null) throw invalid(relation.owner.table, relation.property, from.cannotFollow);
  const alias = nextAlias(level.criteria);
  const meta = relation.target;
  const optional = from.optional || relation.nullable || relation.kind === 'inverse-one';
  const on: ExpressionNode[] =
    relation.kind === 'to-one'
      ? [joinCondition(relation, from.alias, alias)]
      : [tie(relation, from.alias, alias, alias), ...lowerFamily(level.criteria, meta, alias)];
  from.level.joins.push({
    kind: 'join',
    type: optional ? 'left' : 'inner',
    table: { kind: 'table', name: meta.table, alias },
    on: conjunction(on),
  });
  const place: Place = {
    level: from.level,
    alias,
    optional,
    meta,
    outputs: new Map(),
    followed: new Map(),
    cannotFollow: null,
  };
  from.followed.set(relation, place);
  return place;
}

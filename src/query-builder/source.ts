import type { ExpressionNode, SourceNode } from '../ast/query-node.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import { lowerFamily } from '../query/lower-family.ts';
import { nextAlias } from '../query/lowering.ts';
import { BuiltQuery } from './built-query.ts';
import type { Level, Place, Source } from './level.ts';

/** A source that stands behind FROM, or behind JOIN with a condition. */
export interface RowSource extends Source {
  /** Puts it into a query under a new alias. */
  enter(level: Level, options: EnterOptions): EnteredSource;
}

/** How a source is entered. */
export interface EnterOptions {
  /** Whether a row may be without it, because of an outer join. */
  readonly optional: boolean;
  /** Whether rows count that were removed and stay. */
  readonly withDeleted: boolean;
}

/** A source in one statement. */
export interface EnteredSource {
  readonly place: Place;
  readonly node: SourceNode;
  /** What holds of its rows: that they are of the class, and were not removed. */
  readonly conditions: readonly ExpressionNode[];
}

/** The rows of a table, as those of an entity class. */
export function entitySource(target: EntityClass): RowSource {
  const source: RowSource = {
    label: 'an entity',
    enter(level, { optional, withDeleted }) {
      const meta = level.criteria.registry.get(target);
      const alias = nextAlias(level.criteria);
      const place = enterPlace(level, source, { alias, optional, meta, outputs: new Map() });
      const conditions = lowerFamily(level.criteria, meta, alias, withDeleted);
      return { place, node: { kind: 'table', name: meta.table, alias }, conditions };
    },
  };
  return source;
}

/** The rows of a query. */
export function querySource(query: BuiltQuery<unknown>): RowSource {
  const source: RowSource = {
    label: 'a query',
    enter(level, { optional }) {
      // No engine lets a query behind FROM see what stands beside it, but for LATERAL, which not all have.
      const { node, outputs, isBare } = BuiltQuery.lower(query, { ...level, places: new Map() }, true);
      const alias = nextAlias(level.criteria);
      const place = enterPlace(level, source, { alias, optional, meta: null, outputs, isBare });
      return { place, node: { kind: 'derived', query: node, alias }, conditions: [] };
    },
  };
  return source;
}

/** Makes the place of a source, and lets the fields of the source find it. */
export function enterPlace(
  level: Level,
  source: Source,
  given: Omit<Place, 'level' | 'followed' | 'cannotFollow'>,
): Place {
  const place: Place = { ...given, level, followed: new Map(), cannotFollow: null };
  level.places.set(source, place);
  return place;
}

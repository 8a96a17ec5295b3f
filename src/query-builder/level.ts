import type { JoinNode, RecursionNode, SourceJoinNode } from '../ast/query-node.ts';
import type { QueryDialect } from '../compiler/query-dialect.ts';
import { queryDialectOf } from '../dialect/query-dialects.ts';
import { ValidationError } from '../errors.ts';
import type { EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Compiling } from '../query/find-plan.ts';
import { lowerWhere } from '../query/lower-where.ts';
import { createLowering, type Lowering } from '../query/lowering.ts';
import type { OutputColumn } from './output-column.ts';

/** Where the rows of a query come from. Each use in a query is an object of its own, which its fields refer to. */
export interface Source {
  /** What errors call it. */
  readonly label: string;
}

/** A join of any kind. */
export type AnyJoin = JoinNode | SourceJoinNode;

/** What a source of rows is in one statement. */
export interface Place {
  readonly level: Level;
  readonly alias: string;
  /** Whether a row may be without it, because of an outer join. */
  readonly optional: boolean;
  /** The entity whose table it is; null for the rows of a query. */
  readonly meta: EntityMetadata | null;
  /** The columns of the query that it is; empty for a table. */
  readonly outputs: ReadonlyMap<string, OutputColumn>;
  /** Whether a row of that query is a value and not an object. */
  readonly isBare?: boolean;
  /** The relations that were followed from here: each is joined once. */
  readonly followed: Map<RelationMetadata, Place>;
  /** Why nothing can be joined to it now; null where it can. */
  cannotFollow: string | null;
}

/** A recursion: its name and columns are known before its step. */
export interface OpenRecursion {
  readonly name: string;
  readonly outputs: ReadonlyMap<string, OutputColumn>;
  readonly isBare: boolean;
  /** Null as long as it is being made. */
  readonly node: RecursionNode | null;
}

/** The making of one SELECT; a query inside of another has its own. */
export interface Level {
  /** The state that criteria are lowered with. Values and the count of aliases are those of the whole statement. */
  readonly criteria: Lowering;
  readonly outer: Level | null;
  readonly words: QueryDialect;
  readonly places: Map<Source, Place>;
  readonly joins: AnyJoin[];
  /** The recursions that begin here, and what is known of those that are still being made. */
  readonly recursions: Map<object, OpenRecursion>;
  /** How many expressions are being made inside of each other. */
  depth: number;
}

/** Begins a statement. */
export function createStatement(registry: Registry, { dialect }: Compiling): Level {
  const joins: AnyJoin[] = [];
  const criteria = {
    ...createLowering(registry, dialect, lowerWhere, true, ''),
    joins: joins as JoinNode[],
    aliases: 0,
  };
  return {
    criteria,
    outer: null,
    words: queryDialectOf(dialect),
    places: new Map(),
    joins,
    recursions: new Map(),
    depth: 0,
  };
}

/** Runs `work` with a level inside of another; aliases go on counting. */
export function inside<R>(outer: Level, work: (level: Level) => R): R {
  const joins: AnyJoin[] = [];
  // The one object that counts is the one in use: it is handed on, and back.
  const criteria: Lowering = { ...outer.criteria, joins: joins as JoinNode[], joined: new Map() };
  const { words } = outer;
  const result = work({
    criteria,
    outer,
    words,
    places: new Map(),
    joins,
    recursions: new Map(),
    depth: outer.depth + 1,
  });
  outer.criteria.aliases = criteria.aliases;
  return result;
}

/** The place of a source, in this query or one around it. Throws `validation` where it is in none. */
export function placeOf(level: Level, source: Source): Place {
  for (let at: Level | null = level; at !== null; at = at.outer) {
    const place = at.places.get(source);
    if (place !== undefined) return place;
  }
  throw new ValidationError(
    `a field of ${source.label} stands in a query that it is neither in nor around; use the fields that the callback receives`,
  );
}

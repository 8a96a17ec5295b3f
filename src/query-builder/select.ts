import { queryCompiler } from '../compiler/compile-query.ts';
import type { Where } from '../criteria/entity-types.ts';
import { ValidationError } from '../errors.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Compiling, FindPlan } from '../query/find-plan.ts';
import type { QueryHost, Selection } from '../query/selection.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { BuiltQuery, type LoweredQuery } from './built-query.ts';
import { type Expression, isExpression, type Predicate } from './expression.ts';
import {
  type EntityMark,
  type Fields,
  fieldOf,
  fieldsOf,
  type Many,
  type OptionalFields,
  type RowFields,
} from './fields.ts';
import { afterKeys } from './keyset.ts';
import { createStatement, inside, type Level } from './level.ts';
import { lowerSelect } from './lower-select.ts';
import type { LoadRows, Projected, Projection } from './projection.ts';
import type { Filter, Join, SelectState } from './select-state.ts';
import type { SortKey } from './sort-key.ts';
import { sortKeys } from './sort-keys.ts';
import { entitySource, querySource, type RowSource } from './source.ts';
import { takenNow } from './taken-now.ts';

/** The statement of a query, and what its rows become. */
interface SelectionPlan<R> extends FindPlan {
  readonly read: (rows: readonly WireRow[], load: LoadRows) => R[];
}

/** Keys of an order, or of a grouping. */
type OneOrMore<T> = T | readonly T[];

/**
 * A query that is being built: immutable, each method gives a new one. `S` are the fields that callbacks receive, those of
 * the first source and of each join; `R` is a row of its result.
 */
export class Select<S extends readonly unknown[], R> extends BuiltQuery<R> implements Selection<R> {
  readonly #state: SelectState;
  #planned: { readonly registry: Registry; readonly plan: SelectionPlan<R> } | null = null;

  constructor(state: SelectState) {
    super();
    this.#state = state;
  }

  #with<T extends readonly unknown[], Q>(changes: Partial<SelectState>): Select<T, Q> {
    return new Select<T, Q>({ ...this.#state, ...changes });
  }

  #call<V>(method: string, callback: (...fields: S) => V): V {
    if (typeof callback !== 'function')
      throw new ValidationError(`${method} takes a callback that receives the fields`);
    return callback(...(this.#state.fields as unknown as S));
  }

  /**
   * Only the rows that meet a condition, and all conditions that were asked for before: criteria over the first entity, or
   * what a callback makes of the fields. Values are taken as they are now; only operators of criteria keep their lists. An
   * aggregate stands in {@link having}. SQL: `WHERE`.
   */
  where(
    condition: ((...fields: S) => Predicate) | (S[0] extends EntityMark<infer E> ? Where<E> : never),
  ): Select<S, R> {
    const filter: Filter =
      typeof condition === 'function'
        ? { expression: predicate('where()', this.#call('where()', condition as (...fields: S) => Predicate)) }
        : { criteria: takenNow(condition) };
    return this.#with({ filters: [...this.#state.filters, filter] });
  }

  /**
   * One row for each row at the other end of a relation to many, or of another source that meets a condition; further
   * callbacks receive its fields behind the others. Rows without any are left out; see {@link leftJoin}. A relation to one
   * needs no join: naming a column behind it joins it. Throws `validation` where the condition follows a relation of what is
   * joined: that belongs into {@link where}. SQL: `JOIN … ON …`.
   *
   * @example
   * ```ts
   * import { from } from 'meshestra/query';
   *
   * const tagged = from(Post)
   *   .join((post) => post.tags)
   *   .where((_, tag) => tag.name.eq('sql'))
   *   .select((post, tag) => ({ title: post.title, tag: tag.name }));
   * // SELECT "t0"."title", "t1"."name" FROM "posts" AS "t0" JOIN "post_tags" AS "t2" ON "t2"."posts_id" = "t0"."id"
   * // JOIN "tags" AS "t1" ON "t2"."tags_id" = "t1"."id" WHERE "t1"."name" = ?
   * ```
   */
  join<T extends object>(relation: (...fields: S) => Many<T>): Select<[...S, Fields<T>], R>;
  join<T extends object>(
    source: EntityClass<T>,
    on: (...fields: [...S, Fields<T>]) => Predicate,
  ): Select<[...S, Fields<T>], R>;
  join<Q>(source: BuiltQuery<Q>, on: (...fields: [...S, RowFields<Q>]) => Predicate): Select<[...S, RowFields<Q>], R>;
  join(what: unknown, on?: unknown): never {
    return this.#join('inner', what, on) as never;
  }

  /**
   * As {@link join}; a row without any stays, once, and its fields of the joined source are NULL. What is asked of the joined
   * rows stands in the condition: in {@link where} it drops the rows without any. SQL: `LEFT JOIN … ON …`.
   */
  leftJoin<T extends object>(relation: (...fields: S) => Many<T>): Select<[...S, OptionalFields<T>], R>;
  leftJoin<T extends object>(
    source: EntityClass<T>,
    on: (...fields: [...S, Fields<T>]) => Predicate,
  ): Select<[...S, OptionalFields<T>], R>;
  leftJoin<Q>(
    source: BuiltQuery<Q>,
    on: (...fields: [...S, RowFields<Q>]) => Predicate,
  ): Select<[...S, RowFields<Q, null>], R>;
  leftJoin(what: unknown, on?: unknown): never {
    return this.#join('left', what, on) as never;
  }

  #join(type: Join['type'], what: unknown, on: unknown): Select<never, R> {
    const { fields, joins } = this.#state;
    if (on === undefined && !isClass(what)) {
      const relation = fieldOf(this.#call('join()', what as (...given: S) => unknown));
      if (relation === undefined) throw new ValidationError('join() takes a callback that gives a relation to many');
      const source = { label: 'the other end of a relation' };
      return this.#with({ fields: [...fields, fieldsOf(source)], joins: [...joins, { type, source, relation }] });
    }
    if (typeof on !== 'function')
      throw new ValidationError('join() of a class or a query takes a condition, as a callback');
    const source = what instanceof BuiltQuery ? querySource(what) : entitySource(what as EntityClass);
    const all = [...fields, fieldsOf(source)];
    const condition = predicate('join()', (on as (...given: unknown[]) => unknown)(...all));
    return this.#with({ fields: all, joins: [...joins, { type, source, on: condition }] });
  }

  /**
   * What each row of the result is: an expression, an object of expressions (nested objects, too), or fields of an entity
   * for the entity itself, which is then managed by the EntityManager that runs the query, and null where a row has none. A
   * value of the application stands in `literal()`. A property cannot be called `__proto__`, nor have a dot in its name where
   * the query stands inside of another (`validation`).
   *
   * @example
   * ```ts
   * import { from } from 'meshestra/query';
   *
   * const rows = await em.all(
   *   from(Post).select((post) => ({ title: post.title, by: { name: post.author.name, editor: post.editor.name } })),
   * ); // { title: string; by: { name: string; editor: string | null } }[]
   * // SELECT "t0"."title", "t1"."name", "t2"."name" FROM "posts" AS "t0" JOIN "authors" AS "t1" ON
   * // "t0"."author_id" = "t1"."id" LEFT JOIN "authors" AS "t2" ON "t0"."editor_id" = "t2"."id"
   * ```
   */
  select<const P extends Projection>(projection: (...fields: S) => P): Select<S, Projected<P>> {
    const given: Projection | undefined = this.#call('select()', projection);
    if (given !== undefined && given !== null) return this.#with({ projection: given });
    throw new ValidationError('select() takes a callback that gives an expression, or an object of expressions');
  }

  /** Each different row of the result once. SQL: `SELECT DISTINCT`. */
  distinct(): Select<S, R> {
    return this.#with({ distinct: true });
  }

  /**
   * One row for each combination of values, behind what was asked for before. What is selected beside aggregates should be one
   * of the keys: of others PostgreSQL refuses the query (`driver`), and engines that do not take the value of any row. SQL:
   * `GROUP BY`.
   */
  groupBy(keys: (...fields: S) => OneOrMore<Expression<unknown>>): Select<S, R> {
    const given = list(this.#call('groupBy()', keys));
    for (const key of given) if (!isExpression(key)) throw new ValidationError('groupBy() takes expressions');
    return this.#with({ groupBy: [...this.#state.groupBy, ...given] });
  }

  /** Only the groups that meet a condition, and all that were asked for before, such as `count().gt(3)`. SQL: `HAVING`. */
  having(condition: (...fields: S) => Predicate): Select<S, R> {
    return this.#with({ having: [...this.#state.having, predicate('having()', this.#call('having()', condition))] });
  }

  /**
   * The order of the rows, behind what was asked for before; an expression alone is ascending. Where NULL stands is the
   * engine's unless the key says it: `post.publishedAt.desc({ nulls: 'last' })`. SQL: `ORDER BY`.
   */
  orderBy(keys: (...fields: S) => OneOrMore<SortKey | Expression<unknown>>): Select<S, R> {
    return this.#with({ orderBy: [...this.#state.orderBy, ...sortKeys('orderBy()', this.#call('orderBy()', keys))] });
  }

  /**
   * Only the rows behind one, whose values of the order's keys are given: the next page, found by an index and not by
   * counting. The keys should tell all rows apart, and must not be NULL (`validation`). What {@link orderBy} adds afterwards
   * does not count.
   *
   * @example
   * ```ts
   * import { from } from 'meshestra/query';
   *
   * const page = from(Post)
   *   .orderBy((post) => [post.title, post.id])
   *   .limit(20);
   * const next = await em.all(page.after(['Notes', 7])); // the title and the id of the last row of the page before
   * // … WHERE ("t0"."title" > ?) OR ("t0"."title" = ? AND "t0"."id" > ?) ORDER BY "t0"."title", "t0"."id" LIMIT ?
   * ```
   */
  after(values: readonly unknown[]): Select<S, R> {
    const { orderBy, filters } = this.#state;
    return this.#with({ filters: [...filters, { expression: afterKeys(orderBy, values) }] });
  }

  /** Most rows to return: a whole number, 0 or more. SQL: `LIMIT`. */
  limit(count: number): Select<S, R> {
    return this.#with({ limit: whole('limit()', count) });
  }

  /** Rows to leave out at the beginning: a whole number, 0 or more. SQL: `OFFSET`. */
  offset(count: number): Select<S, R> {
    return this.#with({ offset: whole('offset()', count) });
  }

  /** Also rows that were removed and stay, of all sources but the queries among them: see `softDelete()`. */
  withDeleted(): Select<S, R> {
    return this.#with({ withDeleted: true });
  }

  protected lower(outer: Level, named: boolean): LoweredQuery {
    const { node, outputs, isBare } = inside(outer, (level) => lowerSelect(level, this.#state, named));
    if (outputs !== null) return { node, outputs, isBare };
    if (!named) return { node, outputs: new Map(), isBare };
    throw new ValidationError('a query inside of another selects values: say which by select()');
  }

  /** See {@link Selection}. */
  async read({ session, unit, limits }: QueryHost): Promise<R[]> {
    const plan = this.plan(unit.context.registry, session);
    const { rows } = await session.run(plan.compiled, plan.values, limits.signal);
    return plan.read(rows, (meta, all, offset) => unit.load(meta, all, offset));
  }

  /** See {@link Selection}. */
  tables(registry: Registry, session: Compiling): readonly string[] {
    return this.plan(registry, session).compiled.reads;
  }

  /** The statement for a database, and what its rows become; made once for each database. */
  plan(registry: Registry, session: Compiling): SelectionPlan<R> {
    const known = this.#planned;
    if (known?.registry === registry) return known.plan;
    const level = createStatement(registry, session);
    const { node, read } = lowerSelect(level, this.#state, false);
    const plan: SelectionPlan<R> = {
      compiled: queryCompiler(level.words)(node, session.dialect),
      values: level.criteria.values,
      read: read as SelectionPlan<R>['read'],
    };
    this.#planned = { registry, plan };
    return plan;
  }
}

/**
 * Begins a query over the rows of an entity, or of another query. `em.all(query)` runs it; `db.live(query)` keeps its result
 * up to date. Without `select()` its rows are the entities, managed as those of `em.find`.
 *
 * @example
 * ```ts
 * import { Entity, integer, manyToOne, text } from 'meshestra';
 * import { count, from } from 'meshestra/query';
 *
 * class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
 * class Post extends Entity('posts', { id: integer().primaryKey().generated(), views: integer() }) {
 *   author = manyToOne(() => Author);
 * }
 * const busy = from(Post)
 *   .where((post) => post.views.gt(100))
 *   .groupBy((post) => post.author.name)
 *   .select((post) => ({ author: post.author.name, posts: count() }));
 * // SELECT "t1"."name", COUNT(*) FROM "posts" AS "t0" JOIN "authors" AS "t1" ON "t0"."author_id" = "t1"."id"
 * // WHERE "t0"."views" > ? GROUP BY "t1"."name"
 * ```
 */
export function from<T extends object>(target: EntityClass<T>): Select<[Fields<T>], T>;
export function from<Q>(query: BuiltQuery<Q>): Select<[RowFields<Q>], Q>;
export function from(what: EntityClass | BuiltQuery<unknown>): unknown {
  if (!(what instanceof BuiltQuery)) return begin(entitySource(what), null);
  return begin(querySource(what), null);
}

/** A query over a source, without any clause. */
export function begin<S extends readonly unknown[], R>(source: RowSource, projection: Projection | null): Select<S, R> {
  return new Select<S, R>({
    source,
    fields: [fieldsOf(source)],
    joins: [],
    filters: [],
    projection,
    distinct: false,
    groupBy: [],
    having: [],
    orderBy: [],
    limit: null,
    offset: null,
    withDeleted: false,
  });
}

function list<T>(given: OneOrMore<T>): readonly T[] {
  return Array.isArray(given) ? (given as readonly T[]) : [given as T];
}

function predicate(method: string, given: unknown): Predicate {
  if (isExpression(given)) return given as Predicate;
  throw new ValidationError(`${method} takes a callback that gives a condition, such as post.views.gt(3)`);
}

// What a class lacks that a function has.
function isClass(what: unknown): boolean {
  return typeof what === 'function' && Object.getOwnPropertyDescriptor(what, 'prototype')?.writable === false;
}

function whole(method: string, count: unknown): number {
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new ValidationError(`${method} takes a whole number, 0 or more`);
}

import type { ExpressionNode } from '../ast/query-node.ts';
import type { AssignmentNode, BulkUpdateNode, DeleteNode } from '../ast/write-node.ts';
import { queryCompiler } from '../compiler/compile-query.ts';
import type { EmbeddedAs } from '../criteria/embedded-types.ts';
import type {
  ColumnKeys,
  Given,
  KeyOf,
  RelationKeys,
  RelationMark,
  TargetOf,
  Where,
} from '../criteria/entity-types.ts';
import { Operator } from '../criteria/operator.ts';
import { ValidationError } from '../errors.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import { invalid } from '../metadata/entity-error.ts';
import { encodeColumn, encodeKey, keyParts, refuseComputed } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import type { Registry } from '../metadata/registry.ts';
import type { Compiling, FindPlan } from '../query/find-plan.ts';
import { lowerWhere } from '../query/lower-where.ts';
import { conjunction } from '../query/lowering.ts';
import type { BulkWrite, QueryHost } from '../query/selection.ts';
import type { ResultSet } from '../wire/result-set.ts';
import type { WireValue } from '../wire/wire-value.ts';
import { INTEGER } from './computed-type.ts';
import { holdsForEveryRow } from './every-row.ts';
import { type Expression, isExpression, lowerOf, type Predicate } from './expression.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { createStatement, type Level, type Place } from './level.ts';
import { conditionNode } from './lower-logical.ts';
import { readable, takeValue } from './lowered.ts';
import type { Filter } from './select-state.ts';
import { entitySource, type RowSource } from './source.ts';
import { takenNow } from './taken-now.ts';

/**
 * What `set()` takes: new values, or expressions over the row as it was; a relation to one by the key, an embedded value as a
 * whole.
 */
export type Assignments<T> = {
  readonly [K in ColumnKeys<T> & keyof T]?: Assigned<Exclude<T[K], undefined>>;
} & {
  readonly [K in RelationKeys<T> & keyof T]?: T[K] extends RelationMark<'many'>
    ? never
    : KeyOf<TargetOf<T[K]>> | (T[K] extends RelationMark<'one'> ? never : null);
};

type Assigned<V> = Given<V> | ([EmbeddedAs<V>] extends [never] ? Expression<V> | Expression<NonNullable<V>> : never);

const NO_JOINS = 'a write of many rows joins nothing; use criteria over the relation, or exists()';

/** Many rows at once: immutable, each method gives a new one. `em.execute(write)` runs it. */
abstract class Bulk<T extends object> implements BulkWrite {
  protected readonly source: RowSource;
  protected readonly fields: Fields<T>;
  protected readonly filters: readonly Filter[];

  constructor(source: RowSource, filters: readonly Filter[]) {
    this.source = source;
    this.fields = fieldsOf(source) as Fields<T>;
    this.filters = filters;
  }

  /** See {@link BulkWrite}. */
  async write({ session, unit, limits }: QueryHost): Promise<ResultSet> {
    const { compiled, values } = this.plan(unit.context.registry, session, session.driver.clock.now());
    return session.run(compiled, values, limits.signal);
  }

  /** The statement for a database; `now` is the present instant in milliseconds. */
  plan(registry: Registry, session: Compiling, now: number): FindPlan {
    const level = createStatement(registry, session);
    const { place, conditions } = this.source.enter(level, { optional: false, withDeleted: false });
    const meta = { ...place, cannotFollow: NO_JOINS };
    level.places.set(this.source, meta);
    const node = this.node(level, meta, now, this.#where(level, meta, conditions));
    return { compiled: queryCompiler(level.words)(node, session.dialect), values: level.criteria.values };
  }

  protected abstract node(level: Level, place: Place, now: number, where: ExpressionNode): BulkUpdateNode | DeleteNode;

  #where(level: Level, { meta, alias }: Place, conditions: readonly ExpressionNode[]): ExpressionNode {
    if (this.filters.length === 0) {
      throw new ValidationError(
        'a write of many rows needs where(); where(all()) of the criteria says that every row is meant',
      );
    }
    const filters = this.filters.map((filter) =>
      'expression' in filter
        ? conditionNode(level, lowerOf(filter.expression))
        : lowerWhere(level.criteria, meta as EntityMetadata, alias, filter.criteria, false, 0),
    );
    if (filters.every(holdsForEveryRow) && !this.filters.some(saysAll)) {
      throw new ValidationError('where() names no condition, and so would write every row; say so by where(all())');
    }
    return conjunction([...filters, ...conditions]);
  }

  protected filter(condition: unknown): readonly Filter[] {
    if (typeof condition !== 'function') return [...this.filters, { criteria: takenNow(condition) }];
    const expression: unknown = condition(this.fields);
    if (!isExpression(expression)) throw new ValidationError('where() takes a callback that gives a condition');
    return [...this.filters, { expression: expression as Predicate }];
  }
}

function saysAll(filter: Filter): boolean {
  return 'criteria' in filter && Operator.is(filter.criteria) && filter.criteria.kind === 'all';
}

/** See {@link update}. */
class BulkUpdate<T extends object> extends Bulk<T> {
  readonly #assignments: Readonly<Record<string, unknown>>;

  constructor(source: RowSource, filters: readonly Filter[], assignments: Readonly<Record<string, unknown>>) {
    super(source, filters);
    this.#assignments = assignments;
  }

  /**
   * What becomes of each row: values, or what a callback makes of its fields as they were. An embedded value is replaced as a
   * whole; undefined stands for nothing. Later calls add to earlier ones.
   */
  set(assignments: Assignments<T> | ((fields: Fields<T>) => Assignments<T>)): BulkUpdate<T> {
    const given = typeof assignments === 'function' ? assignments(this.fields) : assignments;
    const taken = Object.entries(given ?? {}).map(([property, value]) => [property, takenNow(value)] as const);
    return new BulkUpdate<T>(this.source, this.filters, { ...this.#assignments, ...Object.fromEntries(taken) });
  }

  /** Only the rows that meet a condition, and all conditions that were asked for before. */
  where(condition: Where<T> | ((fields: Fields<T>) => Predicate)): BulkUpdate<T> {
    return new BulkUpdate<T>(this.source, this.filter(condition), this.#assignments);
  }

  protected node(level: Level, place: Place, now: number, where: ExpressionNode): BulkUpdateNode {
    const meta = place.meta as EntityMetadata;
    const flat = meta.embedded?.spread(meta.table, this.#assignments, 'values') ?? this.#assignments;
    const given = Object.entries(flat).filter(([, value]) => value !== undefined);
    if (given.length === 0) throw invalid(meta.table, null, 'update() needs set() with at least one value');
    const set = given.flatMap(([property, value]) => assign(level, meta, property, value));
    const follows = following(level, place, now).filter(({ column }) => set.every((own) => own.column !== column));
    return { kind: 'bulk-update', table: meta.table, alias: place.alias, set: [...set, ...follows], where };
  }
}

/** See {@link deleteFrom}. */
class BulkDelete<T extends object> extends Bulk<T> {
  readonly #purge: boolean;

  constructor(source: RowSource, filters: readonly Filter[], purge: boolean) {
    super(source, filters);
    this.#purge = purge;
  }

  /** Only the rows that meet a condition, and all conditions that were asked for before. */
  where(condition: Where<T> | ((fields: Fields<T>) => Predicate)): BulkDelete<T> {
    return new BulkDelete<T>(this.source, this.filter(condition), this.#purge);
  }

  protected node(level: Level, place: Place, now: number, where: ExpressionNode): BulkUpdateNode | DeleteNode {
    const meta = place.meta as EntityMetadata;
    const { softDelete, table } = meta.root;
    if (softDelete === null || this.#purge) return { kind: 'delete', table, alias: place.alias, where };
    const removed = parameter(level, softDelete.column, encodeColumn(meta, softDelete.column, new Date(now)));
    const set = [{ kind: 'assignment', column: softDelete.column.name, value: removed } as const];
    return { kind: 'bulk-update', table, alias: place.alias, set: [...set, ...following(level, place, now)], where };
  }
}

export type { BulkDelete, BulkUpdate };

/**
 * Changes many rows by one statement, without loading them. It goes past the unit of work: entities that are in memory stay
 * as they are (`em.refresh`), and no hook and no check runs. Versions are counted up, so that whoever loaded a row before
 * is told that it is stale. `em.execute(update(…))` runs it and gives `affectedRows`. Throws `validation` without a condition in
 * `where()`, where `all()` says that every row is meant, and for a key, a column that the database computes, and a condition
 * over the columns of a relation (criteria and `exists()` may have one). SQLite stores no computed decimal.
 *
 * MySQL reads a column that was set before in the same statement as its new value.
 *
 * @example
 * ```ts
 * import { Entity, integer, text } from 'meshestra';
 * import { update } from 'meshestra/query';
 *
 * class Post extends Entity('posts', { id: integer().primaryKey().generated(), title: text(), views: integer() }) {}
 * const write = update(Post)
 *   .set((post) => ({ views: post.views.plus(1) }))
 *   .where({ title: 'Notes' });
 * // UPDATE "posts" AS "t0" SET "views" = "t0"."views" + ? WHERE "t0"."title" = ?
 * ```
 */
export function update<T extends object>(target: EntityClass<T>): BulkUpdate<T> {
  return new BulkUpdate<T>(entitySource(target), [], {});
}

/** How rows are deleted. */
export interface DeleteOptions {
  /** Whether rows that would be removed and stay (see `softDelete()`) are deleted for good. */
  readonly purge?: boolean;
}

/**
 * Deletes many rows by one statement, without loading them; rows of an entity with `softDelete()` are marked, unless `purge` is
 * asked for. It goes past the unit of work as {@link update} does; what refers to the rows is the database's affair. Throws
 * `validation` without a condition in `where()`, where `all()` says that every row is meant.
 *
 * @example
 * ```ts
 * import { deleteFrom } from 'meshestra/query';
 *
 * const { affectedRows } = await em.execute(deleteFrom(Post).where({ author: { name: 'Ada' } }));
 * // DELETE FROM "posts" AS "t0" WHERE EXISTS (SELECT ? FROM "authors" AS "t1" WHERE "t0"."author_id" = "t1"."id" AND
 * // "t1"."name" = ?)
 * ```
 */
export function deleteFrom<T extends object>(target: EntityClass<T>, options?: DeleteOptions): BulkDelete<T> {
  return new BulkDelete<T>(entitySource(target), [], options?.purge === true);
}

function assign(level: Level, meta: EntityMetadata, property: string, value: unknown): AssignmentNode[] {
  const column = meta.properties.get(property);
  if (column !== undefined)
    return [{ kind: 'assignment', column: column.name, value: assigned(level, meta, column, value) }];
  const relation = meta.relations.get(property);
  if (relation?.kind === 'to-one') return assignKey(level, meta, relation, value);
  throw invalid(meta.table, null, `there is no column and no relation to one '${property.slice(0, 60)}' to set`);
}

function assigned(level: Level, meta: EntityMetadata, column: ColumnMetadata, value: unknown): ExpressionNode {
  refuseComputed(meta, column);
  if (column.primary) throw invalid(meta.table, column.property, 'a key cannot be changed by update()');
  if (!isExpression(value)) {
    if (value === null && !column.nullable) throw invalid(meta.table, column.property, 'it cannot be null');
    return parameter(level, column, value === null ? null : encodeColumn(meta, column, value));
  }
  const lowered = lowerOf(value)(level);
  if (lowered.units === null && lowered.type.name === column.type.name) return readable(lowered);
  if (isNumber(lowered.type.name) && isNumber(column.type.name) && lowered.units === null) return readable(lowered);
  const what = lowered.units === null ? `a value of the type '${lowered.type.name}'` : 'a computed decimal';
  throw invalid(
    meta.table,
    column.property,
    `${what} cannot be stored in a column of the type '${column.type.name}' by update()`,
  );
}

function isNumber(name: string): boolean {
  return name === 'integer' || name === 'bigint' || name === 'float';
}

function assignKey(level: Level, meta: EntityMetadata, relation: RelationMetadata, key: unknown): AssignmentNode[] {
  if (key === null && !relation.nullable) throw invalid(meta.table, relation.property, 'it cannot be null');
  const parts = key === null ? [] : keyParts(encodeKey(relation.target, key));
  return relation.columns.map((column, index) => {
    if (column.primary) throw invalid(meta.table, relation.property, 'a key cannot be changed by update()');
    return { kind: 'assignment', column: column.name, value: parameter(level, column, parts[index] ?? null) };
  });
}

/** What changes along with every update of a row: the version, and instants of the last update. */
function following(level: Level, { meta, alias }: Place, now: number): AssignmentNode[] {
  const entity = meta as EntityMetadata;
  return entity.root.follows.flatMap((column): AssignmentNode[] => {
    const isCounter = column.version && column.type.name !== 'datetime';
    if (isCounter) return [{ kind: 'assignment', column: column.name, value: nextVersion(level, column, alias) }];
    if (!column.version && !column.onUpdateNow) return [];
    const instant = parameter(level, column, encodeColumn(entity, column, new Date(now)));
    return [{ kind: 'assignment', column: column.name, value: instant }];
  });
}

function nextVersion(level: Level, { name }: ColumnMetadata, alias: string): ExpressionNode {
  const one = { kind: 'parameter', index: takeValue(level, 1), type: INTEGER } as const;
  return { kind: 'arithmetic', operator: '+', left: { kind: 'column', alias, name }, right: one };
}

function parameter(level: Level, { type }: ColumnMetadata, wire: WireValue): ExpressionNode {
  return { kind: 'slot', index: takeValue(level, wire), type };
}

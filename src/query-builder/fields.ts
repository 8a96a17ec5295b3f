import type { EmbeddedAs } from '../criteria/embedded-types.ts';
import type { Collection, ColumnKeys, OptionalRef, Ref, RelationKeys, RelationMark } from '../criteria/entity-types.ts';
import { ValidationError } from '../errors.ts';
import { Expression, LOWER, type MethodName } from './expression.ts';
import type { Source } from './level.ts';
import { type Field, resolveValue } from './resolve-path.ts';

declare const ENTITY: unique symbol;
declare const MANY: unique symbol;

/** Carries the entity that fields belong to; `null` is part of it where a row may be without one. */
export interface EntityMark<E> {
  readonly [ENTITY]: E;
}

/** A relation to many, which `join()` takes. */
export interface Many<T extends object> {
  readonly [MANY]: T;
}

/**
 * The fields of an entity in a query: a column is an expression, a relation to one the fields of the related row (which is
 * joined where one of them is used; its key needs no join), a relation to many what `join()` takes.
 */
export type Fields<T extends object> = EntityFields<T, never, never>;

/** The same where a row may be without the entity. */
export type OptionalFields<T extends object> = EntityFields<T, null, never>;

// `N` is null where a row may be without, `X` are names that are methods of expressions.
type EntityFields<T extends object, N, X> = EntityMark<T | N> & {
  readonly [K in Exclude<ColumnKeys<T> & keyof T, X>]: ColumnField<T[K], N>;
} & {
  readonly [K in Exclude<RelationKeys<T> & keyof T, X>]: RelationField<T[K], N>;
};

type ColumnField<V, N> = [EmbeddedAs<V>] extends [never]
  ? Expression<Exclude<V, undefined> | N>
  : 'json' extends EmbeddedAs<V>
    ? Expression<V | N>
    : EmbeddedFields<NonNullable<V>, N | Extract<V, null>>;

type EmbeddedFields<V, N> = { readonly [K in Exclude<ColumnKeys<V> & keyof V, MethodName>]: ColumnField<V[K], N> };

type RelationField<R, N> =
  R extends RelationMark<'many'>
    ? R extends Collection<infer T>
      ? Many<T>
      : never
    : R extends RelationMark<'one?'>
      ? R extends OptionalRef<infer T>
        ? EntityFields<T, null, MethodName>
        : never
      : R extends Ref<infer T>
        ? EntityFields<T, N, MethodName>
        : never;

/**
 * The fields of a query's rows; nested objects are nested here, and a row that is a value is called `value`. `N` is null where
 * there may be no row.
 */
export type RowFields<R, N = never> = [R] extends [Scalar]
  ? { readonly value: Expression<R | N> }
  : NestedFields<R, N, never>;

type NestedFields<R, N, X> = {
  readonly [K in Exclude<keyof R, X>]: [R[K]] extends [Scalar]
    ? Expression<R[K] | N>
    : R[K] extends object
      ? NestedFields<R[K], N, MethodName>
      : Expression<R[K] | N>;
};

type Scalar = string | number | bigint | boolean | Date | Uint8Array | readonly unknown[] | null;

/** Where fields say which they are. */
const FIELD: unique symbol = Symbol('field');

/** Which field it is; undefined for everything that is none. */
export function fieldOf(value: unknown): Field | undefined {
  return typeof value === 'object' && value !== null && FIELD in value
    ? (value as { readonly [FIELD]: Field })[FIELD]
    : undefined;
}

/**
 * The fields of a source. Which there are, only the registry knows, and a query is built before there is one: a field is
 * made where it is named, and found when the query is planned.
 */
export function fieldsOf(source: Source): unknown {
  return new Proxy({}, new FieldHandler({ source, path: [] }));
}

/** A field as what it can be: an expression, and the fields behind it. */
export function fieldAt(field: Field): unknown {
  return new Proxy(new Expression((level) => resolveValue(level, field)), new FieldHandler(field));
}

class FieldHandler implements ProxyHandler<object> {
  readonly #field: Field;

  constructor(field: Field) {
    this.#field = field;
  }

  get(target: object, name: string | symbol): unknown {
    if (name === FIELD) return this.#field;
    if (typeof name === 'symbol')
      return name === LOWER || name === Symbol.toPrimitive ? Reflect.get(target, name) : undefined;
    if (target instanceof Expression && Object.hasOwn(Expression.prototype, name)) {
      const method: unknown = Reflect.get(Expression.prototype, name);
      if (typeof method === 'function') return method.bind(target);
    }
    return fieldAt(nested(this.#field, name));
  }

  has(target: object, name: string | symbol): boolean {
    return name === FIELD || (name === LOWER && Reflect.has(target, name));
  }
}

function nested({ source, path }: Field, name: string): Field {
  return { source, path: [...path, name] };
}

/**
 * The field of a relation or an embedded value by its name, for a column that is called like a method of expressions
 * (`in`, `like`, `not` …), which `post.author.like` would be taken for.
 *
 * @example
 * ```ts
 * import { Entity, integer, manyToOne, text } from 'meshestra';
 * import { field, from } from 'meshestra/query';
 *
 * class Vote extends Entity('votes', { id: integer().primaryKey().generated(), like: text() }) {}
 * class Entry extends Entity('entries', { id: integer().primaryKey().generated() }) {
 *   vote = manyToOne(() => Vote);
 * }
 * from(Entry).select((entry) => ({ like: field<string>(entry.vote, 'like') }));
 * // SELECT "t1"."like" FROM "entries" AS "t0" JOIN "votes" AS "t1" ON "t0"."vote_id" = "t1"."id"
 * ```
 */
export function field<V>(of: object, name: string): Expression<V> {
  const parent = fieldOf(of);
  if (parent === undefined) throw new ValidationError('field() takes the fields of an entity, or of a part of one');
  return fieldAt(nested(parent, String(name))) as Expression<V>;
}

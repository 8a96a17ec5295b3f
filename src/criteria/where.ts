import type { ColumnKeys, KeyOf, RelationKeys } from './entity-types.ts';
import type { Condition, Op } from './operator.ts';
import type { Collection, OptionalRef, Ref } from './relation-types.ts';

// A JSON column takes eq() only: a bare object would be ambiguous with criteria.
type Scalar<V> = V extends string | number | bigint | boolean | Date | Uint8Array | null ? V : never;

type WhereRelation<R> =
  R extends Collection<infer T>
    ? Op<Collection<T>>
    : R extends OptionalRef<infer T>
      ? T | KeyOf<T> | null | Where<T>
      : R extends Ref<infer T>
        ? T | KeyOf<T> | Where<T>
        : never;

/**
 * Criteria over an entity: an object of properties, all of which must hold, or a condition made by `and`, `or`, `not`,
 * `all`. A column takes a value or an operator, a to-one relation an entity, its key, `null` or nested criteria, a
 * to-many relation `some`, `every` or `none`.
 */
export type Where<T> =
  | Condition<T>
  | ({ [K in ColumnKeys<T> & keyof T]?: Scalar<T[K]> | Op<NonNullable<T[K]>> | Op<never> } & {
      [K in RelationKeys<T> & keyof T]?: WhereRelation<T[K]>;
    });

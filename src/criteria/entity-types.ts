import type { Columns, IsOptional, IsPrimary, ValueOf } from '../codec/column.ts';
import type {
  Collection,
  InKey,
  LoadedCollection,
  LoadedOptionalRef,
  LoadedRef,
  OptionalRef,
  Ref,
  RelationMark,
  TargetOf,
} from './relation-types.ts';

declare const SHAPE: unique symbol;
declare const KEY: unique symbol;

/** Carries the column definitions an instance was made from; there for the compiler only. */
export interface Shaped<D extends Columns> {
  readonly [SHAPE]: D;
}

/** Carries the key type of a class in the decorated form whose key is not a property `id`. */
export interface Keyed<K> {
  readonly [KEY]?: K;
}

/** Marks a property of the decorated form that the database, or a default, fills: `create` may leave it out. */
export type Generated<T> = T & { readonly [KEY]?: 'generated' };

type AnyRelation = RelationMark<'one' | 'one?' | 'many'>;

/** The properties of an entity that its columns make. */
export type Row<D extends Columns> = { -readonly [K in keyof D]: ValueOf<D[K]> };

type OptionalKeys<D> = { [K in keyof D]: IsOptional<D[K]> extends true ? K : never }[keyof D];
type PrimaryKeys<D> = { [K in keyof D]: IsPrimary<D[K]> extends true ? K : never }[keyof D];

/** What a new entity must, and may, be given for its columns. */
export type Insertable<D extends Columns> = { [K in Exclude<keyof D, OptionalKeys<D>>]: ValueOf<D[K]> } & {
  [K in OptionalKeys<D>]?: ValueOf<D[K]>;
};

/** The properties of an entity that columns stand behind. */
export type ColumnKeys<T> =
  T extends Shaped<infer D>
    ? keyof D & string
    : {
        [K in keyof T]-?: K extends symbol
          ? never
          : NonNullable<T[K]> extends AnyRelation
            ? never
            : // A method is no column, whatever it takes and returns.
              T[K] extends (...args: never[]) => unknown
              ? never
              : K;
      }[keyof T] &
        string;

/** The properties of an entity that are relations. */
export type RelationKeys<T> = { [K in keyof T]-?: T[K] extends AnyRelation ? K : never }[keyof T] & string;

type KeyRelations<T> = { [K in keyof T]-?: T[K] extends InKey ? K : never }[keyof T] & string;
type RelatedKey<R> = R extends AnyRelation ? KeyOf<TargetOf<R>> : never;
type IsUnion<T, U = T> = [T] extends [never] ? false : T extends unknown ? ([U] extends [T] ? false : true) : false;
type KeyParts<T> = T extends Shaped<infer D> ? (PrimaryKeys<D> & string) | KeyRelations<T> : never;
type KeyPart<T, K> =
  T extends Shaped<infer D>
    ? K extends keyof D
      ? ValueOf<D[K]>
      : K extends keyof T
        ? RelatedKey<T[K]>
        : never
    : never;

/** The type of an entity's key: the value of a single column, or an object of them for a composite key. */
export type KeyOf<T> =
  T extends Keyed<infer K extends NonNullable<unknown>>
    ? K
    : T extends Shaped<Columns>
      ? IsUnion<KeyParts<T>> extends true
        ? { readonly [K in KeyParts<T>]: KeyPart<T, K> }
        : KeyPart<T, KeyParts<T>>
      : T extends { id: infer I }
        ? I
        : unknown;

type Head<P extends string> = P extends `${infer H}.${string}` ? H : P;
type Tail<P extends string, K extends string> = P extends `${K}.${infer R}` ? R : never;
type LoadedRelation<R, P extends string> =
  R extends Collection<infer T>
    ? LoadedCollection<Loaded<T, P>>
    : R extends Ref<infer T>
      ? LoadedRef<Loaded<T, P>>
      : R extends OptionalRef<infer T>
        ? LoadedOptionalRef<Loaded<T, P>>
        : R;

/** An entity whose relations along the paths `P` are in memory for sure. */
export type Loaded<T extends object, P extends string> = [P] extends [never]
  ? T
  : T & { [K in keyof T as K extends Head<P> ? K : never]: LoadedRelation<T[K], Tail<P, K & string>> };

type Depth = [never, 0, 1, 2, 3];

/** The paths of relations that may be populated, up to four levels deep. */
export type Path<T, D extends number = 3> = [D] extends [never]
  ? never
  : { [K in RelationKeys<T>]: K | `${K}.${Path<TargetOf<T[K]>, Depth[D]>}` }[RelationKeys<T>];

type CreateScalars<T> =
  T extends Shaped<infer D>
    ? Insertable<D>
    : { [K in Exclude<ColumnKeys<T>, OptionalProperties<T>> & keyof T]: T[K] } & {
        [K in OptionalProperties<T> & keyof T]?: T[K];
      };

// In the decorated form, what may be NULL or is marked Generated may be left out.
type OptionalProperties<T> = {
  [K in ColumnKeys<T> & keyof T]: null extends T[K] ? K : T[K] extends Generated<unknown> ? MarkedKey<T, K> : never;
}[ColumnKeys<T> & keyof T];
type MarkedKey<T, K extends keyof T> = T[K] extends { readonly [KEY]?: 'generated' }
  ? typeof KEY extends keyof T[K]
    ? K
    : never
  : never;

/** What `em.create` takes: the columns, and the relations as entities; a to-one relation also as the related key. */
export type CreateData<T> = CreateScalars<T> & {
  [K in RelationKeys<T> & keyof T as T[K] extends RelationMark<'one'> ? K : never]:
    | TargetOf<T[K]>
    | KeyOf<TargetOf<T[K]>>;
} & {
  [K in RelationKeys<T> & keyof T as T[K] extends RelationMark<'one'> ? never : K]?: T[K] extends RelationMark<'many'>
    ? readonly TargetOf<T[K]>[]
    : TargetOf<T[K]> | KeyOf<TargetOf<T[K]>> | null;
};

import type { Columns, IsOptional, IsPrimary, ValueOf } from '../codec/column.ts';
import type { EmbeddedAs } from './embedded-types.ts';
import type { Condition, Op } from './operator.ts';

declare const RELATION: unique symbol;
declare const IN_KEY: unique symbol;

/** Marks a property as a relation of one kind. */
export interface RelationMark<K extends 'one' | 'one?' | 'many'> {
  readonly [RELATION]: K;
}

/** Marks a to-one relation that is part of its owner's primary key. */
export interface InKey {
  readonly [IN_KEY]: true;
}

/** A to-one relation that is never empty. The key is there at once; the entity after `load()` or `populate`. */
export interface Ref<T extends object> extends RelationMark<'one'> {
  /** The related entity's key; `validation` where it has none yet because it was not flushed. */
  readonly id: KeyOf<T>;
  /** Whether the related entity is in memory. */
  readonly isLoaded: boolean;
  /** The related entity, read if needed; loads begun in the same tick share one query. `not-found` if the row is gone. */
  load(): Promise<T>;
  /** Makes another entity the related one; written by the next flush. */
  set(value: T): void;
}

/** A to-one relation that may be empty. */
export interface OptionalRef<T extends object> extends RelationMark<'one?'> {
  /** The related entity's key, or null where there is none. */
  readonly id: KeyOf<T> | null;
  /** Whether the related entity, or its absence, is in memory. */
  readonly isLoaded: boolean;
  /** The related entity or null, read if needed. */
  load(): Promise<T | null>;
  /** Makes another entity, or none, the related one. */
  set(value: T | null): void;
}

/** A to-many relation. Its items can be read after `load()` or `populate`; edits are possible at any time. */
export interface Collection<T extends object> extends RelationMark<'many'> {
  /** Whether the items are in memory. */
  readonly isLoaded: boolean;
  /** The items in the order of their keys, read if needed; loads begun in the same tick share one query. */
  load(): Promise<readonly T[]>;
  /** How many rows the database has, unflushed edits not counted. */
  count(): Promise<number>;
  /** The related rows that meet a condition, read from the database. */
  matching(where: Where<T>): Promise<readonly T[]>;
  /** Adds items; one that is there already stays once. */
  add(...items: T[]): void;
  /** Removes items; one that is not there is ignored. */
  remove(...items: T[]): void;
  /** Makes these the items. The collection must be loaded. */
  set(items: readonly T[]): void;
  /** Removes all items. The collection must be loaded. */
  clear(): void;
}

/** A to-one relation whose entity is in memory for sure. */
export interface LoadedRef<T extends object> extends Ref<T> {
  /** The related entity. */
  get(): T;
}

/** A to-one relation that may be empty, and is in memory for sure. */
export interface LoadedOptionalRef<T extends object> extends OptionalRef<T> {
  /** The related entity, or null. */
  get(): T | null;
}

/** A to-many relation whose items are in memory for sure. */
export interface LoadedCollection<T extends object> extends Collection<T>, Iterable<T> {
  /** How many items there are. */
  readonly length: number;
  /** The item at an index; negative ones count from the end. */
  at(index: number): T | undefined;
  /** A copy of the items. */
  toArray(): T[];
}

/** The entity type at the other end of a relation. */
export type TargetOf<R> =
  R extends RelationMark<'one'>
    ? R extends Ref<infer T>
      ? T
      : never
    : R extends RelationMark<'one?'>
      ? R extends OptionalRef<infer T>
        ? T
        : never
      : R extends Collection<infer T>
        ? T
        : never;

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

/** The properties of an entity that its columns make; those that the database computes are read-only. */
export type Row<D extends Columns> = [ComputedKeys<D>] extends [never]
  ? { -readonly [K in keyof D]: ValueOf<D[K]> }
  : { -readonly [K in Exclude<keyof D, ComputedKeys<D>>]: ValueOf<D[K]> } & {
      readonly [K in ComputedKeys<D>]: ValueOf<D[K]>;
    };

type OptionalKeys<D> = { [K in keyof D]: IsOptional<D[K]> extends true ? K : never }[keyof D];
type ComputedKeys<D> = { [K in keyof D]: IsOptional<D[K]> extends 'computed' ? K : never }[keyof D];
type PrimaryKeys<D> = { [K in keyof D]: IsPrimary<D[K]> extends true ? K : never }[keyof D];

/** What a new entity must, and may, be given for its columns. */
export type Insertable<D extends Columns> = {
  [K in Exclude<keyof D, OptionalKeys<D> | ComputedKeys<D>>]: Given<Exclude<ValueOf<D[K]>, undefined>>;
} & {
  [K in OptionalKeys<D>]?: Given<ValueOf<D[K]>>;
};

/** A new value of a column: an embedded one as an object of its class or as plain data. */
export type Given<V> = V extends object ? ([EmbeddedAs<V>] extends [never] ? V : V | CreateScalars<V>) : V;

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

/** The properties of an entity that are lazy columns: undefined until they are loaded. */
export type LazyKeys<T> = {
  [K in ColumnKeys<T> & keyof T]-?: undefined extends T[K] ? (unknown extends T[K] ? never : K) : never;
}[ColumnKeys<T> & keyof T] &
  string;

/** What is known of an entity whose lazy columns `A` are in memory for sure. */
export type Having<T, A extends string> = [A] extends [never]
  ? unknown
  : { [K in A & keyof T]-?: Exclude<T[K], undefined> };

type Depth = [never, 0, 1, 2, 3];

/** The paths of relations that may be populated, up to four levels deep. */
export type Path<T, D extends number = 3> = [D] extends [never]
  ? never
  : { [K in RelationKeys<T>]: K | `${K}.${Path<TargetOf<T[K]>, Depth[D]>}` }[RelationKeys<T>];

type CreateScalars<T> =
  T extends Shaped<infer D>
    ? Insertable<D>
    : { [K in Exclude<ColumnKeys<T>, OptionalProperties<T>> & keyof T]: Given<T[K]> } & {
        [K in OptionalProperties<T> & keyof T]?: Given<T[K]>;
      };

// In the decorated form, what may be NULL or undefined or is marked Generated may be left out; so may what is read only,
// because the type of a getter is that of a readonly field.
type OptionalProperties<T> = {
  [K in ColumnKeys<T> & keyof T]: null extends T[K]
    ? K
    : undefined extends T[K]
      ? K
      : IsReadonly<T, K> extends true
        ? K
        : T[K] extends Generated<unknown>
          ? MarkedKey<T, K>
          : never;
}[ColumnKeys<T> & keyof T];
type Identical<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
type IsReadonly<T, K extends keyof T> = Identical<{ [P in K]: T[P] }, { readonly [P in K]: T[P] }>;
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

/** What `em.assign` takes: any of what `em.create` does. */
export type AssignData<T> = Partial<CreateData<T>>;

type MergeItem<T extends object> = T | KeyOf<T> | MergeData<T>;

/**
 * What `em.merge` takes: columns, and relations as entities (of this or another EntityManager), keys, or, along
 * `cascade: ['merge']`, data of the same kind.
 */
export type MergeData<T> = { [K in ColumnKeys<T> & keyof T]?: Given<T[K]> } & {
  [K in RelationKeys<T> & keyof T]?: T[K] extends RelationMark<'many'>
    ? readonly MergeItem<TargetOf<T[K]>>[]
    : MergeItem<TargetOf<T[K]>> | (T[K] extends RelationMark<'one'> ? never : null);
};

// A JSON column takes eq() only: a bare object would be ambiguous with criteria.
type Scalar<V> = V extends string | number | bigint | boolean | Date | Uint8Array | null ? V : never;

// What an operator may be over: its operand is read only, so that a constant is as good as a value of the very type.
type Operand<V> = V extends Date | Uint8Array ? V : V extends object ? { readonly [K in keyof V]: Operand<V[K]> } : V;

// An embedded value takes criteria over its own columns, or null where it may be; in JSON it is compared as a whole.
type WhereColumn<V> = [EmbeddedAs<V>] extends [never]
  ? Scalar<V> | Op<Operand<NonNullable<V>>> | Op<never>
  : 'json' extends EmbeddedAs<V>
    ? Extract<V, null> | Op<Operand<Given<NonNullable<V>>>> | Op<never>
    : Extract<V, null> | WhereColumns<NonNullable<V>>;
type WhereColumns<T> = { [K in ColumnKeys<T> & keyof T]?: WhereColumn<T[K]> };

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
 * `all`. A column takes a value or an operator, an embedded value nested criteria, a to-one relation an entity, its key, `null` or nested criteria, a
 * to-many relation `some`, `every` or `none`.
 */
export type Where<T> = Condition<T> | (WhereColumns<T> & { [K in RelationKeys<T> & keyof T]?: WhereRelation<T[K]> });

/** The order of results: columns with their directions, those of embedded values nested; the first counts most. */
export type OrderBy<T> = { readonly [K in ColumnKeys<T> & keyof T]?: Direction<T[K]> };
type Direction<V> = [EmbeddedAs<V>] extends ['columns']
  ? [EmbeddedAs<V>] extends [never]
    ? Way
    : OrderBy<NonNullable<V>>
  : Way;
type Way = 'asc' | 'desc';

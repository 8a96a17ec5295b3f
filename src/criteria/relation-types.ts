import type { KeyOf } from './entity-types.ts';
import type { Where } from './where.ts';

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

import type { Loaded, OrderBy, Path, Where } from '../criteria/entity-types.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { Limits } from '../wire/limits.ts';

declare const RESULT: unique symbol;

/** How the rows that are read are locked against others until the transaction ends. */
export interface LockOptions {
  /**
   * `update`: nobody else may change, delete or lock the rows (`FOR UPDATE`). `share`: nobody else may change or delete them
   * (`FOR SHARE`, on MariaDB `LOCK IN SHARE MODE`). Only within a transaction that may write, else `transaction-scope`; an
   * engine without row locks (SQLite) is `unsupported-by-driver`.
   *
   * A locked read always asks the database, and brings entities that are in memory up to date. Unflushed edits stay; where
   * the row of an entity with such edits has another version by now, it is `stale-entity`. Relations that are populated along
   * are read without locks. MariaDB also locks the rows that criteria over to-one relations join.
   */
  readonly lock?: 'update' | 'share';
  /**
   * What is done about rows that somebody else has locked: `wait` until they are free (the default), `nowait` is
   * `lock-timeout` at once, `skip` leaves them out of the result (`NOWAIT`, `SKIP LOCKED`).
   */
  readonly onLocked?: 'wait' | 'nowait' | 'skip';
}

/** How entities are to be read. */
export interface FindOptions<T, P extends string, A extends string = never> extends Limits, LockOptions {
  /** Paths of relations to load along, as in `['author.posts', 'tags']`. */
  readonly populate?: readonly P[];
  /** Lazy columns to load along, in one further statement where there are entities without them. */
  readonly also?: readonly A[];
  /** Most entities to return: a whole number, 0 or more. */
  readonly limit?: number;
  /** Entities to leave out at the beginning: a whole number, 0 or more. */
  readonly offset?: number;
  /** Whether to find rows, too, that were removed and stay: see `softDelete()`. */
  readonly withDeleted?: boolean;
  /** The order; several columns as an array of objects or in the order of one object's keys. */
  readonly orderBy?: OrderBy<T> | readonly OrderBy<T>[];
}

/** A description of a read that belongs to no EntityManager yet: `em.all(query)` runs it, `db.live(query)` keeps it up to date. */
export interface Query<T extends object, P extends string = never> {
  readonly [RESULT]?: Loaded<T, P>;
  readonly target: EntityClass<T>;
  readonly where: Where<T> | undefined;
  readonly options: FindOptions<T, P>;
}

/**
 * Describes a read, for `em.all` and `db.live`.
 *
 * @example
 * ```ts
 * import { Entity, integer, query, startsWith, text } from 'meshestra';
 *
 * class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
 * const a = query(Author, { name: startsWith('A') }, { orderBy: { name: 'asc' }, limit: 20 });
 * // SELECT … FROM "authors" AS "t0" WHERE "t0"."name" LIKE ? ESCAPE '\' ORDER BY "t0"."name" LIMIT ?
 * ```
 */
export function query<T extends object, const P extends Path<T> = never>(
  target: EntityClass<T>,
  where?: NoInfer<Where<T>>,
  options: FindOptions<T, P> = {},
): Query<T, P> {
  return Object.freeze({ target, where, options });
}

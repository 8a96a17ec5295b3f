/// <reference lib="esnext.disposable" preserve="true" />
import type {
  AssignData,
  ColumnKeys,
  CreateData,
  Having,
  KeyOf,
  LazyKeys,
  Loaded,
  MergeData,
  Path,
  RelationKeys,
  Where,
} from '../criteria/entity-types.ts';
import type { ErrorCode } from '../errors.ts';
import type { EntityState } from '../identity/entity-state.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { FindOptions, LockOptions, Query } from '../query/query.ts';
import type { RawQuery } from '../query/raw-query.ts';
import type { BulkWrite, Selection } from '../query/selection.ts';
import type { PropertyChange } from '../unit-of-work/entity-changes.ts';
import type { UpdateReason } from '../unit-of-work/flush-plan.ts';
import type { IsolationLevel } from '../wire/capabilities.ts';
import type { Limits } from '../wire/limits.ts';
import type { ResultSet } from '../wire/result-set.ts';

/**
 * What becomes of work that is to run in a transaction, by whether the handle is inside of one already:
 *
 * - `required` joins that transaction, and opens one where there is none;
 * - `nested` is a savepoint in it, and opens one where there is none;
 * - `requires-new` opens a transaction of its own, on a connection and an EntityManager of its own, which commits or rolls
 *   back whatever becomes of the one around it;
 * - `mandatory` joins it, and throws `transaction-scope` where there is none;
 * - `supports` joins it, and runs without where there is none;
 * - `not-supported` runs without one, on a connection and an EntityManager of its own;
 * - `never` runs without one, and throws `transaction-scope` inside of one.
 *
 * Work that joins is written by the flush at the end of the transaction; when it throws, the transaction cannot commit,
 * even where somebody catches the error. Work without a transaction is flushed at its end, as one unit of its own.
 */
export type Propagation = 'required' | 'nested' | 'requires-new' | 'mandatory' | 'supports' | 'not-supported' | 'never';

/** When the work of a transaction that failed is done again, from its beginning. */
export interface RetryOptions {
  /** Most tries, the first one counted; 3 unless given. */
  readonly attempts?: number;
  /**
   * Which failures are worth another try, where nothing is in the database; `serialization-failure` and `deadlock`
   * unless given.
   */
  readonly codes?: readonly ErrorCode[];
  /** Milliseconds before the second try, doubled for each one after it; between half and all of it by chance. 50 unless given. */
  readonly backoff?: number;
  /** Most milliseconds between two tries; 2,000 unless given. */
  readonly maxBackoff?: number;
}

/** How a transaction is to run. Its limits hold for all of its tries together. */
export interface TransactionOptions extends Limits {
  /** Of a transaction that is opened; work that joins one that may write may write, too. */
  readonly readOnly?: boolean;
  /** One of the driver's levels; `unsupported-by-driver` for any other, `transaction-scope` within a weaker one. */
  readonly isolation?: IsolationLevel;
  /**
   * Whether the transaction fails with `stale-entity` where somebody else has changed, since it was read, a row of a
   * versioned entity that this EntityManager holds, also one that it does not write: so a decision that rests on several
   * rows holds when it commits, whatever the isolation. `unsupported-by-driver` on MySQL and MariaDB.
   */
  readonly verifyReads?: boolean;
  /** `nested` unless given. */
  readonly propagation?: Propagation;
  /**
   * Does the work again when the database could not have it beside others. The work must have no effects but those on the
   * database, and the EntityManager no unflushed edits before it. Each further try finds the entities as they are in the
   * database then; those that a failed one had created or loaded are forgotten. Within a transaction, only the
   * outermost one is tried again.
   */
  readonly retry?: RetryOptions;
}

/** How the entity with a key is to be read. */
export type FindByIdOptions<T, P extends string, A extends string = never> = Pick<
  FindOptions<T, P, A>,
  'populate' | 'also' | 'withDeleted' | keyof LockOptions | keyof Limits
>;

/** What is counted. */
export interface CountOptions extends Limits {
  /** Whether rows count, too, that were removed and stay: see `softDelete()`. */
  readonly withDeleted?: boolean;
}

/** What an upsert goes by, and what it changes. */
export interface UpsertOptions<T> extends Limits {
  /** The properties that tell whether the row is there: the key (the default), or those of a unique column or index. */
  readonly by?: readonly ((ColumnKeys<T> | RelationKeys<T>) & string)[];
  /**
   * The properties that a row which is there takes over; `nothing` leaves it as it is. Unless given, those that the data
   * names, without `by`.
   */
  readonly update?: readonly ((ColumnKeys<T> | RelationKeys<T>) & string)[] | 'nothing';
}

/** How raw SQL is to run. */
export interface ExecuteRawOptions extends Limits {
  /** The tables the statement writes; without it every table counts as written, unless the statement begins as a read. */
  readonly writes?: readonly string[];
}

/** One kind of change to one table, in the place that it has in a flush. */
export interface PlannedStep {
  /** `link-insert` and `link-delete` are rows of the table between the ends of a many-to-many relation. */
  readonly kind: 'insert' | 'update' | 'delete' | 'link-insert' | 'link-delete';
  readonly table: string;
  /** The database names of the columns that are written; none for a `delete`. */
  readonly columns: readonly string[];
  readonly rows: number;
  /** Why there is an update that nobody asked for; null for what was. */
  readonly reason: UpdateReason | null;
}

/** How a flush would go to the database. */
export interface FlushStrategy {
  /** `batch`, all statements in one atomic request; `transaction`, one after the other in a transaction. */
  readonly kind: 'batch' | 'transaction';
  /** Why it is not the other one, by what the driver and its dialect can do. */
  readonly reason: string;
}

/** What a flush would do. It prints as a line for each step, and one for the strategy. */
export interface FlushPreview {
  readonly steps: readonly PlannedStep[];
  readonly strategy: FlushStrategy;
  /** The SQL texts, in order; a step of many rows may be several. */
  readonly statements: readonly string[];
  toString(): string;
}

/**
 * The unit of work. It keeps one instance per row, notes what changes, and writes everything with {@link flush}. Cheap:
 * use a new one for each request or user interaction.
 */
export interface EntityManager extends AsyncDisposable {
  /** Makes an entity and schedules its insertion. Throws `validation` for a property that does not exist. */
  create<T extends object>(target: EntityClass<T>, data: CreateData<T>): T;
  /** Reads the entities that meet the criteria: `SELECT … FROM … WHERE …`. */
  find<T extends object, const P extends Path<T> = never, const A extends LazyKeys<T> = never>(
    target: EntityClass<T>,
    where?: NoInfer<Where<T>>,
    options?: FindOptions<T, P, A>,
  ): Promise<(Loaded<T, P> & Having<T, A>)[]>;
  /** Runs a query made by `query(…)`. */
  all<T extends object, P extends string>(query: Query<T, P>): Promise<Loaded<T, P>[]>;
  /** Runs what `from()` of `meshestra/query` made. Entities among its rows are those of this unit of work. */
  all<R>(query: Selection<R>): Promise<R[]>;
  /** The first entity that meets the criteria, or null. */
  findOne<T extends object, const P extends Path<T> = never, const A extends LazyKeys<T> = never>(
    target: EntityClass<T>,
    where?: NoInfer<Where<T>>,
    options?: Omit<FindOptions<T, P, A>, 'limit'>,
  ): Promise<(Loaded<T, P> & Having<T, A>) | null>;
  /** The entity with a key, or null; without a statement where it is in memory and is not to be locked. */
  findById<T extends object, const P extends Path<T> = never, const A extends LazyKeys<T> = never>(
    target: EntityClass<T>,
    key: KeyOf<T>,
    options?: FindByIdOptions<T, P, A>,
  ): Promise<(Loaded<T, P> & Having<T, A>) | null>;
  /**
   * Loads lazy columns of persistent entities that do not have them yet: `SELECT key, column … WHERE key IN (…)`. What was
   * assigned meanwhile stays. `not-found` where a row is gone.
   */
  load<T extends object, const A extends LazyKeys<T>>(
    entities: readonly T[],
    columns: readonly A[],
    limits?: Limits,
  ): Promise<readonly (T & Having<T, A>)[]>;
  load<T extends object, const A extends LazyKeys<T>>(
    entity: T,
    columns: readonly A[],
    limits?: Limits,
  ): Promise<T & Having<T, A>>;
  /** How many rows meet the criteria: `SELECT COUNT(*)`. */
  count<T extends object>(target: EntityClass<T>, where?: NoInfer<Where<T>>, options?: CountOptions): Promise<number>;
  /** Whether any row meets the criteria. */
  exists<T extends object>(target: EntityClass<T>, where?: NoInfer<Where<T>>, options?: CountOptions): Promise<boolean>;
  /** Schedules insertions; forgets a scheduled removal. */
  persist(...entities: object[]): void;
  /** Schedules removals; a pending entity is forgotten instead. */
  remove(...entities: object[]): void;
  /**
   * Schedules removals that delete the rows (`DELETE`), also of a class with a `softDelete()` column. Removed rows that refer
   * to them are deleted along; others are the database's affair, which refuses or follows its `onDelete`.
   */
  purge(...entities: object[]): void;
  /**
   * Writes everything that was created, changed and removed: all of it or nothing, in the database and in memory. After
   * a failure the edits are still there, and another flush tries them again. Flushes that are begun at once come one after
   * the other; within a hook, a flush is `transaction-scope`.
   */
  flush(limits?: Limits): Promise<void>;
  /**
   * What {@link flush} would do now, as a value to look at; nothing is sent but the reads of `cascade: ['remove']`, and no hook runs.
   *
   * @example
   * [first.place, second.place] = [second.place, first.place]; // unique
   * String(await em.plan());
   * // update seats (place): 2 rows; gives up what another row takes
   * // update seats (place): 2 rows
   */
  plan(): Promise<FlushPreview>;
  /**
   * Gives an entity of any state new values, which the next flush writes: columns, to-one relations by entity, key or null,
   * and the items of to-many relations, which must be loaded (else `validation`) and of which only the differences are
   * written. A name that is no column or relation and a value that does not fit are `validation`, before anything is
   * changed.
   */
  assign<T extends object>(entity: T, data: AssignData<T>): T;
  /**
   * Brings what is known of a row, as plain data with its key or as an entity of another or a cleared EntityManager, onto the
   * one persistent entity of that key, and gives this; the next flush writes the differences. What is left out stays. What is
   * not in memory is read, one statement for each table and level of the graph. Relations are followed along
   * `cascade: ['merge']`; others take entities and keys only, and of an entity their keys.
   *
   * A key that no row has, or no key, makes a new entity; but data with a version that differs from the row's, or with a
   * version and no row, is `stale-entity`. All errors come before anything is changed.
   *
   * @example
   * ```ts
   * import { type EntityManager, Entity, integer, text } from 'meshestra';
   *
   * class Task extends Entity('tasks', { id: integer().primaryKey(), title: text(), version: integer().version() }) {}
   * async function save(em: EntityManager, form: { id: number; title: string; version: number }): Promise<void> {
   *   await em.merge(Task, form); // SELECT … FROM "tasks" … unless it is in memory
   *   await em.flush(); // UPDATE "tasks" SET "title" = ?, "version" = ? WHERE "id" = ? AND "version" = ?
   * }
   * ```
   */
  merge<T extends object>(target: EntityClass<T>, data: MergeData<T>, limits?: Limits): Promise<T>;
  merge<T extends object>(entity: T, limits?: Limits): Promise<T>;
  /**
   * Inserts rows, or updates those that are there, at once and not at the flush: one statement, in a transaction with the
   * SELECT that reads the rows (`INSERT … ON CONFLICT (…) DO UPDATE`, `ON DUPLICATE KEY UPDATE`). Gives the entities, as the
   * rows are afterwards. The version counts up, defaults fill what an insert leaves out, no hook of a flush runs.
   *
   * Throws `validation` where two of the rows have the same `by`, where one of its values is missing or null, and where one
   * of the entities is in memory with unflushed edits; `unique-violation` where a row meets another one in another unique
   * column. Related entities must have been flushed.
   */
  upsert<T extends object>(
    target: EntityClass<T>,
    data: readonly CreateData<T>[],
    options?: UpsertOptions<T>,
  ): Promise<T[]>;
  upsert<T extends object>(target: EntityClass<T>, data: CreateData<T>, options?: UpsertOptions<T>): Promise<T>;
  /**
   * Reads an entity's row anew and gives its unflushed edits up; loaded entities along `cascade: ['refresh']` with it, one
   * statement for each table and level. To-many relations are read again when they are asked for. Throws `not-found` where
   * the row is gone; related entities whose rows are gone are detached.
   */
  refresh(entity: object, limits?: Limits): Promise<void>;
  /** The unflushed edits of an entity by property. */
  changes(entity: object): ReadonlyMap<string, PropertyChange>;
  /** Takes the unflushed edits of one entity, or of all, back. */
  revert(entity?: object): void;
  /** What this EntityManager knows of an entity. */
  stateOf(entity: object): EntityState;
  /** Whether this EntityManager tracks an entity: it is pending, persistent or deleted. */
  contains(entity: object): boolean;
  /**
   * Forgets entities with their unflushed edits; they keep their values, and {@link merge} brings them back. A pending one is
   * not inserted. It goes to related entities along no cascade. What refers to a detached entity keeps its key; collections
   * that held it have to be loaded again, and unflushed links to it are forgotten.
   */
  detach(...entities: object[]): void;
  /** Forgets all entities and all unflushed work. */
  clear(): void;
  /** Runs raw SQL. Entities in memory do not notice what it writes. */
  execute(query: RawQuery, options?: ExecuteRawOptions): Promise<ResultSet>;
  /** Runs what `update()` or `deleteFrom()` of `meshestra/query` made; entities in memory do not notice. */
  execute(write: BulkWrite, limits?: Limits): Promise<ResultSet>;
  /**
   * Runs `work` in a transaction and flushes at its end; within one, in a savepoint. When it throws, the database and
   * the entities are as they were; entities that were loaded after raw SQL had written are detached. Until it ends, only
   * the handle that `work` receives may be used: this one throws `transaction-scope`.
   */
  transaction<R>(work: (em: EntityManager) => Promise<R>, options?: TransactionOptions): Promise<R>;
}

import type { CreateData, KeyOf, Loaded, Path, Where } from '../criteria/entity-types.ts';
import type { ErrorCode } from '../errors.ts';
import type { EntityState } from '../identity/entity-state.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { FindOptions, Query } from '../query/query.ts';
import type { RawQuery } from '../query/raw-query.ts';
import type { PropertyChange } from '../unit-of-work/entity-changes.ts';
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

/** How raw SQL is to run. */
export interface ExecuteRawOptions extends Limits {
  /** The tables the statement writes; without it every table counts as written, unless the statement begins as a read. */
  readonly writes?: readonly string[];
}

/**
 * The unit of work. It keeps one instance per row, notes what changes, and writes everything with {@link flush}. Cheap:
 * use a new one for each request or user interaction.
 */
export interface EntityManager extends AsyncDisposable {
  /** Makes an entity and schedules its insertion. Throws `validation` for a property that does not exist. */
  create<T extends object>(target: EntityClass<T>, data: CreateData<T>): T;
  /** Reads the entities that meet the criteria: `SELECT … FROM … WHERE …`. */
  find<T extends object, const P extends Path<T> = never>(
    target: EntityClass<T>,
    where?: Where<T>,
    options?: FindOptions<T, P>,
  ): Promise<Loaded<T, P>[]>;
  /** Runs a query made by `query(…)`. */
  all<T extends object, P extends string>(query: Query<T, P>): Promise<Loaded<T, P>[]>;
  /** The first entity that meets the criteria, or null. */
  findOne<T extends object, const P extends Path<T> = never>(
    target: EntityClass<T>,
    where?: Where<T>,
    options?: Omit<FindOptions<T, P>, 'limit'>,
  ): Promise<Loaded<T, P> | null>;
  /** The entity with a key, or null; without a statement where it is in memory. */
  findById<T extends object, const P extends Path<T> = never>(
    target: EntityClass<T>,
    key: KeyOf<T>,
    options?: Pick<FindOptions<T, P>, 'populate' | keyof Limits>,
  ): Promise<Loaded<T, P> | null>;
  /** How many rows meet the criteria: `SELECT COUNT(*)`. */
  count<T extends object>(target: EntityClass<T>, where?: Where<T>, limits?: Limits): Promise<number>;
  /** Whether any row meets the criteria. */
  exists<T extends object>(target: EntityClass<T>, where?: Where<T>, limits?: Limits): Promise<boolean>;
  /** Schedules insertions; forgets a scheduled removal. */
  persist(...entities: object[]): void;
  /** Schedules removals; a pending entity is forgotten instead. */
  remove(...entities: object[]): void;
  /**
   * Writes everything that was created, changed and removed: all of it or nothing, in the database and in memory. After
   * a failure the edits are still there, and another flush tries them again.
   */
  flush(limits?: Limits): Promise<void>;
  /** The statements that {@link flush} would send now. */
  plan(): Promise<{ readonly statements: readonly string[] }>;
  /** Reads an entity's row anew and gives its unflushed edits up. Throws `not-found` where it is gone. */
  refresh(entity: object, limits?: Limits): Promise<void>;
  /** The unflushed edits of an entity by property. */
  changes(entity: object): ReadonlyMap<string, PropertyChange>;
  /** Takes the unflushed edits of one entity, or of all, back. */
  revert(entity?: object): void;
  /** What this EntityManager knows of an entity. */
  stateOf(entity: object): EntityState;
  /** Forgets all entities and all unflushed work. */
  clear(): void;
  /** Runs raw SQL. Entities in memory do not notice what it writes. */
  execute(query: RawQuery, options?: ExecuteRawOptions): Promise<ResultSet>;
  /**
   * Runs `work` in a transaction and flushes at its end; within one, in a savepoint. When it throws, the database and
   * the entities are as they were; entities that were loaded after raw SQL had written are detached. Until it ends, only
   * the handle that `work` receives may be used: this one throws `transaction-scope`.
   */
  transaction<R>(work: (em: EntityManager) => Promise<R>, options?: TransactionOptions): Promise<R>;
}

/**
 * The closed list of error codes. A code, never `instanceof`, tells errors apart: an application may hold two copies of
 * this package, and a code survives `postMessage` and JSON.
 */
export type ErrorCode =
  | 'unique-violation'
  | 'foreign-key-violation'
  | 'not-null-violation'
  | 'check-violation'
  | 'stale-entity'
  | 'serialization-failure'
  | 'deadlock'
  | 'lock-timeout'
  | 'statement-timeout'
  | 'connection'
  | 'pool-timeout'
  | 'aborted'
  | 'not-found'
  | 'deserialization'
  | 'validation'
  | 'permission-denied'
  | 'unsupported-by-driver'
  | 'transaction-scope'
  | 'hook'
  | 'configuration'
  | 'migration'
  | 'storage-quota'
  | 'storage-conflict'
  | 'storage-blocked'
  | 'storage-corrupt'
  | 'closed'
  | 'driver';

/**
 * What became of the work: `rolled-back` means that nothing of it is in the database, `unknown` that the answer to a
 * COMMIT was lost, `committed` that all of it is there and only what was to follow failed. Work of unknown outcome is never
 * repeated by Meshestra itself.
 */
export type Outcome = 'rolled-back' | 'unknown' | 'committed';

/** The fields an error may carry beside its message; each is set only where it is known. */
export interface ErrorDetails {
  readonly cause?: unknown;
  /** Whether the same work may succeed when it is tried again from its beginning. */
  readonly retryable?: boolean;
  readonly outcome?: Outcome;
  /** The entity's name, which is its table name. */
  readonly entity?: string;
  readonly property?: string;
  readonly table?: string;
  readonly columns?: readonly string[];
  readonly constraint?: string;
}

/**
 * Every failure that Meshestra reports. {@link PersistenceError.code} says which; the message says what happened, to
 * which entity or column, and what to do. Parameter values are never part of it.
 */
export class PersistenceError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly outcome: Outcome;
  readonly entity: string | undefined;
  readonly property: string | undefined;
  readonly table: string | undefined;
  readonly columns: readonly string[] | undefined;
  readonly constraint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = errorName(code);
    this.code = code;
    this.retryable = details.retryable ?? false;
    this.outcome = details.outcome ?? 'rolled-back';
    this.entity = details.entity;
    this.property = details.property;
    this.table = details.table;
    this.columns = details.columns;
    this.constraint = details.constraint;
  }
}

// A minifier renames classes, so the printed name comes from the code: 'stale-entity' -> 'StaleEntityError'.
function errorName(code: ErrorCode): string {
  const words = code.split('-').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return `${words.join('')}Error`;
}

/** A row with the same value in a unique column, or the same key, is there already. */
export class UniqueViolationError extends PersistenceError {
  declare readonly code: 'unique-violation';
  constructor(message: string, details?: ErrorDetails) {
    super('unique-violation', message, details);
  }
}

/** A row refers to a row that is not there, or a row that is referred to was to be deleted. */
export class ForeignKeyViolationError extends PersistenceError {
  declare readonly code: 'foreign-key-violation';
  constructor(message: string, details?: ErrorDetails) {
    super('foreign-key-violation', message, details);
  }
}

/** A column that must have a value was to become NULL. */
export class NotNullViolationError extends PersistenceError {
  declare readonly code: 'not-null-violation';
  constructor(message: string, details?: ErrorDetails) {
    super('not-null-violation', message, details);
  }
}

/** A CHECK constraint, or the type of a STRICT column, refused a value. */
export class CheckViolationError extends PersistenceError {
  declare readonly code: 'check-violation';
  constructor(message: string, details?: ErrorDetails) {
    super('check-violation', message, details);
  }
}

/** One row that a flush wanted to change, but that somebody else had changed or deleted since it was loaded. */
export interface StaleRow {
  /** The key as the entity shows it: a value, or an object for a composite key. */
  readonly key: unknown;
  readonly expectedVersion: unknown;
}

/** Rows changed or vanished since they were loaded; nothing of the flush was written. Reload and decide anew. */
export class StaleEntityError extends PersistenceError {
  declare readonly code: 'stale-entity';
  readonly rows: readonly StaleRow[];
  constructor(message: string, details: ErrorDetails & { readonly rows: readonly StaleRow[] }) {
    super('stale-entity', message, { retryable: false, ...details });
    this.rows = details.rows;
  }
}

/** Somebody else held the lock for longer than was to be waited for; trying again may help. */
export class LockTimeoutError extends PersistenceError {
  declare readonly code: 'lock-timeout';
  constructor(message: string, details?: ErrorDetails) {
    super('lock-timeout', message, { retryable: true, ...details });
  }
}

/**
 * The database could not order two transactions that ran at once as if one came after the other, and rolled this one
 * back; the whole transaction may be tried again.
 */
export class SerializationFailureError extends PersistenceError {
  declare readonly code: 'serialization-failure';
  constructor(message: string, details?: ErrorDetails) {
    super('serialization-failure', message, { retryable: true, ...details });
  }
}

/** Two transactions waited for each other, and the database rolled this one back; it may be tried again. */
export class DeadlockError extends PersistenceError {
  declare readonly code: 'deadlock';
  constructor(message: string, details?: ErrorDetails) {
    super('deadlock', message, { retryable: true, ...details });
  }
}

/** A statement ran for longer than it was allowed to, and was stopped. */
export class StatementTimeoutError extends PersistenceError {
  declare readonly code: 'statement-timeout';
  constructor(message: string, details?: ErrorDetails) {
    super('statement-timeout', message, details);
  }
}

/**
 * The database cannot be reached, refused the connection, or the connection was lost. `outcome` is `unknown` where it was
 * lost while a COMMIT, or a statement outside of a transaction, was waiting for its answer.
 */
export class ConnectionError extends PersistenceError {
  declare readonly code: 'connection';
  constructor(message: string, details?: ErrorDetails) {
    super('connection', message, { retryable: details?.outcome !== 'unknown', ...details });
  }
}

/** What a pool of connections holds at one moment. */
export interface PoolState {
  /** Connections that are open, or being opened. */
  readonly total: number;
  /** Those that work for somebody. */
  readonly active: number;
  /** Those that wait for work. */
  readonly idle: number;
  /** Callers that wait for a connection. */
  readonly waiting: number;
  /** The most connections there may be. */
  readonly max: number;
}

/** No connection of the pool became free in time. {@link PoolTimeoutError.pool} tells what the pool held then. */
export class PoolTimeoutError extends PersistenceError {
  declare readonly code: 'pool-timeout';
  readonly pool: PoolState;
  constructor(message: string, details: ErrorDetails & { readonly pool: PoolState }) {
    super('pool-timeout', message, { retryable: true, ...details });
    this.pool = details.pool;
  }
}

/** The caller's AbortSignal fired before the work was done. */
export class AbortedError extends PersistenceError {
  declare readonly code: 'aborted';
  constructor(message: string, details?: ErrorDetails) {
    super('aborted', message, details);
  }
}

/** A row that had to be there is not. */
export class NotFoundError extends PersistenceError {
  declare readonly code: 'not-found';
  constructor(message: string, details?: ErrorDetails) {
    super('not-found', message, details);
  }
}

/** A stored value does not fit the type that its column was declared with. */
export class DeserializationError extends PersistenceError {
  declare readonly code: 'deserialization';
  constructor(message: string, details?: ErrorDetails) {
    super('deserialization', message, details);
  }
}

/** One thing that is wrong with an entity that was to be written. Never shows the value. */
export interface ValidationProblem {
  /** The entity's name, which is its table name. */
  readonly entity: string;
  /** The key as the entity shows it: a value, an object for a composite key, null where there is none yet. */
  readonly key: unknown;
  /** The property, and the place in its value where that has parts; empty where the entity as a whole is wrong. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * A value or an argument is not acceptable; nothing was sent to the database. Of a flush or an upsert, `problems` is all that
 * is wrong with its entities; `entity`, `property` and the beginning of the message are of the first.
 */
export class ValidationError extends PersistenceError {
  declare readonly code: 'validation';
  readonly problems: readonly ValidationProblem[];
  constructor(message: string, details: ErrorDetails & { readonly problems?: readonly ValidationProblem[] } = {}) {
    super('validation', message, details);
    this.problems = details.problems ?? [];
  }
}

/** The driver in use cannot do what was asked; nothing weaker was done instead. */
export class UnsupportedByDriverError extends PersistenceError {
  declare readonly code: 'unsupported-by-driver';
  constructor(message: string, details?: ErrorDetails) {
    super('unsupported-by-driver', message, details);
  }
}

/** An EntityManager was used while its own transaction is open on another handle, or after its transaction ended. */
export class TransactionScopeError extends PersistenceError {
  declare readonly code: 'transaction-scope';
  constructor(message: string, details?: ErrorDetails) {
    super('transaction-scope', message, details);
  }
}

/**
 * A hook failed after the database had said yes: the rows are written, and memory is as they are. Where that is committed,
 * `outcome` is `committed`, and there is nothing to be done again; within a transaction it is `rolled-back`, which is what
 * becomes of the transaction unless somebody catches the error. {@link HookError.errors} is what the hooks threw.
 */
export class HookError extends PersistenceError {
  declare readonly code: 'hook';
  readonly errors: readonly unknown[];
  constructor(message: string, details: ErrorDetails & { readonly errors: readonly unknown[] }) {
    super('hook', message, details);
    this.errors = details.errors;
  }
}

/** A declaration of an entity, or an option, is wrong. */
export class ConfigurationError extends PersistenceError {
  declare readonly code: 'configuration';
  constructor(message: string, details?: ErrorDetails) {
    super('configuration', message, details);
  }
}

/**
 * Why a migration was not applied: what is wrong with the list (`bad-version`, `bad-name`, `duplicate`, `no-steps` for the
 * dialect), what the database says of migrations that were applied (`edited`, `renamed`, `missing`, `newer` than the program,
 * `out-of-order`), what became of one (`unfinished`, `failed`), why nothing was done (`rows-at-stake`, `irreversible`, `locked`,
 * `behind` the program), or that a version is not there (`unknown`).
 */
export type MigrationProblem =
  | 'bad-version'
  | 'bad-name'
  | 'duplicate'
  | 'no-steps'
  | 'edited'
  | 'renamed'
  | 'missing'
  | 'newer'
  | 'out-of-order'
  | 'unfinished'
  | 'failed'
  | 'rows-at-stake'
  | 'irreversible'
  | 'locked'
  | 'behind'
  | 'unknown';

/** What a {@link MigrationError} is about. */
export interface MigrationErrorDetails extends ErrorDetails {
  readonly problem: MigrationProblem;
  readonly version?: string | undefined;
  /** The name of the migration. */
  readonly migration?: string | undefined;
  /** Which step, counted from 1; absent where several went as one batch. */
  readonly step?: number | undefined;
  readonly sql?: string | undefined;
}

/**
 * A migration was refused before any of its statements, or failed at one of them. `outcome` is `committed` where statements
 * before the one that failed stay done, because the engine commits each by itself.
 */
export class MigrationError extends PersistenceError {
  declare readonly code: 'migration';
  readonly problem: MigrationProblem;
  readonly version: string | undefined;
  readonly migration: string | undefined;
  readonly step: number | undefined;
  readonly sql: string | undefined;
  constructor(message: string, details: MigrationErrorDetails) {
    super('migration', message, details);
    this.problem = details.problem;
    this.version = details.version;
    this.migration = details.migration;
    this.step = details.step;
    this.sql = details.sql;
  }
}

/** The storage under an embedded database is full; memory and storage hold what they held before the commit. */
export class StorageQuotaError extends PersistenceError {
  declare readonly code: 'storage-quota';
  constructor(message: string, details?: ErrorDetails) {
    super('storage-quota', message, details);
  }
}

/** Another writer changed the stored database first; the work may be tried again from its beginning. */
export class StorageConflictError extends PersistenceError {
  declare readonly code: 'storage-conflict';
  constructor(message: string, details?: ErrorDetails) {
    super('storage-conflict', message, { retryable: true, ...details });
  }
}

/** The browser refuses or postpones access to the storage. */
export class StorageBlockedError extends PersistenceError {
  declare readonly code: 'storage-blocked';
  constructor(message: string, details?: ErrorDetails) {
    super('storage-blocked', message, details);
  }
}

/** Bytes that are not a readable database of a known format. */
export class StorageCorruptError extends PersistenceError {
  declare readonly code: 'storage-corrupt';
  constructor(message: string, details?: ErrorDetails) {
    super('storage-corrupt', message, details);
  }
}

/** The driver or persistence object was closed before. */
export class ClosedError extends PersistenceError {
  declare readonly code: 'closed';
  constructor(message: string, details?: ErrorDetails) {
    super('closed', message, details);
  }
}

/** Any other failure of the database or its driver, with the driver's own error as `cause`. */
export class DriverError extends PersistenceError {
  declare readonly code: 'driver';
  constructor(message: string, details?: ErrorDetails) {
    super('driver', message, details);
  }
}

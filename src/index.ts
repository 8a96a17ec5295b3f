/**
 * Meshestra: entities, queries and the unit of work, the same in browsers, on the edge and in Node.
 *
 * @module
 */
export type { Check, CheckIssue } from './codec/check.ts';
export type { AnyColumn, Column, Columns, DatetimeColumn, JsonColumn, SqlText, ValueOf } from './codec/column.ts';
export {
  bigint,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  enumeration,
  float,
  integer,
  json,
  type TextOptions,
  text,
  uuid,
} from './codec/column-builder.ts';
export {
  type CustomTypeOptions,
  type CustomWires,
  customType,
  type SqlConversion,
} from './codec/custom-type.ts';
export type { Embedded, EmbeddedJson } from './criteria/embedded-types.ts';
export type {
  AssignData,
  Collection,
  CreateData,
  Generated,
  Having,
  InKey,
  Insertable,
  Keyed,
  KeyOf,
  LazyKeys,
  Loaded,
  LoadedCollection,
  LoadedOptionalRef,
  LoadedRef,
  MergeData,
  OptionalRef,
  OrderBy,
  Path,
  Ref,
  Row,
  Where,
} from './criteria/entity-types.ts';
export type { Condition, Op } from './criteria/operator.ts';
export type { Driver } from './driver/driver.ts';
export type { LogEvent } from './driver/log-event.ts';
export type { Correction } from './driver/pool/correct-pool-options.ts';
export type {
  CountOptions,
  EntityManager,
  ExecuteRawOptions,
  FindByIdOptions,
  FlushPreview,
  FlushStrategy,
  PlannedStep,
  Propagation,
  RetryOptions,
  TransactionOptions,
  UpsertOptions,
} from './entity-manager/entity-manager.ts';
export { lazy } from './entity-manager/lazy.ts';
export type {
  EntityEvent,
  FlushEvent,
  LifecycleEvents,
  LoadEvent,
  PlannedFlushEvent,
  RollbackEvent,
  TransactionEvent,
} from './entity-manager/lifecycle-events.ts';
export { type ManyToManyOptions, manyToMany } from './entity-manager/many-to-many.ts';
export { softDelete } from './entity-manager/soft-delete.ts';
export {
  AbortedError,
  CheckViolationError,
  ClosedError,
  ConfigurationError,
  ConnectionError,
  DeadlockError,
  DeserializationError,
  DriverError,
  type ErrorCode,
  type ErrorDetails,
  ForeignKeyViolationError,
  HookError,
  LockTimeoutError,
  NotFoundError,
  NotNullViolationError,
  type Outcome,
  PersistenceError,
  type PoolState,
  PoolTimeoutError,
  SerializationFailureError,
  StaleEntityError,
  type StaleRow,
  StatementTimeoutError,
  StorageBlockedError,
  StorageConflictError,
  StorageCorruptError,
  StorageQuotaError,
  TransactionScopeError,
  UniqueViolationError,
  UnsupportedByDriverError,
  ValidationError,
  type ValidationProblem,
} from './errors.ts';
export type { EntityState } from './identity/entity-state.ts';
export { Embeddable, type EmbeddableBase, type EmbeddableClass } from './metadata/embeddable.ts';
export { type EmbeddedOptions, embedded } from './metadata/embedded.ts';
export { Entity, type EntityBase, type SubtypeBase, subtype } from './metadata/entity.ts';
export type { EntityClass } from './metadata/entity-class.ts';
export type { EntityOptions } from './metadata/entity-declaration.ts';
export type { EntityHooks } from './metadata/entity-hooks.ts';
export { toPlain } from './metadata/entity-json.ts';
export type { Cascade } from './metadata/entity-metadata.ts';
export {
  afterInsert,
  afterLoad,
  afterRemove,
  afterUpdate,
  beforeInsert,
  beforeRemove,
  beforeUpdate,
} from './metadata/hook-symbols.ts';
export { asWritten, type NamingStrategy, snakeCase } from './metadata/naming-strategy.ts';
export {
  manyToOne,
  oneToMany,
  oneToOne,
  type ToManyOptions,
  type ToOneOptions,
} from './metadata/relations.ts';
export { createPersistence, type Persistence, type PersistenceOptions } from './persistence.ts';
export {
  all,
  and,
  between,
  contains,
  endsWith,
  eq,
  every,
  gt,
  gte,
  isIn,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  ne,
  none,
  not,
  notIn,
  or,
  some,
  startsWith,
} from './query/operators.ts';
export { type FindOptions, type LockOptions, type Query, query } from './query/query.ts';
export { identifier, type RawHole, type RawIdentifier, type RawQuery, sql } from './query/raw-query.ts';
export type { BulkWrite, Selection } from './query/selection.ts';
export type { ChangeEvent, PersistenceEvents, StatementEvent } from './session/session-events.ts';
export type { PropertyChange } from './unit-of-work/entity-changes.ts';
export type { UpdateReason } from './unit-of-work/flush-plan.ts';

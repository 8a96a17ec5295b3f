/**
 * What a driver adapter imports: the port it implements, the errors it reports, and the values that cross it.
 *
 * @module
 */
export { toHex } from './codec/hex.ts';
export { describeKind, tagOf } from './codec/refuse.ts';
export { isWellFormed } from './codec/well-formed.ts';
export type { Dialect } from './compiler/dialect.ts';
export { createClock, type Timers } from './driver/clock.ts';
export { closestName, suggestName } from './driver/closest-name.ts';
export { type ConnectionUrl, maskUrl, parseConnectionUrl } from './driver/connection-url.ts';
export type {
  BatchExecuteOptions,
  Connection,
  Driver,
  ExecuteOptions,
  ExternalChange,
  StatementExecutor,
  Transaction,
  TransactOptions,
} from './driver/driver.ts';
export { EmbeddedDriver, type EmbeddedDriverParts, type OpenEmbedded } from './driver/embedded/embedded-driver.ts';
export { checkHttpOptions, type HttpOptions } from './driver/http/check-http-options.ts';
export { HttpDriver } from './driver/http/http-driver.ts';
export { httpFailure, lostAnswer } from './driver/http/http-failure.ts';
export type { OpenRequests } from './driver/http/open-requests.ts';
export { importPackage } from './driver/import-package.ts';
export type { LogEvent } from './driver/log-event.ts';
export { aborted, Mutex } from './driver/mutex.ts';
export type { ConnectionSource } from './driver/pool/connection-source.ts';
export { type CorrectedPoolOptions, type Correction, correctPoolOptions } from './driver/pool/correct-pool-options.ts';
export { createPool } from './driver/pool/create-pool.ts';
export type { Lease } from './driver/pool/lease.ts';
export { type ClosingSocket, OpenSockets } from './driver/pool/open-sockets.ts';
export type { Pool, PoolParts } from './driver/pool/pool.ts';
export type { PoolOptions, PoolSettings } from './driver/pool/pool-options.ts';
export { PooledDriver } from './driver/pool/pooled-driver.ts';
export type {
  PostgresClient,
  PostgresModule,
  PostgresPool,
  PostgresPoolClient,
} from './driver/postgres-client/client.ts';
export { createClientDriver } from './driver/postgres-client/client-driver.ts';
export {
  type ClientOptions,
  type ClientSettings,
  clientOptions,
  readClientOptions,
} from './driver/postgres-client/client-options.ts';

export { isSecret, revealSecret, Secret, type SecretSource } from './driver/secret.ts';
export {
  readServerOptions,
  type ServerDefaults,
  type ServerOptions,
  type ServerSettings,
} from './driver/server-options.ts';
export { beganByStatement, runInTransaction, type TransactionSession } from './driver/session-transaction.ts';
export type { TlsOptions } from './driver/tls-options.ts';
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
} from './errors.ts';
export type { Capabilities, IsolationLevel } from './wire/capabilities.ts';
export type { Clock } from './wire/clock.ts';
export { after, type MaybePromise } from './wire/maybe-promise.ts';
export type { ResultSet } from './wire/result-set.ts';
export type { Statement } from './wire/statement.ts';
export type { WireRow, WireValue } from './wire/wire-value.ts';

import {
  AbortedError,
  CheckViolationError,
  ConnectionError,
  DeadlockError,
  DriverError,
  type ErrorDetails,
  ForeignKeyViolationError,
  LockTimeoutError,
  NotNullViolationError,
  type Outcome,
  PersistenceError,
  SerializationFailureError,
  StatementTimeoutError,
  TransactionScopeError,
  UniqueViolationError,
} from '../../errors.ts';
import { foreignKeyColumns, uniqueColumns } from './key-columns.ts';

/** The fields of an error as the server sends them (https://www.postgresql.org/docs/current/protocol-error-fields.html). */
export interface PostgresErrorFields {
  /** The SQLSTATE. */
  readonly code?: string | undefined;
  readonly message: string;
  readonly severity?: string | undefined;
  readonly detail?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
  readonly position?: string | undefined;
  readonly routine?: string | undefined;
}

/** Whether an error is the server's own answer, and not a failure on the way to it. */
export function isPostgresError(error: unknown): error is PostgresErrorFields {
  return error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
}

/** What the driver knows of a failure beside the server's own words. */
export interface FailureContext {
  /** Whether the driver itself had the statement cancelled. */
  readonly cancelled?: boolean;
  /** What became of the work where the connection went away with the failure; `rolled-back` unless given. */
  readonly outcome?: Outcome;
}

/**
 * The server's error without what may hold values: no detail, no hint, no context, and a message with its quotations
 * masked. It is the `cause` of the error that an application gets, and so ends up in logs.
 */
export class PostgresServerError extends Error {
  /** The SQLSTATE. */
  readonly sqlState: string;
  readonly severity: string | undefined;
  readonly schema: string | undefined;
  readonly dataType: string | undefined;
  /** Where in the statement, counted in characters from 1. */
  readonly position: number | undefined;
  readonly routine: string | undefined;

  constructor(fields: PostgresErrorFields) {
    super(redact(fields));
    this.name = 'PostgresServerError';
    this.sqlState = fields.code ?? '';
    this.severity = fields.severity;
    this.schema = fields.schema;
    this.dataType = fields.dataType;
    this.position = fields.position === undefined ? undefined : Number(fields.position);
    this.routine = fields.routine;
  }
}

/** Turns an error of the server into Meshestra's. Rules: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function postgresError(fields: PostgresErrorFields, context: FailureContext = {}): PersistenceError {
  const { code = '', table, constraint } = fields;
  const cause = new PostgresServerError(fields);
  const details: ErrorDetails = {
    cause,
    ...(table === undefined ? {} : { table }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(context.outcome === undefined ? {} : { outcome: context.outcome }),
  };
  const failure: Failure = { fields, text: cause.message, details, context };
  const rule = RULES.get(code) ?? RULES.get(code.slice(0, 2));
  return rule?.(failure) ?? new DriverError(`PostgreSQL: ${cause.message} (${code})`, details);
}

interface Failure {
  readonly fields: PostgresErrorFields;
  /** The message, masked. */
  readonly text: string;
  readonly details: ErrorDetails;
  readonly context: FailureContext;
}

type Rule = (failure: Failure) => PersistenceError;

/** By SQLSTATE, or by its class, which is its first two characters. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['23505', unique],
  ['23503', foreignKey],
  ['23001', foreignKey],
  ['23502', notNull],
  ['23514', check],
  [
    '23P01',
    ({ fields, details }) =>
      new CheckViolationError(`the exclusion constraint ${named(fields.constraint)} does not allow a row`, details),
  ],
  ['22001', unfit],
  ['22003', unfit],
  ['22007', unfit],
  ['22008', unfit],
  ['22P02', unfit],
  ['22P03', unfit],
  ['22P05', unfit],
  ['22021', unfit],
  ['22030', unfit],
  ['22032', unfit],
  ['40001', ({ text, details }) => new SerializationFailureError(`${text}; try the transaction again`, details)],
  ['40P01', ({ text, details }) => new DeadlockError(`${text}; try the transaction again`, details)],
  [
    '40003',
    ({ text, details }) =>
      new ConnectionError(`what became of the work is not known: ${text}`, { ...details, outcome: 'unknown' }),
  ],
  ['55P03', ({ text, details }) => new LockTimeoutError(`a lock could not be had: ${text}`, details)],
  ['57014', cancelled],
  [
    '25P02',
    ({ details }) =>
      new TransactionScopeError(
        'an earlier statement of this transaction failed, so it runs no more until it is rolled back, to a savepoint or as a whole',
        details,
      ),
  ],
  ['42501', permission],
  ['53300', ({ text, details }) => new ConnectionError(`the server has no connection free: ${text}`, details)],
  ['57P01', ended],
  ['57P02', ended],
  ['57P03', ended],
  ['57P05', ended],
  ['08', ended],
  ['25P03', ended],
  ['28', refused],
  ['3D', refused],
]);

/** A value that the type of its column does not take: what a CHECK is elsewhere. */
function unfit({ text, details }: Failure): PersistenceError {
  return new CheckViolationError(`a value does not fit: ${text}`, details);
}

function ended({ text, details }: Failure): PersistenceError {
  return new ConnectionError(`the server ended or refused the connection: ${text}`, details);
}

/** Trying again with the same name and password does not help. */
function refused({ text, details }: Failure): PersistenceError {
  return new ConnectionError(`the server refused the connection: ${text}`, { ...details, retryable: false });
}

function unique({ fields, details }: Failure): PersistenceError {
  const columns = uniqueColumns(fields.detail);
  const what = columns === null ? named(fields.constraint) : qualified(fields.table, columns);
  return new UniqueViolationError(
    `${what} must be unique, and such a value is there already`,
    columns === null ? details : { ...details, columns },
  );
}

function foreignKey({ fields, details }: Failure): PersistenceError {
  const columns = foreignKeyColumns(fields.detail);
  const what = `the foreign key ${named(fields.constraint)} of ${fields.table ?? 'a table'}`;
  return new ForeignKeyViolationError(
    `${what}: a row refers to a row that is not there, or is still referred to`,
    columns === null ? details : { ...details, columns },
  );
}

function notNull({ fields, details }: Failure): PersistenceError {
  const { table, column } = fields;
  if (column === undefined) return new NotNullViolationError('a column must have a value', details);
  return new NotNullViolationError(`${qualified(table, [column])} must have a value`, {
    ...details,
    columns: [column],
  });
}

function check({ fields, details }: Failure): PersistenceError {
  return new CheckViolationError(`the check ${named(fields.constraint)} refused a value`, details);
}

function cancelled({ fields, text, details, context }: Failure): PersistenceError {
  // The server says it in the language of lc_messages only; a driver that did not cancel leaves the timeout.
  if (context.cancelled === true || /user request/.test(fields.message)) {
    return new AbortedError('the statement was cancelled', details);
  }
  return new StatementTimeoutError(`the statement ran for longer than it may: ${text}`, details);
}

function permission({ text, details }: Failure): PersistenceError {
  const advice = /sequence/.test(text)
    ? '; rows are inserted together only by a role that may use the sequence of their keys: GRANT USAGE ON SEQUENCE'
    : '';
  return new PersistenceError('permission-denied', `PostgreSQL: ${text}${advice}`, details);
}

function named(constraint: string | undefined): string {
  return constraint === undefined ? 'without a name' : `"${constraint}"`;
}

function qualified(table: string | undefined, columns: readonly string[]): string {
  return columns.map((column) => (table === undefined ? column : `${table}.${column}`)).join(', ');
}

// Errors of values quote them, in the quotation marks of any language; those of syntax quote the text that follows.
function redact({ code = '', message }: PostgresErrorFields): string {
  // A guard of a batch, which no value of an application is part of.
  const guard = code === '22P02' ? /["«»„](meshestra guard \d+;)/.exec(message)?.[1] : undefined;
  if (guard !== undefined) return guard;
  if (code.startsWith('22')) return message.replace(/"[\s\S]*"|«[\s\S]*»|»[\s\S]*«|„[\s\S]*“/g, '"…"');
  if (code === '42601') return message.replace(/"(?!\w{1,63}"|\$\d+")[\s\S]*"/g, '"…"');
  return message;
}

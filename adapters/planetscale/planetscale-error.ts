import { type FailureSubject, type MysqlFailure, mysqlError, redactMysql } from '../../src/dialect/mysql/index.ts';
import {
  ConnectionError,
  DriverError,
  httpFailure,
  lostAnswer,
  type Outcome,
  PersistenceError,
  StatementTimeoutError,
  UnsupportedByDriverError,
  ValidationError,
} from '../../src/port.ts';

const NAME = 'planetscale';

/** What the package rejects with where an answer came. */
interface NativeError extends Error {
  readonly status: number;
  readonly body?: { readonly code?: string; readonly message?: string };
  /** There where the answer was none of the database's. */
  readonly context?: { readonly status: number };
}

/** A failure of the database as Vitess tells it. */
interface VitessFailure {
  /** gRPC's name of the kind of error, in lower case and without `_`. */
  readonly code: string;
  readonly message: string;
}

/** The error's number stands behind the server's words, and before the statement, whose values are hidden. */
const NUMBER = /\(errno (\d+)\) \(sqlstate \w+\)/g;
const CODE = /^(?:target: [^ ]* )?(?:vttablet: )?rpc error: code = (\w+) desc = /;

/** The number and words of MySQL's error, where it is one. */
export function mysqlFailureOf(error: unknown): MysqlFailure | null {
  if (!isNative(error) || error.context !== undefined) return null;
  const { message } = error;
  const last = [...message.matchAll(NUMBER)].at(-1);
  if (last?.[1] === undefined) return null;
  return { errno: Number(last[1]), message: message.slice(CODE.exec(message)?.[0].length ?? 0, last.index).trim() };
}

/**
 * Turns the failure of a request into Meshestra's error.
 *
 * @param lost - what became of the work where the answer is lost
 */
export function planetscaleError(error: unknown, subject: FailureSubject, lost: Outcome): PersistenceError {
  if (error instanceof PersistenceError) return error;
  if (!isNative(error)) return lostAnswer(NAME, withoutBody(error), lost);
  if (error.context !== undefined) return httpFailure(NAME, error.context.status, lost);
  const failure = mysqlFailureOf(error);
  if (failure !== null) return mysqlError(failure, subject, causeOf(failure), lost);
  // With an HTTP status of its own an answer did not come out of the database; that of the database's errors is always 400.
  if (error.status !== 400) return httpFailure(NAME, error.status, lost);
  return vitessError(vitessFailureOf(error), lost);
}

function vitessFailureOf({ message, body }: NativeError): VitessFailure {
  const [prefix = '', code = body?.code ?? ''] = CODE.exec(message) ?? [];
  // What it quotes may be a value.
  const words = redactMysql({ errno: 0, message: message.slice(prefix.length) });
  return { code: code.toLowerCase().replaceAll('_', ''), message: words };
}

function vitessError({ code, message }: VitessFailure, lost: Outcome): PersistenceError {
  const said = `${NAME}: ${message}`;
  switch (code) {
    case 'aborted':
      return /exceeded timeout/i.test(message)
        ? new StatementTimeoutError(`${said}; the server ends a transaction that takes too long`)
        : new ConnectionError(`${said}; the transaction is rolled back`, { outcome: 'rolled-back' });
    case 'canceled':
    case 'deadlineexceeded':
      return new StatementTimeoutError(said, { outcome: lost });
    case 'resourceexhausted':
      return /larger than|too large|max_allowed_packet/i.test(message)
        ? new ValidationError(`${said}; write less in one flush or statement, or read fewer rows at once`)
        : new ConnectionError(said, { outcome: 'rolled-back', retryable: true });
    case 'unauthenticated':
    case 'permissiondenied':
      return new ConnectionError(`${said}; check the URL, user and password`, { retryable: false });
    case 'unavailable':
    case 'internal':
      return new ConnectionError(said, { outcome: lost });
    case 'unimplemented':
      return new UnsupportedByDriverError(said);
    default:
      return /\bVT12001\b|^unsupported:/.test(message) ? new UnsupportedByDriverError(said) : new DriverError(said);
  }
}

function isNative(error: unknown): error is NativeError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'body' in error;
}

// The parser of JSON quotes what it could not read, and that may hold values.
function withoutBody(error: unknown): unknown {
  return error instanceof SyntaxError ? new Error('the answer is cut, or no JSON') : error;
}

/** The error without values, with the number that the dialect asks for. */
function causeOf(failure: MysqlFailure): Error {
  return Object.assign(new Error(redactMysql(failure)), { name: 'DatabaseError', errno: failure.errno });
}

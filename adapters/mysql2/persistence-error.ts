import { type FailureSubject, mysqlError, redactMysql } from '../../src/dialect/mysql/index.ts';
import {
  ConnectionError,
  DriverError,
  type Outcome,
  PersistenceError,
  UnsupportedByDriverError,
} from '../../src/port.ts';

/** What mysql2 rejects with. */
export interface NativeError {
  readonly message: string;
  /** The server's number of the error; absent where the failure is not the server's. */
  readonly errno?: number;
  readonly code?: string;
  readonly sqlState?: string;
  /** Whether the connection is lost. */
  readonly fatal?: boolean;
}

/** The failures of the way to the server that trying again does not mend. */
const FINAL =
  /^(?:HANDSHAKE_|AUTH_|CERT_|ERR_TLS|ERR_SSL|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|ERR_INVALID)/;

/** Whether an error says that the way to the server is lost. */
function isLost(error: NativeError): boolean {
  if (error.fatal === true || error.code === 'PROTOCOL_CONNECTION_LOST') return true;
  return error.sqlState === undefined && /^(?:E[A-Z]+|PROTOCOL_|HANDSHAKE_)/.test(error.code ?? '');
}

/** The number that the server gave an error, where it is the server's. Those of the operating system are negative. */
export function serverNumber({ errno }: NativeError): number | undefined {
  return errno !== undefined && errno > 0 ? errno : undefined;
}

/**
 * Turns what mysql2 rejected with into Meshestra's error.
 *
 * @param outcome - what a loss of the connection means for the work that was under way
 */
export function persistenceError(error: unknown, subject: FailureSubject, outcome: Outcome): PersistenceError {
  if (error instanceof PersistenceError) return error;
  const native = error as NativeError;
  const number = serverNumber(native);
  const cause = redacted(native, number);
  if (number !== undefined) return mysqlError({ errno: number, message: native.message }, subject, cause, outcome);
  // mysql2 looks at the names of columns though rows are arrays, and then gives the connection up.
  if (/private property/.test(cause.message)) {
    return new UnsupportedByDriverError('mysql2 reads no column of this name; give it an alias in the SELECT', {
      cause,
    });
  }
  if (!isLost(native)) return new DriverError(`mysql2: ${cause.message}`, { cause });
  const retryable = outcome !== 'unknown' && !FINAL.test(native.code ?? '');
  return new ConnectionError(
    `the connection to the server failed or was lost (${native.code ?? 'no code'})${outcome === 'unknown' ? '; whether the work was done is not known' : ''}`,
    { cause, outcome, retryable },
  );
}

/** The error without values: mysql2's own carries the statement and the server's words. */
function redacted(native: NativeError, number: number | undefined): Error {
  const message = String(native.message);
  const cause = new Error(number === undefined ? message : redactMysql({ errno: number, message }));
  const { code, errno, sqlState } = native;
  return Object.assign(cause, { name: 'Mysql2Error', code, errno, sqlState });
}

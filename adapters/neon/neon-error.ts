import { postgresError } from '../../src/dialect/postgres/index.ts';
import {
  ConnectionError,
  DriverError,
  httpFailure,
  lostAnswer,
  type Outcome,
  PersistenceError,
} from '../../src/port.ts';
import { NeonRefusal } from './protocol.ts';

/** What a failure is judged by. */
export interface FailedRequest {
  /** What became of the work where the answer is lost. */
  readonly lost: Outcome;
  /** Whether it was a batch, which the server rolls back as a whole. */
  readonly isBatch: boolean;
}

/** The classes of errors that come before anything is run: the login, the name of the database, no connection free. */
const NEVER_RUN = /^(?:28|3D|53)/;
/** With these the server, or the proxy, ended the connection, so that a COMMIT may have been done. */
const ENDED = /^(?:08|57P0)/;
/** What the proxy says, without a code, when it did not come to run anything. */
const REFUSED =
  /password|authentica|connection string|endpoint|project|role|token|jwt|isolation level|quota|limit|encoding message|serializing/i;

/** Turns the failure of a request into Meshestra's error. */
export function neonError(error: unknown, request: FailedRequest): PersistenceError {
  if (error instanceof PersistenceError) return error;
  if (!(error instanceof NeonRefusal)) return lostAnswer('neon', error, request.lost);
  const { status, fields } = error;
  if (fields?.code) return databaseError(error, request);
  if (status === 507) {
    const message = 'neon: the answer is larger than it sends; read fewer rows at once, by limit or by pages';
    return new DriverError(message, { outcome: request.isBatch ? 'rolled-back' : request.lost });
  }
  if (status !== 400) return httpFailure('neon', status, request.lost);
  const message = fields?.message ?? 'it says nothing of the reason';
  if (REFUSED.test(message)) {
    return new ConnectionError(`neon: the server refused the request: ${message}`, { retryable: false });
  }
  return lostAnswer('neon', new Error(message), request.lost);
}

function databaseError({ fields }: NeonRefusal, { lost }: FailedRequest): PersistenceError {
  const { code = '', severity } = fields ?? {};
  const isLost = ENDED.test(code) || (severity === 'FATAL' && !NEVER_RUN.test(code));
  return postgresError(fields ?? { message: '' }, { outcome: isLost ? lost : 'rolled-back' });
}

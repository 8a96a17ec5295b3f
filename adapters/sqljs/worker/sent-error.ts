import { DriverError, type ErrorDetails, PersistenceError } from '../../../src/errors.ts';
import type { SentError } from './messages.ts';

/** Takes an error apart for its way through `postMessage`. */
export function sendError(error: unknown): SentError {
  const known = error instanceof PersistenceError ? error : new DriverError('the worker failed', { cause: error });
  const { code, message, retryable, outcome, entity, property, table, columns, constraint, cause } = known;
  return {
    code,
    message,
    retryable,
    outcome,
    ...present({ entity, property, table, columns, constraint, cause: describe(cause) }),
  };
}

/** Puts it together again, with its code and fields. */
export function receiveError(sent: SentError): PersistenceError {
  const { code, message, cause, ...details } = sent;
  const known: ErrorDetails = cause === undefined ? details : { ...details, cause: new Error(cause) };
  return new PersistenceError(code, message, known);
}

/** A cause in one line: it may hold what cannot be cloned. */
export function describe(cause: unknown): string | undefined {
  return cause === undefined ? undefined : String(cause);
}

type Present<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

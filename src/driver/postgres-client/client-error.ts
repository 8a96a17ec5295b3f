import { type FailureContext, isPostgresError, postgresError } from '../../dialect/postgres/error-map.ts';
import { ConnectionError, type Outcome, PersistenceError } from '../../errors.ts';

/**
 * Turns what a client throws into Meshestra's error. `lost` is what became of the work where the connection was lost before
 * the answer came.
 */
export function clientError(error: unknown, lost: Outcome, context: FailureContext = {}): PersistenceError {
  if (error instanceof PersistenceError) return error;
  if (isPostgresError(error)) return postgresError(error, context);
  const message = describe(error);
  const outcome = NOT_SENT.test(message) ? 'rolled-back' : lost;
  return new ConnectionError(`the connection to the server failed: ${message}`, { cause: error, outcome });
}

// Where a name has several addresses and none answers, Node's error of them all has no words of its own.
function describe(error: unknown): string {
  // A WebSocket tells of its failure by an event.
  if (!(error instanceof Error)) return String((error as { readonly message?: unknown } | null)?.message ?? error);
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  if (error.message !== '') return error.message;
  return errors === undefined || errors.length === 0 ? String(code ?? error.name) : errors.map(describe).join('; ');
}

// What a client says of a connection that it knows is lost, instead of sending anything.
const NOT_SENT = /is not queryable/;

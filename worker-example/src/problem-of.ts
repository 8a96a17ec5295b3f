import { HTTPException } from 'hono/http-exception';
import type { ErrorCode, PersistenceError, StaleEntityError, ValidationError, ValidationProblem } from 'meshestra';
import { type InvalidPart, Problem, type ProblemDetails, type ProblemKind } from './problem.ts';

const KINDS: { readonly [C in ErrorCode]?: ProblemKind } = {
  validation: 'invalid',
  'not-null-violation': 'invalid',
  'check-violation': 'invalid',
  'unique-violation': 'already-there',
  'foreign-key-violation': 'refers-to-nothing',
  'stale-entity': 'stale-entity',
  'not-found': 'not-found',
  'permission-denied': 'forbidden',
  'serialization-failure': 'busy',
  deadlock: 'busy',
  'lock-timeout': 'busy',
  'statement-timeout': 'busy',
  'pool-timeout': 'busy',
  connection: 'busy',
  aborted: 'busy',
};

/** What an error is for the client. What it cannot help is `internal` without any detail; the caller should log that. */
export function problemOf(error: unknown, method: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException) return problemOfHttp(error);
  // By the code, not by instanceof: see the errors of meshestra.
  const { code, outcome } = error as PersistenceError;
  const kind = KINDS[code];
  if (kind === undefined) return new Problem('internal');
  if (outcome === 'unknown' && method !== 'GET') return new Problem('outcome-unknown');
  if (kind === 'busy') return new Problem('busy', {}, { 'retry-after': '1' });
  if (kind === 'refers-to-nothing' && method === 'DELETE') return new Problem('still-referred-to');
  return new Problem(kind, detailsOf(error as PersistenceError));
}

/** Messages of these errors name entities and columns, and never a value. */
function detailsOf(error: PersistenceError): ProblemDetails {
  const { code, message: detail, entity, table = entity, columns } = error;
  if (code === 'stale-entity') return { detail, entity, rows: (error as StaleEntityError).rows };
  if (code === 'unique-violation') return { detail, entity: table, columns };
  const problems = code === 'validation' ? (error as ValidationError).problems : [];
  if (problems.length > 0) return { detail, errors: problems.map(invalidProperty) };
  const { property } = error;
  return property === undefined ? { detail } : { detail, errors: [{ entity, property, detail }] };
}

/** Which of the entities that a body made is told by its kind: where in the body it came from the database layer cannot know. */
function invalidProperty({ entity, path, message }: ValidationProblem): InvalidPart {
  return { entity, property: path.join('.'), detail: message };
}

function problemOfHttp(error: HTTPException): Problem {
  if (error.status === 400) return new Problem('malformed-body');
  if (error.status === 413) return new Problem('too-large');
  if (error.status !== 401) return new Problem('internal');
  const challenge = error.getResponse().headers.get('www-authenticate');
  return new Problem(
    'unauthenticated',
    { detail: error.message },
    challenge === null ? {} : { 'www-authenticate': challenge },
  );
}

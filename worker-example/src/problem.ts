import type { Context } from 'hono';

/** The kinds of problems that this API reports, by the last part of their `type`. */
export const PROBLEMS = {
  'malformed-body': { status: 400, title: 'The body is not JSON' },
  unauthenticated: { status: 401, title: 'A signed token is needed' },
  forbidden: { status: 403, title: 'The role in the token does not allow this' },
  'not-found': { status: 404, title: 'There is no such thing here' },
  'stale-entity': { status: 409, title: 'Somebody else has changed it since you read it' },
  'already-there': { status: 409, title: 'Something with the same unique value is there already' },
  'still-referred-to': { status: 409, title: 'Something else still refers to it' },
  'too-large': { status: 413, title: 'The body is too large' },
  'not-json': { status: 415, title: 'The body must be sent as application/json' },
  invalid: { status: 422, title: 'Some values are not acceptable' },
  'refers-to-nothing': { status: 422, title: 'It refers to something that is not there' },
  internal: { status: 500, title: 'Something went wrong here' },
  busy: { status: 503, title: 'The database cannot do it right now; try again' },
  'outcome-unknown': {
    status: 504,
    title: 'The answer of the database was lost: look whether it is there, then try again',
  },
} as const;

/** The name of a kind of problem. */
export type ProblemKind = keyof typeof PROBLEMS;

/**
 * One thing that is wrong with a request: where in its body (a JSON pointer), in which parameter of its URL, or, where only
 * the entities know it, with which property.
 */
export interface InvalidPart {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly entity?: string | undefined;
  readonly property?: string;
  readonly detail: string;
}

/** What a problem document says beside its kind. */
export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly InvalidPart[];
  readonly [extension: string]: unknown;
}

/** A request that ends here, with a problem document for its answer. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly details: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;

  constructor(kind: ProblemKind, details: ProblemDetails = {}, headers: Readonly<Record<string, string>> = {}) {
    super(details.detail ?? PROBLEMS[kind].title);
    this.kind = kind;
    this.details = details;
    this.headers = headers;
  }
}

/** The problem document (RFC 9457): `type`, `title`, `status`, and what is known of this occurrence. */
export function answerProblem(c: Context, { kind, details, headers }: Problem): Response {
  const { status, title } = PROBLEMS[kind];
  return c.json({ type: `/problems/${kind}`, title, status, ...details }, status, {
    ...headers,
    'content-type': 'application/problem+json',
  });
}

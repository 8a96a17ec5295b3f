import { ConnectionError, type Outcome, type PersistenceError, ValidationError } from '../../errors.ts';

/** Codes of the runtime's network errors that say that no byte of the request was sent. */
const NEVER_SENT =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED)/;

/** The error for a request whose answer did not come, or not as a whole. `lost` is what became of the work then. */
export function lostAnswer(name: string, error: unknown, lost: Outcome): PersistenceError {
  const outcome = NEVER_SENT.test(codeOf(error)) ? 'rolled-back' : lost;
  const doubt = outcome === 'unknown' ? '; whether the work was done is not known' : '';
  return new ConnectionError(`${name}: no answer came from the server: ${describe(error)}${doubt}`, { outcome });
}

/** The error for an answer that is not the database's own, by its HTTP status. */
export function httpFailure(name: string, status: number, lost: Outcome): PersistenceError {
  const said = `${name}: the server answered with HTTP status ${status}`;
  if (status === 413) {
    return new ValidationError(`${said}: the request is larger than it takes; write less in one flush or statement`);
  }
  if (status === 429) return new ConnectionError(`${said}: too many requests`, { retryable: true });
  if (status === 401 || status === 403 || status === 404 || status === 405) {
    return new ConnectionError(`${said}: check the URL, user and password`, { retryable: false });
  }
  const doubt = lost === 'unknown' ? '; whether the work was done is not known' : '';
  return new ConnectionError(`${said}${doubt}`, { outcome: lost });
}

/** What an error says, with what its causes say. The errors themselves may hold the request, and so values and passwords. */
function describe(error: unknown): string {
  const texts: string[] = [];
  for (let one: unknown = error; one instanceof Error && texts.length < 4; one = one.cause) {
    const text = one.message === '' ? one.name : one.message;
    if (!texts.includes(text)) texts.push(text);
  }
  if (texts.length === 0) return 'it failed without a word';
  // Some errors quote the URL that they are about.
  return texts.join(': ').replace(/\/\/[^\s/]*@/g, '//***@');
}

function codeOf(error: unknown): string {
  for (let one: unknown = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth += 1) {
    if ('code' in one && typeof one.code === 'string') return one.code;
  }
  return '';
}

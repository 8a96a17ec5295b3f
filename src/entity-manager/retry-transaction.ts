import { AbortedError, type ErrorCode, type PersistenceError, ValidationError } from '../errors.ts';
import type { EntityManager, RetryOptions } from './entity-manager.ts';
import type { EntityScope } from './entity-scope.ts';
import { markAll, refreshKnown } from './refresh.ts';

/** What one try after the other needs of a handle. */
export interface Attempts {
  readonly handle: EntityManager;
  readonly scope: EntityScope;
  /** Runs work in a transaction, or in a savepoint where one is open. */
  readonly begin: <R>(work: (em: EntityManager) => Promise<R>) => Promise<R>;
}

const CODES: readonly ErrorCode[] = ['serialization-failure', 'deadlock'];
// The longest that timers of browsers and Node can wait; they take more for 1 ms.
const LONGEST = 2 ** 31 - 1;

/** Runs work in a transaction until it commits, fails for good, or has failed too often. */
export async function withRetries<R>(
  attempts: Attempts,
  work: (em: EntityManager) => Promise<R>,
  retry: RetryOptions | undefined,
  signal: AbortSignal | undefined,
): Promise<R> {
  if (retry === undefined) return attempts.begin(work);
  checkRetry(retry);
  const { attempts: most = 3 } = retry;
  await checkClean(attempts.handle);
  const again = async (em: EntityManager): Promise<R> => {
    // Here, not before: what they are at the beginning of this transaction is what this try builds upon.
    await refreshKnown(attempts.scope);
    return work(em);
  };
  for (let tried = 1; ; tried += 1) {
    const takeBack = markAll(attempts.scope.unit);
    try {
      return await attempts.begin(tried === 1 ? work : again);
    } catch (error) {
      if (tried >= most || !isWorthRetrying(error, retry)) throw error;
      takeBack();
    }
    await pause(attempts.scope, retry, tried, signal);
  }
}

/** Work of unknown outcome may be in the database already. */
function isWorthRetrying(error: unknown, { codes }: RetryOptions): boolean {
  const { code, outcome, retryable } = (error ?? {}) as Partial<PersistenceError>;
  if (code === undefined || outcome !== 'rolled-back') return false;
  return codes === undefined ? retryable === true && CODES.includes(code) : codes.includes(code);
}

async function pause(
  { session }: EntityScope,
  { backoff = 50, maxBackoff = 2000 }: RetryOptions,
  tried: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const longest = Math.min(backoff * 2 ** (tried - 1), maxBackoff);
  try {
    // By chance, so that those who met do not meet again.
    await session.driver.clock.sleep(longest * (0.5 + Math.random() / 2), signal);
  } catch (cause) {
    throw new AbortedError('the operation was aborted between two tries of its transaction', { cause });
  }
}

async function checkClean(handle: EntityManager): Promise<void> {
  if ((await handle.plan()).statements.length === 0) return;
  throw new ValidationError(
    'retry: the EntityManager has unflushed edits, which a second try would not make again; flush them before, or make them in the work',
  );
}

function checkRetry({ attempts = 1, backoff = 0, maxBackoff = 0, codes = CODES }: RetryOptions): void {
  if (!(Number.isSafeInteger(attempts) && attempts > 0)) {
    throw new ValidationError(`retry.attempts: expected a whole number of tries, 1 or more, got ${attempts}`);
  }
  for (const [name, ms] of Object.entries({ backoff, maxBackoff })) {
    if (typeof ms === 'number' && ms >= 0 && ms <= LONGEST) continue;
    throw new ValidationError(`retry.${name}: expected milliseconds, from 0 to ${LONGEST}, got ${ms}`);
  }
  if (!Array.isArray(codes)) throw new ValidationError('retry.codes: expected a list of error codes');
}

import { type PersistenceError, StatementTimeoutError, ValidationError } from '../errors.ts';
import type { Limits } from '../wire/limits.ts';
import type { Reader } from './reader.ts';

// The longest that timers of browsers and Node can wait; they take more for 1 ms.
const LONGEST = 2 ** 31 - 1;

/**
 * Runs work that ends when any of its limits does: the signals of the EntityManager and of the call, or the timeout of
 * the call, else that of the EntityManager. Throws `statement-timeout` where the time was up, and leaves no timer behind.
 */
export async function bounded<R>(
  reader: Reader,
  { signal, timeout = reader.limits.timeout }: Limits,
  work: (reader: Reader) => Promise<R>,
): Promise<R> {
  const asked = joined(reader.limits.signal, signal);
  if (timeout === undefined) return work(signal === undefined ? reader : limited(reader, asked));
  if (!(typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST)) {
    throw new ValidationError(`timeout: expected milliseconds, more than 0 and at most ${LONGEST}, got ${timeout}`);
  }
  const late = new AbortController();
  const done = new AbortController();
  const expire = () => late.abort(new StatementTimeoutError(`the work took longer than its ${timeout} ms`));
  reader.session.driver.clock.sleep(timeout, done.signal).then(expire, () => undefined);
  try {
    return await work(limited(reader, joined(asked, late.signal)));
  } catch (error) {
    // A driver reports every signal as 'aborted'; this one was the clock's.
    if (late.signal.aborted && (error as PersistenceError | undefined)?.code === 'aborted') throw late.signal.reason;
    throw error;
  } finally {
    done.abort();
  }
}

function limited(reader: Reader, signal: AbortSignal | undefined): Reader {
  return { session: reader.session, unit: reader.unit, limits: signal === undefined ? {} : { signal } };
}

function joined(first: AbortSignal | undefined, second: AbortSignal | undefined): AbortSignal | undefined {
  return first === undefined || second === undefined ? (first ?? second) : AbortSignal.any([first, second]);
}

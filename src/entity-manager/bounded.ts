import { type PersistenceError, StatementTimeoutError, ValidationError } from '../errors.ts';
import type { Limits } from '../wire/limits.ts';
import { LONGEST_TIMER } from '../wire/longest-timer.ts';
import type { Reader } from './reader.ts';

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
  if (!(typeof timeout === 'number' && timeout > 0 && timeout <= LONGEST_TIMER)) {
    throw new ValidationError(
      `timeout: expected milliseconds, more than 0 and at most ${LONGEST_TIMER}, got ${timeout}`,
    );
  }
  const late = new AbortController();
  const done = new AbortController();
  const text = `the work took longer than its ${timeout} ms`;
  const expire = () => late.abort(new StatementTimeoutError(text));
  reader.session.driver.clock.sleep(timeout, done.signal).then(expire, () => undefined);
  try {
    return await work(limited(reader, joined(asked, late.signal)));
  } catch (cause) {
    const error = cause as PersistenceError | undefined;
    // A driver reports every signal as 'aborted'; this one was the clock's. What became of the work, the driver knows.
    if (!late.signal.aborted || error?.code !== 'aborted') throw cause;
    throw new StatementTimeoutError(text, { cause, outcome: error.outcome });
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

/** The signal of some limits as an option, where they have one. */
export function signalOption({ signal }: Limits): { signal: AbortSignal } | undefined {
  return signal === undefined ? undefined : { signal };
}

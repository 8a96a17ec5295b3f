import type { Clock } from '../../wire/clock.ts';
import type { MaybePromise } from '../../wire/maybe-promise.ts';
import { aborted } from '../mutex.ts';

/** How long to wait for a lock that another connection or process holds. */
export interface Patience {
  readonly clock: Clock;
  /** Milliseconds; 0 fails at once. */
  readonly lockTimeout: number;
}

const LONGEST_PAUSE = 50;

/**
 * Runs `work`, again and again while it fails with `lock-timeout`, with pauses between that leave the thread to others:
 * the engine's own wait would block it, and with it whoever holds the lock in this very process.
 */
export function whileLocked<R>(work: () => R, patience: Patience, signal?: AbortSignal): MaybePromise<R> {
  try {
    return work();
  } catch (error) {
    if (!isLocked(error) || patience.lockTimeout <= 0) throw error;
    return tryAgain(work, patience, signal, error);
  }
}

/** Whether somebody else's lock was in the way, so that nothing was done. */
export function isLocked(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === 'lock-timeout';
}

async function tryAgain<R>(
  work: () => R,
  { clock, lockTimeout }: Patience,
  signal: AbortSignal | undefined,
  first: unknown,
): Promise<R> {
  const end = clock.monotonic() + lockTimeout;
  let failure = first;
  for (let pause = 1; clock.monotonic() < end; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    await clock.sleep(Math.min(pause, end - clock.monotonic()), signal).catch(() => {
      throw aborted(signal);
    });
    try {
      return work();
    } catch (error) {
      if (!isLocked(error)) throw error;
      failure = error;
    }
  }
  throw failure;
}

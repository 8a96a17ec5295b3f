import { aborted } from '../driver/mutex.ts';
import { MigrationError } from '../errors.ts';
import type { MigrationRun } from './migration-run.ts';

const WAIT_TIMEOUT = 600_000;
const LONGEST_PAUSE = 500;

/** Pauses, each longer than the one before, until the time is over; then throws `migration` with who was in the way. */
export function patience({ target, options }: MigrationRun): (who: string, cause?: unknown) => Promise<void> {
  const { clock } = target.session.driver;
  const { waitTimeout = WAIT_TIMEOUT, signal, onProgress } = options;
  const end = clock.monotonic() + waitTimeout;
  let pause = 10;
  return async (who, cause) => {
    const left = end - clock.monotonic();
    if (left <= 0) {
      throw new MigrationError(`somebody else migrates for longer than ${waitTimeout} ms: ${who}`, {
        problem: 'locked',
        ...(cause === undefined ? {} : { cause }),
      });
    }
    if (pause === 10) onProgress?.({ kind: 'waiting' });
    await clock.sleep(Math.min(pause, left), signal).catch((error: unknown) => {
      throw signal?.aborted === true ? aborted(signal) : error;
    });
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };
}

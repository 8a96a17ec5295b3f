import type { Clock } from '../../../src/port.ts';

/** How long a statement is held up that is never to be answered. */
export const HELD = 3_600_000;

/** A clock on which no time passes until somebody sleeps for {@link HELD}: then the time of everybody else is up. */
export function impatientClock(): Pick<Clock, 'sleep'> {
  const sleepers = new Set<() => void>();
  return {
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const wake = () => {
          sleepers.delete(wake);
          resolve();
        };
        signal?.addEventListener('abort', () => {
          sleepers.delete(wake);
          reject(signal.reason);
        });
        if (signal?.aborted === true) reject(signal.reason);
        else if (ms < HELD) sleepers.add(wake);
        else for (const sleeper of [...sleepers]) sleeper();
      }),
  };
}

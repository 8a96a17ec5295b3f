import type { Clock } from '../../wire/clock.ts';

/** Waits for a promise that never rejects, for so long at most; tells whether it was in time. Leaves no timer behind. */
export async function withinTime(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = clock.sleep(ms, timer.signal).then(
    () => false,
    () => false,
  );
  const inTime = await Promise.race([work.then(() => true), late]);
  timer.abort();
  return inTime;
}

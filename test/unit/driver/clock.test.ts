import { describe, expect, it } from 'vitest';
import { createClock, type Timers } from '../../../src/driver/clock.ts';

/** Timers that run when they are told to. */
function manualTimers(): Timers & { run(): void; readonly pending: number } {
  const timers = new Map<number, () => void>();
  let last = 0;
  return {
    performance: { now: () => 1.5 },
    setTimeout: (callback) => {
      last += 1;
      timers.set(last, callback);
      return last;
    },
    clearTimeout: (timer) => void timers.delete(timer as number),
    run() {
      for (const [timer, callback] of [...timers]) {
        timers.delete(timer);
        callback();
      }
    },
    get pending() {
      return timers.size;
    },
  };
}

describe('The clock of a runtime', () => {
  it('tells whole milliseconds of the day, and a time for durations', () => {
    const clock = createClock(manualTimers());
    expect(Number.isInteger(clock.now())).toBe(true);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(60_000);
    expect(clock.monotonic()).toBe(1.5);
  });

  it('sleeps until the timer runs', async () => {
    const timers = manualTimers();
    const sleeping = createClock(timers).sleep(10);
    expect(timers.pending).toBe(1);
    timers.run();
    await expect(sleeping).resolves.toBeUndefined();
  });

  it('wakes with the reason of a signal, and leaves no timer', async () => {
    const timers = manualTimers();
    const clock = createClock(timers);
    const controller = new AbortController();
    const sleeping = clock.sleep(10, controller.signal);
    controller.abort('enough');
    await expect(sleeping).rejects.toBe('enough');
    await expect(clock.sleep(10, controller.signal)).rejects.toBe('enough');
    expect(timers.pending).toBe(0);
  });

  it('works with the timers of the runtime itself', async () => {
    await expect(createClock(globalThis).sleep(1, new AbortController().signal)).resolves.toBeUndefined();
  });
});

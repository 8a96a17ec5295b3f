import type { Clock } from '../wire/clock.ts';

/** The timers of a runtime: `globalThis` of a browser, a worker, Node. */
export interface Timers {
  readonly performance: { now(): number };
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

/** The time of a runtime, whose timers are handed in: `createClock(globalThis)`. A signal wakes a sleeper with its reason. */
export function createClock(runtime: Timers): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => runtime.performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const onAbort = () => {
          runtime.clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = runtime.setTimeout(() => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        }, ms);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
  };
}

import type { Clock } from '../../src/port.ts';

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** A clock that stands still until it is told to go on. */
export interface ScriptedClock extends Clock {
  /** How many sleep. */
  readonly sleeping: number;
  /** Lets the time pass, waking sleepers in their order, each after what its forerunner led to. */
  advance(ms: number): Promise<void>;
}

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Makes a clock at zero. */
export function scriptedClock(): ScriptedClock {
  let time = 0;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => time,
    monotonic: () => time,
    get sleeping() {
      return sleepers.size;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted === true) return reject(signal.reason);
        const end = (act: () => void) => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', onAbort);
          act();
        };
        const onAbort = () => end(() => reject(signal?.reason));
        const sleeper: Sleeper = { at: time + ms, wake: () => end(resolve) };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      await settle();
      for (;;) {
        const due = [...sleepers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        time = Math.max(time, due.at);
        due.wake();
        await settle();
      }
      time = end;
    },
  };
}

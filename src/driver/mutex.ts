import { AbortedError, ClosedError } from '../errors.ts';
import type { MaybePromise } from '../wire/maybe-promise.ts';

interface Waiter {
  readonly enter: () => void;
  readonly refuse: (error: Error) => void;
}

/** Lets one in at a time, first come first served; at once and without a promise where it is free. */
export class Mutex {
  #held = false;
  #closed = false;
  readonly #waiting: Waiter[] = [];

  get isFree(): boolean {
    return !this.#held;
  }

  /** Enters; rejects with `aborted` when the signal fires first, with `closed` after {@link Mutex.close}. */
  acquire(signal?: AbortSignal): MaybePromise<void> {
    if (this.#closed) throw new ClosedError('the database is closed');
    if (signal?.aborted === true) throw aborted(signal);
    if (!this.#held) {
      this.#held = true;
      return;
    }
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        enter: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
        refuse: (error) => {
          signal?.removeEventListener('abort', onAbort);
          reject(error);
        },
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(aborted(signal));
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(waiter);
    });
  }

  /** Leaves, and lets the next one in. */
  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held = false;
    else next.enter();
  }

  /** Refuses whoever waits and whoever comes; resolves when nobody is inside any more. */
  async close(): Promise<void> {
    for (const waiter of this.#waiting.splice(0)) waiter.refuse(new ClosedError('the database was closed meanwhile'));
    const entered = this.#closed ? undefined : this.acquire();
    this.#closed = true;
    await entered;
  }
}

/** The error for a signal that fired before the work was done. */
export function aborted(signal: AbortSignal | undefined): AbortedError {
  return new AbortedError('the operation was aborted', { cause: signal?.reason });
}

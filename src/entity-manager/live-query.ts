import type { EventHub } from '../session/session-events.ts';

/** What a live query needs: the present result, and the tables that it depends on. */
export interface LiveSource<R> {
  readonly tables: ReadonlySet<string>;
  readonly events: EventHub;
  read(): Promise<R>;
  /** Told once, when the query has ended. */
  onEnd(): void;
}

/**
 * An iterator that yields the result of a read, and yields anew after each commit that touched its tables. Commits that
 * come while the consumer is busy count as one. Ending the loop, or calling `return()`, stops it at once.
 */
export function createLiveQuery<R>({ tables, events, read, onEnd }: LiveSource<R>): AsyncIterableIterator<R> {
  let stale = true;
  let ended = false;
  let waiting: (() => void)[] = [];
  const signal = (): void => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  const stop = events.on('change', (change) => {
    if (!change.tables.some((table) => tables.has(table))) return;
    stale = true;
    signal();
  });
  const end = (): IteratorResult<R> => {
    if (!ended) onEnd();
    ended = true;
    stop();
    signal();
    return { done: true, value: undefined };
  };
  return {
    async next(): Promise<IteratorResult<R>> {
      while (!stale && !ended) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
      if (ended) return { done: true, value: undefined };
      // A commit during the read makes the result stale again.
      stale = false;
      try {
        const value = await read();
        return ended ? { done: true, value: undefined } : { done: false, value };
      } catch (error) {
        end();
        throw error;
      }
    },
    async return(): Promise<IteratorResult<R>> {
      return end();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

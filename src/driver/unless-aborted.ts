import { aborted } from './mutex.ts';

/** The outcome of work that others may wait for, too; rejects with `aborted` as soon as this caller's signal fires. */
export function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(signal));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const end = () => signal.removeEventListener('abort', onAbort);
    work.finally(end).then(resolve, reject);
  });
}

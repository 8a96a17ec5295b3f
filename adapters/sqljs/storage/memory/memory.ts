import type { Storage } from '../block-store.ts';

/** Keeps the database in memory only. It ends with the page, the worker or the process. */
export function memory(): Storage {
  return { kind: 'memory', name: '', open: () => undefined };
}

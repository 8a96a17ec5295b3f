import type { Storage } from '../storage/block-store.ts';

/** Remembers, outside of IndexedDB, that there is a database: so an evicted one can be told from a new one. */
export interface EvictionMarker {
  readonly isSet: boolean;
  set(): void;
}

/** The marker of a storage, in localStorage; never set where there is none (workers, Node). */
export function evictionMarker({ kind, name }: Storage): EvictionMarker {
  const key = `meshestra:${kind}:${name}`;
  const entries = localEntries();
  return {
    isSet: entries?.getItem(key) !== null && entries !== undefined,
    set: () => {
      try {
        entries?.setItem(key, '1');
      } catch {
        // Without room for one more character the database itself is the concern.
      }
    },
  };
}

// Reading the property throws where the user blocks cookies; Node warns of it unless it was given a file.
function localEntries(): globalThis.Storage | undefined {
  if (typeof document === 'undefined') return undefined;
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

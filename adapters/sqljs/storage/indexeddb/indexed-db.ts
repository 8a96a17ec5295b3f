import { ConfigurationError } from '../../../../src/port.ts';
import type { Storage } from '../block-store.ts';

/**
 * Keeps the database in IndexedDB, under the IndexedDB name `meshestra:<name>`. A commit stores the pages it changed, in
 * one transaction, whatever the size of the database.
 */
export function indexedDb(name: string): Storage {
  if (typeof name !== 'string' || name === '') throw new ConfigurationError('indexedDb() needs a name');
  return {
    kind: 'indexeddb',
    name,
    // Imported on use, so that a program without IndexedDB needs no idb-keyval; bundlers make it a chunk.
    open: async (context) => {
      const { LogStore } = await import('./log-store.ts');
      return new LogStore(`meshestra:${name}`, context);
    },
  };
}

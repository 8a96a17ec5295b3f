import { PersistenceError, StorageBlockedError, StorageQuotaError } from '../../../../src/errors.ts';

/** Turns a failure of IndexedDB into Meshestra's error. Chromium's quota error has no message at all. */
export function storageError(error: unknown): PersistenceError {
  if (error instanceof PersistenceError) return error;
  if (nameOf(error) === 'QuotaExceededError') {
    return new StorageQuotaError('the browser has no room left for this database', { cause: error });
  }
  return new StorageBlockedError('the browser refused access to IndexedDB', { cause: error });
}

/** Whether the connection to IndexedDB died, as it does in Safari's background, so that a new one may work. */
export function isLostConnection(error: unknown): boolean {
  const name = nameOf(error);
  if (name === 'InvalidStateError' || name === 'UnknownError' || name === 'AbortError') return true;
  return error instanceof Error && /connection .*lost|connection is closing/i.test(error.message);
}

function nameOf(error: unknown): string {
  return (error as { name?: string } | null | undefined)?.name ?? '';
}

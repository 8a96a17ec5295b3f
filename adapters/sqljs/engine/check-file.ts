import { PersistenceError, StorageCorruptError } from '../../../src/port.ts';

// The file format: https://www.sqlite.org/fileformat2.html#the_database_header
const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
const PAGE_SIZE = 16;
const WRITE_VERSION = 18;
const READ_VERSION = 19;

/**
 * Checks that the bytes are a whole and sound SQLite database and returns them as they may be used. A file in WAL mode is
 * set back to the rollback journal: there is no shared memory for WAL. `inspect` opens a file in a database of its own and
 * answers what SQLite's integrity check says of it.
 */
export async function checkFile(
  bytes: Uint8Array,
  inspect: (file: Uint8Array) => Promise<unknown>,
): Promise<Uint8Array> {
  checkHeader(bytes);
  const sound = bytes.slice();
  sound[WRITE_VERSION] = 1;
  sound[READ_VERSION] = 1;
  let verdict: unknown;
  try {
    verdict = await inspect(sound);
  } catch (cause) {
    if (cause instanceof PersistenceError && cause.code === 'storage-corrupt') throw cause;
    throw new StorageCorruptError('the file cannot be opened as a SQLite database', { cause });
  }
  if (verdict !== 'ok') throw new StorageCorruptError(`the SQLite file is damaged: ${String(verdict)}`);
  return sound;
}

function checkHeader(bytes: Uint8Array): void {
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (bytes.length < HEADER || magic !== MAGIC) throw new StorageCorruptError('the file is not a SQLite database');
  const stated = ((bytes[PAGE_SIZE] ?? 0) << 8) | (bytes[PAGE_SIZE + 1] ?? 0);
  const pageSize = stated === 1 ? 65_536 : stated;
  const isPowerOfTwo = (pageSize & (pageSize - 1)) === 0;
  if (pageSize < 512 || !isPowerOfTwo || bytes.length % pageSize !== 0) {
    throw new StorageCorruptError('the SQLite file is cut off, or states an impossible page size');
  }
}

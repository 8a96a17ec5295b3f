import { PersistenceError, StorageCorruptError } from '../../../src/port.ts';
import { PagedFile } from '../vfs/paged-file.ts';
import type { LoadedSqlJs } from './load-sql-js.ts';
import { openHost } from './open-host.ts';

// The file format: https://www.sqlite.org/fileformat2.html#the_database_header
const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
const PAGE_SIZE = 16;
const WRITE_VERSION = 18;
const READ_VERSION = 19;

/**
 * Checks that the bytes are a whole and sound SQLite database, by opening them in a database of their own, and returns
 * them as they may be used. A file in WAL mode is set back to the rollback journal: there is no shared memory for WAL.
 */
export async function checkFile(sqlJs: LoadedSqlJs, bytes: Uint8Array): Promise<Uint8Array> {
  checkHeader(bytes);
  const sound = bytes.slice();
  sound[WRITE_VERSION] = 1;
  sound[READ_VERSION] = 1;
  const file = new PagedFile();
  file.write(sound, 0, 0, sound.length);
  let verdict: unknown;
  try {
    const host = await openHost(sqlJs, file, { exclusive: true, statementCache: 4 });
    try {
      verdict = host.database.runText('PRAGMA integrity_check(1)').rows[0]?.[0];
    } finally {
      host.close();
    }
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

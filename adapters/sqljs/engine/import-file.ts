import { PersistenceError, StorageCorruptError } from '../../../src/errors.ts';
import type { MaybePromise } from '../../../src/port.ts';
import type { CommitLog } from '../connection/commit-log.ts';
import type { PagedFile } from '../vfs/paged-file.ts';
import type { DatabaseHost } from './database-host.ts';

// The file format: https://www.sqlite.org/fileformat2.html#the_database_header
const MAGIC = 'SQLite format 3\0';
const HEADER = 100;
const PAGE_SIZE = 16;
const WRITE_VERSION = 18;
const READ_VERSION = 19;

// In the header, too. By the first two SQLite notices that a file changed.
const CHANGE_COUNTER = 24;
const SCHEMA_COOKIE = 40;
const VALID_FOR = 92;

/** The database that a file goes into. */
export interface ImportTarget {
  readonly host: DatabaseHost;
  readonly log: CommitLog;
  /** Runs `work` while no transaction is open and none begins. */
  exclusively<R>(work: () => MaybePromise<R>): Promise<R>;
  /** Opens a database of its own over a file that is empty yet, once `fill` has filled it. */
  openCopy(fill: (file: PagedFile) => void): Promise<DatabaseHost>;
}

/**
 * Replaces the whole database by a file, as one commit; refuses one that is not sound, and then changes nothing. The
 * condition is asked when no other tab can write.
 */
export async function importFile(
  target: ImportTarget,
  source: Uint8Array | Blob,
  condition: () => boolean,
): Promise<void> {
  const { host, log } = target;
  const bytes = await checked(
    target,
    source instanceof Uint8Array ? source : new Uint8Array(await source.arrayBuffer()),
  );
  const { stored } = await target.exclusively(async () => {
    await log.enter(undefined);
    try {
      if (!condition()) return { stored: undefined };
      succeed(bytes, host.file);
      host.file.truncate(0);
      host.file.write(bytes, 0, 0, bytes.length);
      host.reopen();
      return { stored: log.commit(null) };
    } catch (error) {
      log.leave();
      throw error;
    }
  });
  try {
    await stored;
  } finally {
    log.leave();
  }
}

// The bytes as they may be used, where they are a whole and sound database. A file in WAL mode is set back to the rollback
// journal: there is no shared memory for WAL.
async function checked(target: ImportTarget, bytes: Uint8Array): Promise<Uint8Array> {
  checkHeader(bytes);
  const sound = bytes.slice();
  sound[WRITE_VERSION] = 1;
  sound[READ_VERSION] = 1;
  let verdict: unknown;
  try {
    const copy = await target.openCopy((file) => file.write(sound, 0, 0, sound.length));
    try {
      verdict = copy.database.runText('PRAGMA integrity_check(1)').rows[0]?.[0];
    } finally {
      copy.close();
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

// By two counters of the header SQLite notices that a file changed (https://www.sqlite.org/fileformat2.html), in
// the other tabs too. An imported file brings its own, which may be the very same: so it goes on from the higher ones.
function succeed(bytes: Uint8Array, before: PagedFile): void {
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const old = new DataView(before.slice(0, 100).buffer);
  const next = (offset: number) => {
    const known = old.byteLength < 100 ? 0 : old.getUint32(offset);
    return (Math.max(known, header.getUint32(offset)) + 1) >>> 0;
  };
  const counter = next(CHANGE_COUNTER);
  header.setUint32(SCHEMA_COOKIE, next(SCHEMA_COOKIE));
  header.setUint32(CHANGE_COUNTER, counter);
  header.setUint32(VALID_FOR, counter);
}

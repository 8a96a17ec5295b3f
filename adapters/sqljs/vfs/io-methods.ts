import { LOCK, type PagedFile } from './paged-file.ts';

const OK = 0;
const BUSY = 5;
const NOT_FOUND = 12;
const IOERR_READ = 266;
const IOERR_SHORT_READ = 522;
const IOERR_WRITE = 778;
// Written in one piece, never torn, and in order: SQLite then writes no more than it must.
const CHARACTERISTICS = 0x1 | 0x200 | 0x400 | 0x800 | 0x1000;
const SECTOR = 4096;

/** What the methods need of their surroundings. */
export interface IoContext {
  /** The whole memory, as a view that is not detached. */
  view(): Uint8Array;
  /** The file behind a `sqlite3_file` pointer. */
  file(handle: number): PagedFile;
  closed(handle: number): void;
  putInt32(pointer: number, value: number): void;
  putInt64(pointer: number, value: number): void;
}

type Method = readonly [signature: string, method: (...values: never[]) => number];

/**
 * The functions of `sqlite3_io_methods`, version 1, in their order (https://www.sqlite.org/c3ref/io_methods.html).
 * Version 1 has no shared memory, so SQLite refuses WAL on these files, whose side file nobody would persist. A 64-bit
 * offset arrives as a bigint. No exception may cross the wasm frames below, so each becomes a result code.
 */
export function ioMethods(context: IoContext): readonly Method[] {
  const { view, file } = context;
  return [
    ['ii', (handle: number) => attempt(OK, () => context.closed(handle))],
    [
      'iiiij',
      (handle: number, target: number, length: number, position: bigint) => {
        try {
          const there = file(handle).read(view(), target >>> 0, Number(position), length);
          return there < length ? IOERR_SHORT_READ : OK;
        } catch {
          return IOERR_READ;
        }
      },
    ],
    [
      'iiiij',
      (handle: number, source: number, length: number, position: bigint) =>
        attempt(IOERR_WRITE, () => file(handle).write(view(), source >>> 0, Number(position), length)),
    ],
    ['iij', (handle: number, size: bigint) => attempt(IOERR_WRITE, () => file(handle).truncate(Number(size)))],
    ['iii', () => OK],
    ['iii', (handle: number, out: number) => attempt(IOERR_READ, () => context.putInt64(out, file(handle).size))],
    ['iii', (handle: number, level: number) => lock(file(handle), level)],
    ['iii', (handle: number, level: number) => unlock(file(handle), level)],
    ['iii', (handle: number, out: number) => reserved(context, handle, out)],
    ['iiii', () => NOT_FOUND],
    ['ii', () => SECTOR],
    ['ii', () => CHARACTERISTICS],
  ];
}

function attempt(failure: number, work: () => void): number {
  try {
    work();
    return OK;
  } catch {
    return failure;
  }
}

// RESERVED is what SQLite asks for before the first change of a transaction, so this sees every write coming.
function lock(file: PagedFile, level: number): number {
  if (level >= LOCK.reserved && !file.mayWrite) {
    file.refused = true;
    return BUSY;
  }
  if (level > file.lockLevel) file.lockLevel = level;
  return OK;
}

function unlock(file: PagedFile, level: number): number {
  if (level < file.lockLevel) file.lockLevel = level;
  return OK;
}

function reserved(context: IoContext, handle: number, out: number): number {
  return attempt(IOERR_READ, () => context.putInt32(out, context.file(handle).lockLevel >= LOCK.reserved ? 1 : 0));
}

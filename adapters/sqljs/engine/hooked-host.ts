import { DriverError } from '../../../src/port.ts';
import type { PagedFile } from '../vfs/paged-file.ts';
import type { VirtualFileSystem } from '../vfs/virtual-file-system.ts';
import { type DatabaseHost, type HostOptions, pragmas } from './database-host.ts';
import type { LoadedSqlJs } from './load-sql-js.ts';
import { NativeDatabase } from './native-database.ts';
import { SQLITE_OK } from './sql-js-module.ts';

/** A database that SQLite reads and writes in the {@link PagedFile} itself, through the hooked file system. */
export class HookedHost implements DatabaseHost {
  readonly database: NativeDatabase;
  readonly file: PagedFile;
  readonly seesWrites: boolean;
  readonly #sqlJs: LoadedSqlJs;
  readonly #vfs: VirtualFileSystem;
  readonly #options: HostOptions;
  readonly #path: string;
  #pointer = 0;

  constructor(sqlJs: LoadedSqlJs, vfs: VirtualFileSystem, file: PagedFile, options: HostOptions) {
    this.#sqlJs = sqlJs;
    this.#vfs = vfs;
    this.#options = options;
    this.#path = `/meshestra-${vfs.nextNumber()}.db`;
    this.file = file;
    this.seesWrites = !options.exclusive;
    file.exclusive = options.exclusive;
    this.database = new NativeDatabase(sqlJs.module, sqlJs.heap, 0, options.statementCache);
    vfs.add(this.#path, file);
    try {
      this.#open();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  collect(): void {}

  // SQLite tells other pages by a change counter, but two copies that went apart may carry the same one; and with an
  // exclusive lock it does not even look.
  adopt(): void {
    if (this.#options.exclusive) this.reopen();
    else this.database.configure('PRAGMA shrink_memory');
    this.database.schemaChanged();
  }

  reopen(): void {
    this.#closePointer();
    this.#open();
  }

  close(): void {
    this.#closePointer();
    this.#vfs.remove(this.#path);
  }

  #open(): void {
    this.#pointer = openPointer(this.#sqlJs, this.#path);
    this.database.replacePointer(this.#pointer);
    if (this.file.handles === 0) throw new DriverError('SQLite did not open the file through the hooked file system');
    for (const pragma of pragmas(this.#options)) this.database.configure(pragma);
  }

  #closePointer(): void {
    this.database.close();
    if (this.#pointer !== 0) this.#sqlJs.module._sqlite3_close_v2(this.#pointer);
    this.#pointer = 0;
    this.file.lockLevel = 0;
  }
}

function openPointer({ module, heap }: LoadedSqlJs, path: string): number {
  try {
    const name = heap.putText(path);
    const out = (heap.putBytes(new Uint8Array(12)) + 3) & ~3;
    const result = module._sqlite3_open(name, out);
    const pointer = heap.pointerAt(out);
    if (result === SQLITE_OK) return pointer;
    module._sqlite3_close_v2(pointer);
    throw new DriverError(`SQLite could not open its file (code ${result})`);
  } finally {
    heap.release();
  }
}

import type { PagedFile } from '../vfs/paged-file.ts';
import type { NativeDatabase } from './native-database.ts';

/** An open SQLite database and the file behind it, kept equal. */
export interface DatabaseHost {
  readonly database: NativeDatabase;
  readonly file: PagedFile;
  /** Whether SQLite asks {@link PagedFile.mayWrite} before it writes. */
  readonly seesWrites: boolean;
  /** Brings the file up to what SQLite has committed. */
  collect(): void;
  /** Makes SQLite see bytes that were put into the file past it. No transaction and no statement may be open. */
  adopt(): void;
  /** Opens the database anew, after its whole file was replaced. */
  reopen(): void;
  close(): void;
}

/** How the database is opened. */
export interface HostOptions {
  /** Whether SQLite may hold its lock and trust its page cache, because nobody else changes the file. */
  readonly exclusive: boolean;
  readonly statementCache: number;
}

/**
 * The settings of every connection. The journal stays in memory and nothing spills, because atomicity comes from the
 * storage; SQLite has nothing to sync. Double-quoted strings cannot be switched off in sql.js.
 */
export function pragmas(options: HostOptions): readonly string[] {
  return [
    'PRAGMA journal_mode=MEMORY',
    'PRAGMA cache_spill=OFF',
    'PRAGMA temp_store=MEMORY',
    'PRAGMA synchronous=OFF',
    'PRAGMA trusted_schema=OFF',
    'PRAGMA foreign_keys=ON',
    `PRAGMA locking_mode=${options.exclusive ? 'EXCLUSIVE' : 'NORMAL'}`,
  ];
}

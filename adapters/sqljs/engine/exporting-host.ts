import type { PagedFile } from '../vfs/paged-file.ts';
import { type DatabaseHost, type HostOptions, pragmas } from './database-host.ts';
import type { LoadedSqlJs } from './load-sql-js.ts';
import { NativeDatabase } from './native-database.ts';
import type { SqlJsDatabase } from './sql-js-module.ts';

/**
 * A copy of the file in sql.js' own memory file system, where the hook failed. Every commit exports the whole database
 * and compares it with the file unit by unit: correct, but its cost grows with the database.
 */
export class ExportingHost implements DatabaseHost {
  readonly database: NativeDatabase;
  readonly file: PagedFile;
  readonly seesWrites = false;
  readonly #sqlJs: LoadedSqlJs;
  readonly #options: HostOptions;
  #inner: SqlJsDatabase;

  constructor(sqlJs: LoadedSqlJs, file: PagedFile, options: HostOptions) {
    this.#sqlJs = sqlJs;
    // Nobody but us changes the copy.
    this.#options = { ...options, exclusive: true };
    this.file = file;
    this.#inner = new sqlJs.module.Database(file.slice(0, file.size));
    this.database = new NativeDatabase(sqlJs.module, sqlJs.heap, this.#inner.db, options.statementCache);
    this.#configure();
  }

  // Before 1.15.2 an export closes and reopens the database: statements die with it, and so do the pragmas.
  collect(): void {
    this.database.clearStatements();
    const bytes = this.#inner.export();
    this.database.replacePointer(this.#inner.db);
    this.#configure();
    writeChanges(this.file, bytes);
  }

  adopt(): void {
    this.reopen();
  }

  reopen(): void {
    this.database.clearStatements();
    this.#inner.close();
    this.#inner = new this.#sqlJs.module.Database(this.file.slice(0, this.file.size));
    this.database.replacePointer(this.#inner.db);
    this.#configure();
  }

  close(): void {
    this.database.close();
    this.#inner.close();
  }

  #configure(): void {
    for (const pragma of pragmas(this.#options)) this.database.configure(pragma);
  }
}

function writeChanges(file: PagedFile, bytes: Uint8Array): void {
  const { unit } = file;
  for (let position = 0; position < bytes.length; position += unit) {
    const fresh = bytes.subarray(position, position + unit);
    if (!sameBytes(file.slice(position, unit), fresh)) file.write(fresh, 0, position, fresh.length);
  }
  file.truncate(bytes.length);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

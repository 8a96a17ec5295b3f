import type { PagedFile } from '../vfs/paged-file.ts';
import type { DatabaseHost } from './database-host.ts';
import type { LoadedSqlJs } from './load-sql-js.ts';
import type { NativeDatabase } from './native-database.ts';
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
  readonly #pragmas: readonly string[];
  #inner: SqlJsDatabase;

  /** `database` is not open yet. */
  constructor(sqlJs: LoadedSqlJs, file: PagedFile, database: NativeDatabase, pragmas: readonly string[]) {
    this.#sqlJs = sqlJs;
    this.#pragmas = pragmas;
    this.file = file;
    this.database = database;
    this.#inner = this.#open();
  }

  // Before 1.15.2 an export closes and reopens the database: statements die with it, and so do the pragmas.
  collect(): void {
    this.database.clearStatements();
    const bytes = this.#inner.export();
    this.#begin(this.#inner);
    writeChanges(this.file, bytes);
  }

  adopt(): void {
    this.reopen();
  }

  reopen(): void {
    this.database.clearStatements();
    this.#inner.close();
    this.#inner = this.#open();
  }

  close(): void {
    this.database.close();
    this.#inner.close();
  }

  #open(): SqlJsDatabase {
    const inner = new this.#sqlJs.module.Database(this.file.copy());
    this.#begin(inner);
    return inner;
  }

  #begin({ db }: SqlJsDatabase): void {
    this.database.replacePointer(db);
    for (const pragma of this.#pragmas) this.database.configure(pragma);
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

/** An initialised sql.js: the members this adapter calls, all of them exported by every build since 1.10.3. */
export interface SqlJsModule {
  readonly Database: new (data?: Uint8Array) => SqlJsDatabase;
  addFunction(callback: (...values: never[]) => unknown, signature: string): number;
  UTF8ToString(pointer: number, maxBytes?: number): string;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  _sqlite3_open(name: number, database: number): number;
  _sqlite3_close_v2(database: number): number;
  _sqlite3_prepare_v2(database: number, sql: number, bytes: number, statement: number, tail: number): number;
  _sqlite3_step(statement: number): number;
  _sqlite3_reset(statement: number): number;
  _sqlite3_finalize(statement: number): number;
  _sqlite3_errmsg(database: number): number;
  _sqlite3_changes(database: number): number;
  _sqlite3_bind_int(statement: number, index: number, value: number): number;
  _sqlite3_bind_double(statement: number, index: number, value: number): number;
  _sqlite3_bind_text(statement: number, index: number, pointer: number, bytes: number, destructor: number): number;
  _sqlite3_bind_blob(statement: number, index: number, pointer: number, bytes: number, destructor: number): number;
  _sqlite3_column_count(statement: number): number;
  _sqlite3_column_name(statement: number, index: number): number;
  _sqlite3_column_type(statement: number, index: number): number;
  _sqlite3_column_double(statement: number, index: number): number;
  _sqlite3_column_text(statement: number, index: number): number;
  _sqlite3_column_blob(statement: number, index: number): number;
  _sqlite3_column_bytes(statement: number, index: number): number;
  /** Views on the memory; exported by builds before 1.14 only. */
  readonly HEAPU8?: Uint8Array;
  /** Exported by builds since 1.14. */
  writeArrayToMemory?(bytes: Uint8Array, pointer: number): void;
}

/** A database object of sql.js. Its pointer is named `db` in every build, minified or not. */
export interface SqlJsDatabase {
  readonly db: number;
  prepare(sql: string): SqlJsStatement;
  export(): Uint8Array;
  close(): void;
}

/** A statement object of sql.js, which {@link borrowedHeap} alone uses. */
export interface SqlJsStatement {
  step(): boolean;
  get(): unknown[];
  reset(): void;
  free(): void;
}

/** What `initSqlJs` takes here. Both members belong to the documented options of Emscripten and sql.js. */
export interface SqlJsConfig {
  instantiateWasm?(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance) => void,
  ): WebAssembly.Exports | undefined;
  useOldExtensionFunctions?: boolean;
}

/** The default export of sql.js: answers one and the same module, whatever the later calls ask for. */
export type InitSqlJs = (config?: SqlJsConfig) => Promise<unknown>;

// SQLite's result codes: https://www.sqlite.org/rescode.html
/** It worked. */
export const SQLITE_OK = 0;
/** There is a row to be read. */
export const SQLITE_ROW = 100;
/** The statement ran to its end. */
export const SQLITE_DONE = 101;

const FUNCTIONS: readonly string[] = [
  ...['Database', 'addFunction', 'UTF8ToString', '_malloc', '_free'],
  ...(
    'open close_v2 prepare_v2 step reset finalize errmsg changes bind_int bind_double bind_text bind_blob ' +
    'column_count column_name column_type column_double column_text column_blob column_bytes'
  )
    .split(' ')
    .map((name) => `_sqlite3_${name}`),
];

/** The functions that a supposed sql.js lacks; empty for one that this adapter can use. */
export function missingFunctions(candidate: unknown): readonly string[] {
  if (typeof candidate !== 'object' || candidate === null) return FUNCTIONS;
  const members = candidate as Readonly<Record<string, unknown>>;
  return FUNCTIONS.filter((name) => typeof members[name] !== 'function');
}

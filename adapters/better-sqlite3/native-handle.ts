/** A statement of better-sqlite3, as far as it is used here. */
export interface BetterSqlite3Statement {
  readonly reader: boolean;
  all(params: readonly unknown[]): unknown[];
  run(params: readonly unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  raw(toggle: boolean): unknown;
  safeIntegers(toggle: boolean): unknown;
  columns(): readonly { readonly name: string }[];
}

/** A `Database` of better-sqlite3, as far as it is used here; hand in your own to have all of it as `driver.database`. */
export interface BetterSqlite3Database {
  readonly open: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): BetterSqlite3Statement;
  exec(sql: string): unknown;
  backup(path: string): Promise<unknown>;
  close(): unknown;
}

/** The class that better-sqlite3 exports. */
export type BetterSqlite3Class<D extends BetterSqlite3Database> = new (
  path: string,
  options?: { readonly?: boolean },
) => D;

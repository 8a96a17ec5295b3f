/** A `StatementSync` of node:sqlite, as far as it is used here. */
export interface NodeSqliteStatement {
  all(...params: unknown[]): unknown[];
  run(...params: unknown[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  columns(): readonly { readonly name: string }[];
  setReadBigInts(enabled: boolean): unknown;
  setReturnArrays(enabled: boolean): unknown;
}

/** A `DatabaseSync` of node:sqlite, as far as it is used here; hand in your own to have all of it as `driver.database`. */
export interface NodeSqliteDatabase {
  readonly isTransaction: boolean;
  prepare(sql: string): NodeSqliteStatement;
  exec(sql: string): void;
  close(): void;
}

/** The module node:sqlite. */
export interface NodeSqliteModule {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => NodeSqliteDatabase;
  readonly StatementSync: { readonly prototype: object };
  backup(database: NodeSqliteDatabase, path: string): Promise<unknown>;
}

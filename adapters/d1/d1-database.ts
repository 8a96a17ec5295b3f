/** What D1 tells of a statement beside its rows. */
export interface D1Meta {
  readonly changes?: number;
  readonly last_row_id?: number;
}

/** The answer to a statement; a row is an object, by the names of its columns. */
export interface D1Answer {
  readonly results?: readonly Readonly<Record<string, unknown>>[];
  readonly meta: D1Meta;
}

/** A statement of D1 with its values. */
export interface D1Statement {
  bind(...values: unknown[]): D1Statement;
  run(): Promise<D1Answer>;
  /** Rows as lists, after a first one that holds the names of the columns. */
  raw(options: { readonly columnNames: true }): Promise<readonly unknown[]>;
}

/** What both a database and one of its sessions can do. */
export interface D1Executor<S extends D1Statement = D1Statement> {
  prepare(sql: string): S;
  batch(statements: S[]): Promise<readonly D1Answer[]>;
}

/** A session of D1: its reads may go to a replica, and see what it has read and written before. */
export interface D1Session<S extends D1Statement = D1Statement> extends D1Executor<S> {
  getBookmark(): string | null;
}

/** The binding of a D1 database, `env.DB`, as far as it is used here. */
export interface D1Database<S extends D1Statement = D1Statement> extends D1Executor<S> {
  /** Absent in versions before sessions. */
  withSession?(constraintOrBookmark: string): D1Session<S>;
}

/** What a statement of a Durable Object answers: a cursor, as far as it is used here. */
export interface DurableCursor {
  readonly columnNames: readonly string[];
  raw(): Iterable<readonly unknown[]>;
}

/** The storage of a Durable Object with SQLite, `ctx.storage`, as far as it is used here. */
export interface DurableStorage {
  readonly sql: { exec(sql: string, ...params: unknown[]): DurableCursor };
  transaction<R>(work: () => Promise<R>): Promise<R>;
  transactionSync<R>(work: () => R): R;
}

/** A database of `@electric-sql/pglite`, as far as it is used here. */
export interface PgliteDatabase {
  /** Resolves when it can be used. */
  readonly waitReady: Promise<void>;
  execProtocolRaw(message: Uint8Array, options: { readonly syncToFs: boolean }): Promise<Uint8Array>;
  runExclusive<R>(work: () => Promise<R>): Promise<R>;
  syncToFs(): Promise<void>;
  close(): Promise<void>;
}

/** The class `PGlite`. */
export interface PgliteClass {
  create(options: object): Promise<PgliteDatabase>;
}

/** What PGlite keeps its own transactions apart with; not a part of its documented interface. */
interface WithTransactionLock {
  _runExclusiveTransaction<R>(work: () => Promise<R>): Promise<R>;
}

/** Runs work while no query and no transaction of the application's own runs on the same database. */
export function exclusively<R>(database: PgliteDatabase, work: () => Promise<R>): Promise<R> {
  const locking = database as PgliteDatabase & Partial<WithTransactionLock>;
  const locked = () => database.runExclusive(work);
  return locking._runExclusiveTransaction === undefined ? locked() : locking._runExclusiveTransaction(locked);
}

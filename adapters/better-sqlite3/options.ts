import type { NativeSqliteOptions } from '../../src/dialect/sqlite/index.ts';
import type { BetterSqlite3Class, BetterSqlite3Database } from './native-handle.ts';

/** The options of {@link betterSqlite3}: a `path`, or a `database` that is open already. */
export interface BetterSqlite3Options<D extends BetterSqlite3Database = BetterSqlite3Database>
  extends NativeSqliteOptions<D> {
  /** The class of better-sqlite3, for bundlers and for its types: by default `import('better-sqlite3')`. */
  readonly Database?: BetterSqlite3Class<D>;
}

import { ConfigurationError, suggestName } from '../../src/port.ts';
import type { PgliteClass, PgliteDatabase } from './pglite-database.ts';

/** The options of {@link pglite}. */
export interface PgliteOptions<D extends PgliteDatabase = PgliteDatabase> {
  /** A database that is there already; it stays the application's to close. */
  readonly database?: D;
  /** Where the database is kept: a folder, or in browsers `idb://name` or `opfs-ahp://name`. Default: in memory. */
  readonly dataDir?: string;
  /** More options of `PGlite.create`: `extensions`, `relaxedDurability`, `loadDataDir` and so on. */
  readonly open?: object;
  /** The class `PGlite`, where it is not to be imported by its package's name. */
  readonly PGlite?: PgliteClass;
}

const NAMES: readonly (keyof PgliteOptions)[] = ['database', 'dataDir', 'open', 'PGlite'];

/** Reads options, a place, or a database. Throws `configuration` naming the option that is wrong. */
export function readOptions<D extends PgliteDatabase>(source: string | D | PgliteOptions<D>): PgliteOptions<D> {
  const options: PgliteOptions<D> =
    typeof source === 'string' ? { dataDir: source } : isDatabase<D>(source) ? { database: source } : source;
  for (const name of Object.keys(options)) {
    if (!NAMES.some((known) => known === name))
      throw new ConfigurationError(`${name}: there is no such option; ${suggestName(name, NAMES)}`);
  }
  const { database, dataDir, open, PGlite } = options;
  if (database === undefined) return options;
  if (!isDatabase(database)) throw new ConfigurationError('database: must be a PGlite');
  if (dataDir !== undefined || open !== undefined || PGlite !== undefined) {
    throw new ConfigurationError(
      'database: a PGlite that is there is not opened, so dataDir, open and PGlite have no meaning',
    );
  }
  return options;
}

function isDatabase<D extends PgliteDatabase>(source: object): source is D {
  return 'execProtocolRaw' in source && typeof source.execProtocolRaw === 'function';
}

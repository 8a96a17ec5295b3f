import { ConfigurationError } from '../../../errors.ts';

/** The options that every driver over a native SQLite has: a `path`, or a `database` that is open already. */
export interface NativeSqliteOptions<D> {
  /** The file, which is made where it is missing; `:memory:` for a database that ends with the driver. */
  readonly path?: string;
  /** A database that the application has opened, and closes itself. Driver and application share its one connection. */
  readonly database?: D;
  /** Opens the file for reading only; it must be there. */
  readonly readOnly?: boolean;
  /**
   * Pragmas to set when the database is opened, by name; they win over the driver's own. Of a database that was handed
   * in, only `foreign_keys` is set beside these.
   */
  readonly pragmas?: Readonly<Record<string, string | number | boolean>>;
  /** Milliseconds to wait for another connection or process that holds a lock, then `lock-timeout`. Default 5000. */
  readonly lockTimeout?: number;
  /** How many compiled statements are kept. Default 256. */
  readonly statementCache?: number;
}

/** The options with their defaults. */
export interface NativeSqliteSettings<D> {
  readonly path: string;
  readonly database: D | undefined;
  readonly readOnly: boolean;
  readonly pragmas: ReadonlyMap<string, string>;
  readonly lockTimeout: number;
  readonly statementCache: number;
}

/** Fills in the defaults; rejects with `configuration` what cannot be meant. */
export function settleNativeOptions<D>(
  driver: string,
  options: NativeSqliteOptions<D>,
  isDatabase: (database: D) => boolean,
): NativeSqliteSettings<D> {
  const fail = (message: string): never => {
    throw new ConfigurationError(`${driver}: ${message}`);
  };
  const number = (option: 'lockTimeout' | 'statementCache', fallback: number, least: number): number => {
    const value = options[option] ?? fallback;
    return Number.isFinite(value) && value >= least ? value : fail(`the option ${option} is a number from ${least} on`);
  };
  const { path, database, readOnly = false, pragmas = {} } = options;
  if ((path === undefined) === (database === undefined)) {
    fail('give either a path or a database that is open already');
  }
  if (path !== undefined && typeof path !== 'string') fail('the option path is the name of a file, or :memory:');
  if (database !== undefined && !isDatabase(database)) fail('the option database is no database of this driver');
  if (database !== undefined && readOnly) fail('the option readOnly is for a path; a database is opened already');
  return {
    path: path ?? '',
    database,
    readOnly,
    lockTimeout: number('lockTimeout', 5000, 0),
    statementCache: number('statementCache', 256, 2),
    pragmas: new Map(
      Object.entries(pragmas).map(([name, value]) => {
        // A pragma takes no parameters, so that only what cannot be anything else may be in its text.
        const text = typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value);
        if (!/^\w+$/.test(name) || !/^-?[\w.]+$/.test(text)) {
          fail(`the pragma '${name}' cannot be set to that; names, words and numbers only`);
        }
        return [name.toLowerCase(), text];
      }),
    ),
  };
}

/**
 * The statements that set the pragmas of a database.
 *
 * A file is in WAL mode, where readers and the writer do not wait for each other. With `synchronous` NORMAL a commit
 * survives the end of the process; after a power cut the newest ones may be missing, never parts of one. The engine's own
 * wait for locks is off, because it blocks the thread.
 */
export function pragmasOf({ pragmas, database, readOnly }: NativeSqliteSettings<unknown>): readonly string[] {
  const own = new Map([['foreign_keys', 'ON']]);
  if (database === undefined) own.set('busy_timeout', '0');
  if (database === undefined && !readOnly) {
    own.set('journal_mode', 'WAL');
    // In another journal mode NORMAL could damage the database.
    if (!pragmas.has('journal_mode')) own.set('synchronous', 'NORMAL');
  }
  return [...new Map([...own, ...pragmas])].map(([name, value]) => `PRAGMA ${name}=${value}`);
}

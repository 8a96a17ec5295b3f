import { ConfigurationError } from '../../../errors.ts';

/** The options that every driver over a native SQLite has. */
export interface NativeSqliteOptions {
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
export interface NativeSqliteSettings {
  readonly pragmas: ReadonlyMap<string, string>;
  readonly lockTimeout: number;
  readonly statementCache: number;
}

/** Fills in the defaults; rejects with `configuration` what cannot be meant. */
export function settleNativeOptions(driver: string, options: NativeSqliteOptions): NativeSqliteSettings {
  const number = (option: 'lockTimeout' | 'statementCache', fallback: number, least: number): number => {
    const value = options[option] ?? fallback;
    if (Number.isFinite(value) && value >= least) return value;
    throw new ConfigurationError(`${driver}: the option ${option} is a number from ${least} on`);
  };
  return {
    lockTimeout: number('lockTimeout', 5000, 0),
    statementCache: number('statementCache', 256, 2),
    pragmas: new Map(Object.entries(options.pragmas ?? {}).map(([name, value]) => checkPragma(driver, name, value))),
  };
}

function checkPragma(driver: string, name: string, value: unknown): [string, string] {
  // A pragma takes no parameters, so that only what cannot be anything else may be in its text.
  const text = typeof value === 'boolean' ? (value ? 'ON' : 'OFF') : String(value);
  if (/^\w+$/.test(name) && /^-?[\w.]+$/.test(text)) return [name.toLowerCase(), text];
  throw new ConfigurationError(`${driver}: the pragma '${name}' cannot be set to that; names, words and numbers only`);
}

/** How a native driver comes to its database. */
export type NativeDatabaseKind = 'file' | 'read-only file' | 'handed in';

/**
 * The statements that set the pragmas of a database.
 *
 * A file is in WAL mode, where readers and the writer do not wait for each other. With `synchronous` NORMAL a commit
 * survives the end of the process; after a power cut the newest ones may be missing, never parts of one. The engine's own
 * wait for locks is off, because it blocks the thread.
 */
export function pragmasOf({ pragmas }: NativeSqliteSettings, kind: NativeDatabaseKind): readonly string[] {
  const own = new Map([['foreign_keys', 'ON']]);
  if (kind !== 'handed in') own.set('busy_timeout', '0');
  if (kind === 'file') {
    own.set('journal_mode', 'WAL');
    // In another journal mode NORMAL could damage the database.
    if (!pragmas.has('journal_mode')) own.set('synchronous', 'NORMAL');
  }
  return [...new Map([...own, ...pragmas])].map(([name, value]) => `PRAGMA ${name}=${value}`);
}

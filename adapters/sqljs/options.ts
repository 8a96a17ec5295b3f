import { ConfigurationError } from '../../src/port.ts';
import type { InitSqlJs } from './engine/sql-js-module.ts';
import type { WasmSource } from './engine/wasm-source.ts';
import type { Durability, Storage } from './storage/block-store.ts';
import { memory } from './storage/memory/memory.ts';

/** Something the driver had to do in a worse way than asked, or found out while it opened. Never raised for an error. */
export interface SqljsWarning {
  /**
   * `hook-failed`: sql.js could not be hooked, so each commit costs an export of the whole database. `no-locks`: there
   * is no `navigator.locks` here, so tabs that write at the same time get `storage-conflict` and must try again.
   * `evicted`: there was a database under this name, and the browser has deleted it. `flush-failed`: a deferred flush
   * failed; it is tried again with the next. `refresh-failed`: a commit of another tab could not be read yet.
   */
  readonly kind: 'hook-failed' | 'no-locks' | 'evicted' | 'flush-failed' | 'refresh-failed';
  readonly message: string;
  readonly cause?: unknown;
}

/** The options of {@link sqljs}. */
export interface SqljsOptions {
  /** Where the database is kept. Default: `memory()`. */
  readonly storage?: Storage;
  /**
   * When a commit is reported: `relaxed` (default), once IndexedDB has it, which survives the end of the tab and of the
   * browser; `strict`, once the operating system has it on disk; `deferred`, at once, and stored soon after and when
   * the page is hidden.
   */
  readonly durability?: Durability;
  /**
   * What to do when the storage does not take a commit (its quota is used up): `revert` takes memory back to what is
   * stored; `keep` leaves the commit in memory and this tab the only writer, until {@link SqljsDriver.flush} or a later
   * commit succeeds. Default: `revert`; in deferred mode `keep`, since those commits were reported before.
   */
  readonly onPersistError?: 'revert' | 'keep';
  /**
   * What to do about other tabs: `lock` (default) lets them take turns at writing; `exclusive` refuses to open what
   * another tab has open; `none` trusts that there are none.
   */
  readonly tabs?: 'lock' | 'exclusive' | 'none';
  /** Milliseconds to wait for another tab that writes, then `lock-timeout`. Default 10000. */
  readonly lockTimeout?: number;
  /** In deferred mode, the milliseconds from a commit to its flush. Default 250. */
  readonly flushDelay?: number;
  /** `initSqlJs` of sql.js; by default `import('sql.js')`. */
  readonly initSqlJs?: InitSqlJs;
  /** The WebAssembly file of sql.js. Default: `sql-wasm-browser.wasm` beside the page; in Node, the one in the package. */
  readonly wasm?: WasmSource;
  /** Makes a worker of `meshestra/sqljs/worker`; the database then lives there. Recommended above 10 MB. */
  readonly worker?: () => Worker;
  /** A SQLite file to begin with, where the storage holds nothing yet. */
  readonly file?: Uint8Array;
  /** How many compiled statements are kept. Default 256. */
  readonly statementCache?: number;
  /** Called with every {@link SqljsWarning}. Default: `console.warn`. */
  readonly onWarning?: (warning: SqljsWarning) => void;
}

/** The options with their defaults. */
export interface SqljsSettings extends SqljsOptions {
  readonly storage: Storage;
  readonly durability: Durability;
  readonly onPersistError: 'revert' | 'keep';
  readonly tabs: 'lock' | 'exclusive' | 'none';
  readonly lockTimeout: number;
  readonly flushDelay: number;
  readonly statementCache: number;
  readonly onWarning: (warning: SqljsWarning) => void;
}

/** Fills in the defaults; rejects what cannot be meant with `configuration`. */
export function settle(options: SqljsOptions): SqljsSettings {
  if (options.worker !== undefined && options.initSqlJs !== undefined) {
    throw new ConfigurationError('a worker takes initSqlJs from serveSqljs({ initSqlJs }) inside of it');
  }
  return {
    ...options,
    storage: options.storage ?? memory(),
    durability: oneOf('durability', ['relaxed', 'strict', 'deferred'], options.durability),
    // What was reported as done is not to be taken back.
    onPersistError: oneOf(
      'onPersistError',
      ['revert', 'keep'],
      options.onPersistError ?? (options.durability === 'deferred' ? 'keep' : 'revert'),
    ),
    tabs: oneOf('tabs', ['lock', 'exclusive', 'none'], options.tabs),
    lockTimeout: positive('lockTimeout', options.lockTimeout, 10_000),
    flushDelay: positive('flushDelay', options.flushDelay, 250),
    statementCache: positive('statementCache', options.statementCache, 256),
    onWarning: options.onWarning ?? warnOnConsole,
  };
}

function oneOf<T extends string>(option: string, allowed: readonly [T, ...T[]], value: T | undefined): T {
  if (value === undefined) return allowed[0];
  if (allowed.includes(value)) return value;
  throw new ConfigurationError(`the option ${option} is one of ${allowed.join(', ')}`);
}

function positive(option: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value >= 1) return value;
  throw new ConfigurationError(`the option ${option} is a number from 1 on`);
}

function warnOnConsole(warning: SqljsWarning): void {
  // biome-ignore lint/suspicious/noConsole: a warning that nobody listens for must still be seen.
  console.warn(`meshestra/sqljs: ${warning.message}`, warning.cause ?? '');
}

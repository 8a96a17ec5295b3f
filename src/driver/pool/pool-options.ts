import { ConfigurationError } from '../../errors.ts';
import { suggestName } from '../closest-name.ts';

/**
 * How a driver's pool behaves: the same options for every server. All times are milliseconds.
 *
 * What is out of bounds but can be made good is corrected and reported, see {@link Correction}; what makes no sense
 * (a count that is not a whole number, a wrong type, an unknown name) is a `configuration` error.
 */
export interface PoolOptions {
  /** Connections that are opened at the start and kept open. Default 0. */
  readonly min?: number;
  /** The most connections that are open at once. Default 10; at most 80 % of what the server allows in all. */
  readonly max?: number;
  /** How long to wait for a connection, connecting and retries included, before `pool-timeout`. Default 10,000. */
  readonly acquireTimeout?: number;
  /** After how long without work a connection beyond `min` is closed. Default 300,000; from 60,000 to 3,600,000. */
  readonly idleTimeout?: number;
  /**
   * How old a connection may become; up to a tenth less, so that those opened together do not end together. Default
   * 1,800,000; 0 for no limit.
   */
  readonly maxLifetime?: number;
  /** After how long a statement is ended as `statement-timeout`. Default 0: no limit. */
  readonly statementTimeout?: number;
  /** After how long without work a connection must answer `SELECT 1` before it is handed out. Default 30,000. */
  readonly checkAfter?: number;
  /** How often a failed attempt to connect is repeated where it may pass. Default 5. */
  readonly connectRetries?: number;
  /** The pause before the first repetition, doubled with each one up to 5,000, and varied by half. Default 100. */
  readonly retryDelay?: number;
  /** How long `close()` lets running work end before it destroys the connections. Default 10,000. */
  readonly drainTimeout?: number;
  /** Whether an option that would be corrected is a `configuration` error instead. Default false. */
  readonly strict?: boolean;
}

/** The options of a pool as they are in force: every one of them, corrected. */
export type PoolSettings = Readonly<Required<Omit<PoolOptions, 'strict'>>>;

/** What holds for a pool option that is not given. */
export const POOL_DEFAULTS: PoolSettings = /* @__PURE__ */ Object.freeze({
  min: 0,
  max: 10,
  acquireTimeout: 10_000,
  idleTimeout: 300_000,
  maxLifetime: 1_800_000,
  statementTimeout: 0,
  checkAfter: 30_000,
  connectRetries: 5,
  retryDelay: 100,
  drainTimeout: 10_000,
});

/** The options that count something; all others are times. */
const COUNTS: ReadonlySet<string> = new Set<keyof PoolSettings>(['min', 'max', 'connectRetries']);
const SETTINGS = /* @__PURE__ */ Object.keys(POOL_DEFAULTS) as (keyof PoolSettings)[];

/**
 * Fills in the defaults, correcting nothing. Throws `configuration` naming the option for an unknown name and for a value
 * that can mean nothing: of the wrong type, not finite, a count below zero or not whole.
 */
export function readPoolOptions(options: PoolOptions): PoolSettings {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new ConfigurationError(`pool: must be an object of options, not ${describe(options)}`);
  }
  const names: readonly string[] = [...SETTINGS, 'strict'];
  for (const name of Object.keys(options)) {
    if (!names.includes(name))
      throw new ConfigurationError(`pool.${name}: there is no such option; ${suggestName(name, names)}`);
  }
  if (options.strict !== undefined && typeof options.strict !== 'boolean') {
    throw new ConfigurationError(`pool.strict: must be true or false, not ${describe(options.strict)}`);
  }
  const read = (name: keyof PoolSettings) => {
    const value: unknown = options[name];
    return [name, value === undefined ? POOL_DEFAULTS[name] : readNumber(name, value)];
  };
  return Object.fromEntries(SETTINGS.map(read)) as PoolSettings;
}

function readNumber(name: keyof PoolSettings, value: unknown): number {
  const what = COUNTS.has(name) ? 'a whole number' : 'a number of milliseconds';
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ConfigurationError(`pool.${name}: must be ${what}, not ${describe(value)}`);
  }
  const least = name === 'max' ? 1 : 0;
  if (COUNTS.has(name) && (!Number.isSafeInteger(value) || value < least)) {
    throw new ConfigurationError(`pool.${name}: must be a whole number of at least ${least}, not ${value}`);
  }
  return value;
}

/** Numbers are shown, since they tell what is wrong; of anything else, which may be a misplaced secret, the type is. */
function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`;
}

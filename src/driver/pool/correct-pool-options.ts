import { ConfigurationError } from '../../errors.ts';
import { LONGEST_TIMER } from '../../wire/longest-timer.ts';
import { POOL_DEFAULTS, type PoolOptions, type PoolSettings, readPoolOptions } from './pool-options.ts';

/** An option whose value could not stay as it was given. */
export interface Correction {
  readonly field: keyof PoolSettings;
  readonly original: number;
  readonly corrected: number;
  /** Why the original value would not do, with the bound that it broke. */
  readonly reason: string;
}

/** The options in force, and what had to be corrected for them. */
export interface CorrectedPoolOptions {
  readonly settings: PoolSettings;
  readonly corrections: readonly Correction[];
}

const SERVER_SHARE = 0.8;
const SHORTEST_IDLE = 60_000;
const LONGEST_IDLE = 3_600_000;

/** Says what a value must become, and why; null where it may stay. */
type Rule = (
  settings: PoolSettings,
  maxConnections: number | null,
) => readonly [corrected: number, reason: string] | null;

/** In this order: a rule sees the values that the rules before it left. */
const RULES: readonly (readonly [keyof PoolSettings, Rule])[] = [
  ['max', underServerLimit],
  ['min', ({ min, max }) => (min > max ? [Math.floor(max / 2), `it is above max, which is ${max}`] : null)],
  ['acquireTimeout', ({ acquireTimeout }) => positive(acquireTimeout, POOL_DEFAULTS.acquireTimeout)],
  ['idleTimeout', ({ idleTimeout }) => withinIdleBounds(idleTimeout)],
  ['maxLifetime', ({ maxLifetime }) => notNegative(maxLifetime, POOL_DEFAULTS.maxLifetime)],
  ['maxLifetime', longerThanIdle],
  ['statementTimeout', ({ statementTimeout }) => notNegative(statementTimeout, POOL_DEFAULTS.statementTimeout)],
  ['checkAfter', ({ checkAfter }) => notNegative(checkAfter, POOL_DEFAULTS.checkAfter)],
  ['retryDelay', ({ retryDelay }) => positive(retryDelay, POOL_DEFAULTS.retryDelay)],
  ['drainTimeout', ({ drainTimeout }) => notNegative(drainTimeout, POOL_DEFAULTS.drainTimeout)],
];

/**
 * The options in force and the list of corrections, from the options as given and the server's limit of connections (null
 * where it is not known). Throws `configuration` for values that make no sense, and with `strict` for what would have
 * been corrected, all of it in one error.
 *
 * @example
 * ```ts
 * import { correctPoolOptions } from 'meshestra/port';
 *
 * const { settings, corrections } = correctPoolOptions({ max: 200 }, 100);
 * settings.max; // 80
 * corrections[0]; // { field: 'max', original: 200, corrected: 80, reason: '…' }
 * ```
 */
export function correctPoolOptions(options: PoolOptions, maxConnections: number | null): CorrectedPoolOptions {
  const given = readPoolOptions(options);
  const corrections = new Map<keyof PoolSettings, Correction>();
  let settings = given;
  for (const [field, rule] of RULES) {
    const verdict = rule(settings, maxConnections);
    if (verdict === null) continue;
    const [corrected, reason] = verdict;
    corrections.set(field, Object.freeze({ field, original: given[field], corrected, reason }));
    settings = { ...settings, [field]: corrected };
  }
  const list = [...corrections.values()];
  if (options.strict === true && list.length > 0) throw new ConfigurationError(describeAll(list));
  return { settings: Object.freeze(settings), corrections: Object.freeze(list) };
}

/** One correction as a sentence. */
export function describeCorrection({ field, original, corrected, reason }: Correction): string {
  return `pool.${field}: ${original} became ${corrected}, because ${reason}`;
}

function describeAll(corrections: readonly Correction[]): string {
  const each = corrections.map(
    ({ field, original, corrected, reason }) => `pool.${field} is ${original}, but ${reason}; ${corrected} would do`,
  );
  return `strict: the pool's options must be right as they are: ${each.join('. ')}`;
}

function underServerLimit({ max }: PoolSettings, maxConnections: number | null): ReturnType<Rule> {
  if (maxConnections === null) return null;
  const most = Math.max(1, Math.floor(maxConnections * SERVER_SHARE));
  return max > most ? [most, `it is above 80 % of the ${maxConnections} connections that the server allows`] : null;
}

function withinIdleBounds(time: number): ReturnType<Rule> {
  if (time < SHORTEST_IDLE) return [SHORTEST_IDLE, 'it is below 60 s (times are in milliseconds)'];
  return time > LONGEST_IDLE ? [LONGEST_IDLE, 'it is above 3600 s (times are in milliseconds)'] : null;
}

function longerThanIdle({ maxLifetime, idleTimeout }: PoolSettings): ReturnType<Rule> {
  if (maxLifetime === 0 || maxLifetime >= idleTimeout) return null;
  return [idleTimeout, `it is below idleTimeout, which is ${idleTimeout}`];
}

function positive(time: number, fallback: number): ReturnType<Rule> {
  return time > 0 ? notNegative(time, fallback) : [fallback, 'it is not above zero'];
}

function notNegative(time: number, fallback: number): ReturnType<Rule> {
  if (time > LONGEST_TIMER) return [LONGEST_TIMER, `it is above ${LONGEST_TIMER}, the longest that a timer can wait`];
  return time < 0 ? [fallback, 'it is below zero'] : null;
}

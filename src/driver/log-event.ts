import type { Correction } from './pool/correct-pool-options.ts';

/**
 * What happened to a driver that nobody asked for in so many words: an option that was corrected, a connection that was
 * replaced. Neither parameter values nor credentials are part of it.
 */
export interface LogEvent {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** What happened, as a name that stays the same while messages change: `pool.retry`, `option.corrected`, … */
  readonly event: string;
  /** The same as a sentence for people. */
  readonly message: string;
  /** The adapter's name. */
  readonly driver: string;
  /** Why it happened, where there is an error. */
  readonly error?: unknown;
  /** With `option.corrected`: the option, its value before and after, and the reason. */
  readonly correction?: Correction;
}

import { ConnectionError } from '../../errors.ts';
import type { Clock } from '../../wire/clock.ts';
import type { LogEvent } from '../log-event.ts';
import type { ConnectionAges } from './connection-ages.ts';
import type { ConnectionSource } from './connection-source.ts';
import type { PoolSettings } from './pool-options.ts';
import { withinTime } from './within-time.ts';

const LONGEST_DELAY = 5000;
/** A connection that does not answer `SELECT 1` by then is as good as dead. */
const CHECK_TIMEOUT = 5000;

/** What opening looks at of the one it is for. */
interface Asked {
  readonly settled: boolean;
  lastError: unknown;
  pause(clock: Clock, ms: number): Promise<void>;
}

/** Takes connections from a source until one is fit to be used, and puts them back. */
export class ConnectionOpener<C extends object> {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #source: ConnectionSource<C>;
  readonly #ages: ConnectionAges;
  readonly #log: (event: Omit<LogEvent, 'driver'>) => void;

  constructor(
    parts: { readonly clock: Clock; readonly random?: () => number },
    source: ConnectionSource<C>,
    ages: ConnectionAges,
    log: (event: Omit<LogEvent, 'driver'>) => void,
  ) {
    this.#clock = parts.clock;
    this.#random = parts.random ?? Math.random;
    this.#source = source;
    this.#ages = ages;
    this.#log = log;
  }

  /**
   * A connection that answers; null where whoever asked has left meanwhile. Repeats what may pass with growing pauses,
   * and rejects with the error that does not, or with the last one.
   */
  async open(asked: Asked, settings: PoolSettings): Promise<C | null> {
    let failures = 0;
    while (!asked.settled) {
      try {
        const connection = await this.#source.acquire();
        if (await this.#isFit(connection, settings)) return connection;
      } catch (error) {
        if (asked.settled) return null;
        failures += 1;
        if (failures > settings.connectRetries || !mayPass(error)) throw error;
        asked.lastError = error;
        await this.#waitToRetry(asked, failures, settings, error);
      }
    }
    return null;
  }

  /** Puts a connection back, unless it is too old or its driver will not have it. */
  putBack(connection: C, settings: PoolSettings): void {
    if (this.#ages.hasExpired(connection)) {
      this.#expire(connection);
      return;
    }
    this.#ages.touch(connection, settings);
    try {
      this.#source.release(connection);
    } catch (error) {
      this.#log({ level: 'warn', event: 'pool.destroyed', message: 'a connection could not be given back', error });
      this.destroy(connection, error);
    }
  }

  /** Closes a connection. A driver that fails to is told of in the log: whoever gives it back has no use for the error. */
  destroy(connection: C, reason: unknown): void {
    try {
      this.#source.destroy(connection, reason);
    } catch (error) {
      this.#log({ level: 'warn', event: 'pool.failure', message: 'a connection could not be closed', error });
    }
  }

  /** Asks a connection to answer; gives the error where it does not in time. */
  async check(connection: C): Promise<unknown> {
    let found: unknown = null;
    const answer = (async () => this.#source.check(connection))().catch((error: unknown) => {
      found = error;
    });
    if (await withinTime(this.#clock, CHECK_TIMEOUT, answer)) return found;
    return new ConnectionError(`an idle connection did not answer within ${CHECK_TIMEOUT} ms`, { retryable: true });
  }

  async #isFit(connection: C, settings: PoolSettings): Promise<boolean> {
    if (!this.#ages.knows(connection)) {
      this.#ages.touch(connection, settings);
      return true;
    }
    if (this.#ages.hasExpired(connection)) {
      this.#expire(connection);
      return false;
    }
    if (this.#ages.idleFor(connection) < settings.checkAfter) return true;
    const error = await this.check(connection);
    if (error === null) return true;
    const message = 'an idle connection was dead and is replaced';
    this.#log({ level: 'warn', event: 'pool.replaced', message, error });
    this.destroy(connection, error);
    return false;
  }

  #expire(connection: C): void {
    this.#log({ level: 'debug', event: 'pool.expired', message: 'a connection reached its maxLifetime and is closed' });
    this.destroy(connection, undefined);
  }

  async #waitToRetry(asked: Asked, failures: number, settings: PoolSettings, error: unknown): Promise<void> {
    const delay = Math.min(settings.retryDelay * 2 ** (failures - 1), LONGEST_DELAY) * (0.5 + this.#random());
    const ms = Math.round(delay);
    const message = `connecting failed (attempt ${failures} of ${settings.connectRetries + 1}); the next one is in ${ms} ms`;
    this.#log({ level: 'warn', event: 'pool.retry', message, error });
    await asked.pause(this.#clock, ms);
  }
}

/** Whether the failure to connect may pass by itself, as the adapter judged it. */
function mayPass(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === true;
}

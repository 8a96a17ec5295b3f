import type { PoolState } from '../../errors.ts';
import type { Clock } from '../../wire/clock.ts';
import type { LogEvent } from '../log-event.ts';
import type { ConnectionSource } from './connection-source.ts';
import type { Correction } from './correct-pool-options.ts';
import type { Lease } from './lease.ts';
import type { PoolOptions, PoolSettings } from './pool-options.ts';

/** What a pool is made of. */
export interface PoolParts<C extends object> {
  /** The adapter's name, for messages and events. */
  readonly driver: string;
  readonly options: PoolOptions;
  readonly clock: Clock;
  /**
   * Opens the driver's pool with the options in force. Called at once; the server's own limit may lower `max` and `min`
   * later, so that the driver's pool is then used in part.
   */
  open(settings: PoolSettings): ConnectionSource<C>;
  /** Asks the server, on its first connection, how many connections it allows; null where it does not say. */
  maxConnections?(connection: C): Promise<number | null>;
  /** Told what the pool did by itself: corrections, retries, replaced connections. */
  onLog?(event: LogEvent): void;
  /** Numbers from 0 to 1 for the variation of pauses and lifetimes. */
  readonly random?: () => number;
}

/**
 * What every driver's pool lacks in one place or another, over the pool that the driver has: a bounded wait that can be
 * aborted, retries, health checks, warm connections, an end that lets running work finish, and its state in numbers.
 */
export interface Pool<C extends object> {
  /** The options in force. They change once, in {@link Pool.start}, when the server's limit is known. */
  readonly settings: PoolSettings;
  /** What was corrected, so far; complete after {@link Pool.start}. */
  readonly corrections: readonly Correction[];
  /**
   * Connects for the first time: asks the server's limit, corrects the options by it, and opens `min` connections.
   * Rejects as {@link Pool.acquire} does where no connection can be had, and with `configuration` for a correction under
   * `strict`. Calling it again while it runs waits for the same start, and after it succeeded does nothing more; after a
   * failure it tries anew. A signal ends the waiting of its caller, not the start that others may wait for.
   */
  start(signal?: AbortSignal): Promise<void>;
  /**
   * Borrows a connection, first come first served. Rejects with `pool-timeout` after `acquireTimeout`, with `aborted`
   * when the signal fires first, with `closed` after {@link Pool.close}, and with the error of the last attempt where
   * connecting failed for good. A connection that comes too late goes back to the pool.
   */
  acquire(signal?: AbortSignal): Promise<Lease<C>>;
  /**
   * Borrows a connection for the time of `work`. An error that leaves the connection in doubt has it destroyed, which
   * goes by the code of the error that `work` throws.
   */
  use<R>(work: (connection: C, lease: Lease<C>) => R | Promise<R>, signal?: AbortSignal): Promise<R>;
  /** The numbers of this moment. */
  state(): PoolState;
  /**
   * Refuses whoever waits and whoever comes with `closed`, lets work that runs end for up to `drainTimeout`, destroys the
   * connections that are still on loan then, and closes the rest. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

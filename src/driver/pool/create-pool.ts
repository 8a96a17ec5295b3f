import { ClosedError, type PoolState, PoolTimeoutError } from '../../errors.ts';
import type { LogEvent } from '../log-event.ts';
import { aborted } from '../mutex.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { type AcquireRequest, AcquireRequests } from './acquire-requests.ts';
import { ConnectionAges } from './connection-ages.ts';
import { ConnectionOpener } from './connection-opener.ts';
import type { ConnectionSource } from './connection-source.ts';
import {
  type CorrectedPoolOptions,
  type Correction,
  correctPoolOptions,
  describeCorrection,
} from './correct-pool-options.ts';
import { type Lease, OpenLease } from './lease.ts';
import type { Pool, PoolParts } from './pool.ts';
import type { PoolSettings } from './pool-options.ts';
import { withinTime } from './within-time.ts';

/** How long a driver may take to close connections that nobody uses. */
const END_TIMEOUT = 5000;

/** Makes a pool over a driver's own. Throws `configuration` for options that make no sense. */
export function createPool<C extends object>(parts: PoolParts<C>): Pool<C> {
  return new DriverPool(parts);
}

/**
 * At most `max` permits are out. Each stands for one connection of the driver's pool that is on loan, or that it was
 * asked for: so the driver's pool never has to queue, and one that answers late still counts.
 */
class DriverPool<C extends object> implements Pool<C> {
  readonly #parts: PoolParts<C>;
  readonly #source: ConnectionSource<C>;
  readonly #requests: AcquireRequests<Lease<C>>;
  readonly #ages: ConnectionAges;
  readonly #opener: ConnectionOpener<C>;
  readonly #leases = new Set<OpenLease<C>>();
  readonly #upkeep = new AbortController();
  #corrected: CorrectedPoolOptions;
  #permits = 0;
  #starting: Promise<void> | null = null;
  #closing: Promise<void> | null = null;
  #isDrained = false;
  #sourceEnded = false;
  #onIdle: (() => void) | null = null;

  constructor(parts: PoolParts<C>) {
    this.#parts = parts;
    this.#corrected = correctPoolOptions(parts.options, null);
    this.#source = parts.open(this.settings);
    this.#requests = new AcquireRequests(parts.clock, this.settings.acquireTimeout, (late) => this.#timeOut(late));
    this.#ages = new ConnectionAges(parts.clock, parts.random ?? Math.random);
    this.#opener = new ConnectionOpener(parts, this.#source, this.#ages, (event) => this.#log(event));
  }

  get settings(): PoolSettings {
    return this.#corrected.settings;
  }

  get corrections(): readonly Correction[] {
    return this.#corrected.corrections;
  }

  state(): PoolState {
    const { total, idle } = this.#source.counts();
    return { total, active: this.#leases.size, idle, waiting: this.#requests.size, max: this.settings.max };
  }

  start(signal?: AbortSignal): Promise<void> {
    if (this.#closing !== null) return Promise.reject(closed());
    if (signal?.aborted === true) return Promise.reject(aborted(signal));
    if (this.#starting === null) {
      const starting = this.#start();
      this.#starting = starting;
      starting.catch(() => {
        if (this.#starting === starting) this.#starting = null;
      });
    }
    return signal === undefined ? this.#starting : unlessAborted(this.#starting, signal);
  }

  // Without a signal: several callers may wait for the one start, and each may leave it to the others.
  async #start(): Promise<void> {
    const { maxConnections } = this.#parts;
    if (maxConnections !== undefined) {
      await this.#askLimit(maxConnections);
    }
    for (const correction of this.corrections) {
      const message = describeCorrection(correction);
      this.#log({ level: 'warn', event: 'option.corrected', message, correction });
    }
    if (this.settings.min === 0) return;
    await this.#warmUp();
    void this.#keepWarm();
  }

  // Where the options are refused, nobody has a driver to close: the connection must not stay behind.
  async #askLimit(maxConnections: NonNullable<PoolParts<C>['maxConnections']>): Promise<void> {
    const lease = await this.acquire();
    try {
      this.#corrected = correctPoolOptions(this.#parts.options, await maxConnections(lease.connection));
    } catch (error) {
      lease.destroy(error);
      throw error;
    }
    lease.release();
  }

  acquire(signal?: AbortSignal): Promise<Lease<C>> {
    if (this.#closing !== null) return Promise.reject(closed());
    if (signal?.aborted === true) return Promise.reject(aborted(signal));
    const answer = this.#requests.add(signal);
    this.#serve();
    return answer;
  }

  async use<R>(work: (connection: C, lease: Lease<C>) => R | Promise<R>, signal?: AbortSignal): Promise<R> {
    const lease = await this.acquire(signal);
    try {
      // The signal may fire between the moment a connection was granted and this one.
      if (signal?.aborted === true) throw aborted(signal);
      return await work(lease.connection, lease);
    } catch (error) {
      lease.noteError(error);
      throw error;
    } finally {
      lease.release();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Gives permits to those who wait, for as long as there are any. */
  #serve(): void {
    while (this.#permits < this.settings.max) {
      const request = this.#requests.next();
      if (request === undefined) return;
      this.#permits += 1;
      void this.#lend(request);
    }
  }

  /** Turns a permit into a loan. Never rejects: the request is told. */
  async #lend(request: AcquireRequest<Lease<C>>): Promise<void> {
    let connection: C | null = null;
    try {
      connection = await this.#opener.open(request, this.settings);
    } catch (error) {
      request.fail(error);
    }
    if (connection !== null && this.#grant(request, connection)) return;
    if (connection !== null) this.#giveBack(connection);
    this.#returnPermit();
  }

  #grant(request: AcquireRequest<Lease<C>>, connection: C): boolean {
    const lease = new OpenLease(connection, (ended, suspicion) => this.#endLease(ended, suspicion));
    if (!request.grant(lease)) return false;
    this.#leases.add(lease);
    return true;
  }

  #endLease(lease: OpenLease<C>, suspicion: { readonly reason: unknown } | null): void {
    this.#leases.delete(lease);
    if (suspicion === null) this.#giveBack(lease.connection);
    else this.#destroy(lease.connection, suspicion.reason);
    this.#returnPermit();
    if (this.#leases.size === 0) this.#onIdle?.();
  }

  #destroy(connection: C, reason: unknown): void {
    const message = 'a connection was destroyed after an error that leaves its state in doubt';
    // At the end of the drain, one event speaks for all of them.
    if (!this.#isDrained) this.#log({ level: 'warn', event: 'pool.destroyed', message, error: reason });
    this.#opener.destroy(connection, reason);
  }

  #giveBack(connection: C): void {
    // A driver's pool that has ended closes nothing any more.
    if (this.#sourceEnded) this.#opener.destroy(connection, closed());
    else this.#opener.putBack(connection, this.settings);
  }

  #returnPermit(): void {
    this.#permits -= 1;
    this.#serve();
  }

  #timeOut(request: AcquireRequest<Lease<C>>): void {
    const pool = this.state();
    const numbers = `total ${pool.total}, active ${pool.active}, idle ${pool.idle}, waiting ${pool.waiting}, max ${pool.max}`;
    const advice =
      request.lastError !== undefined
        ? 'the server could not be reached, see the cause'
        : pool.active === 0
          ? 'the server does not answer'
          : 'release connections sooner, or raise max or acquireTimeout';
    request.fail(
      new PoolTimeoutError(
        `${this.#parts.driver}: no connection within ${this.settings.acquireTimeout} ms (${numbers}); ${advice}`,
        request.lastError === undefined ? { pool } : { pool, cause: request.lastError },
      ),
    );
  }

  /** Opens what is missing to `min`, and has every one of them prove that it answers. */
  async #warmUp(): Promise<void> {
    const wanted = Array.from({ length: this.settings.min }, () => this.acquire());
    // Given back only when all are there, or the driver's pool would hand out the same one again.
    const outcomes = await Promise.allSettled(wanted);
    await Promise.all(outcomes.map((outcome) => this.#proveReady(outcome)));
  }

  async #proveReady(outcome: PromiseSettledResult<Lease<C>>): Promise<void> {
    if (outcome.status === 'rejected') {
      if (this.#closing === null) this.#logFailure('a connection could not be kept ready', outcome.reason);
      return;
    }
    const error = await this.#opener.check(outcome.value.connection);
    if (error === null) outcome.value.release();
    else outcome.value.destroy(error);
  }

  /** Drivers' pools close idle connections below `min`, and notice dead ones late: this round makes up for both. */
  async #keepWarm(): Promise<void> {
    const { signal } = this.#upkeep;
    const { clock } = this.#parts;
    try {
      for (;;) {
        const { idleTimeout, checkAfter, min, max } = this.settings;
        await clock.sleep(Math.min(idleTimeout / 2, Math.max(checkAfter, 1000)), signal);
        // Where work is waiting, nothing is idle.
        if (this.#permits + min <= max) await this.#warmUp();
      }
    } catch (error) {
      if (!signal.aborted) this.#logFailure('connections are not kept ready any more', error);
    }
  }

  async #close(): Promise<void> {
    this.#upkeep.abort();
    this.#requests.end(closed);
    const { clock } = this.#parts;
    if (!(await withinTime(clock, this.settings.drainTimeout, this.#drained()))) this.#destroyLeases();
    this.#sourceEnded = true;
    const ended = (async () => this.#source.end())().catch((error: unknown) =>
      this.#logFailure('the driver could not end its pool', error),
    );
    if (await withinTime(clock, END_TIMEOUT, ended)) return;
    const message = `the driver did not end its pool within ${END_TIMEOUT} ms; it is left to itself`;
    this.#log({ level: 'warn', event: 'pool.end-timeout', message });
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#leases.size === 0) resolve();
      else this.#onIdle = resolve;
    });
  }

  #destroyLeases(): void {
    const { drainTimeout } = this.settings;
    const message = `${this.#leases.size} connections were still at work ${drainTimeout} ms after close() and are destroyed`;
    this.#log({ level: 'warn', event: 'pool.drain-timeout', message });
    this.#isDrained = true;
    for (const lease of [...this.#leases]) lease.destroy(closed());
  }

  #logFailure(message: string, error: unknown): void {
    this.#log({ level: 'warn', event: 'pool.failure', message, error });
  }

  #log(event: Omit<LogEvent, 'driver'>): void {
    const { driver, onLog } = this.#parts;
    try {
      onLog?.({ ...event, driver, message: `${driver}: ${event.message}` });
    } catch {
      // What a listener throws is its own affair: a permit must not get lost by it.
    }
  }
}

function closed(): ClosedError {
  return new ClosedError('the pool of connections is closed');
}

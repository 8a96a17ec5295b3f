import type { Dialect } from '../../compiler/dialect.ts';
import { ClosedError } from '../../errors.ts';
import type { Capabilities } from '../../wire/capabilities.ts';
import type { Clock } from '../../wire/clock.ts';
import type { Connection, Driver } from '../driver.ts';
import type { LogEvent } from '../log-event.ts';
import { aborted } from '../mutex.ts';
import { tellAll } from '../tell-all.ts';
import type { Correction } from './correct-pool-options.ts';
import type { Pool } from './pool.ts';

/** What a driver of a server is made of. */
export interface PooledDriverParts<C extends object> {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  /** Loads the package and makes the pool. Called with the first connection, and once more after it failed. */
  open(onLog: (event: LogEvent) => void): Promise<Pool<C>>;
  /** The connection that the core sees: each statement, and each transaction, borrows one of the pool's. */
  connection(pool: Pool<C>): Connection;
}

/** A server behind a pool of connections. Nothing is loaded or opened before the first connection. */
export class PooledDriver<C extends object> implements Driver {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly #parts: PooledDriverParts<C>;
  readonly #listeners = new Set<(event: LogEvent) => void>();
  #opening: Promise<Pool<C>> | null = null;
  #pool: Pool<C> | undefined;
  #closed = false;

  constructor(parts: PooledDriverParts<C>) {
    this.name = parts.name;
    this.dialect = parts.dialect;
    this.capabilities = parts.capabilities;
    this.clock = parts.clock;
    this.#parts = parts;
  }

  /** The pool, once a first connection was asked for. */
  get pool(): Pool<object> | undefined {
    return this.#pool;
  }

  get corrections(): readonly Correction[] {
    return this.#pool?.corrections ?? [];
  }

  async connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Connection> {
    this.#refuseClosed();
    if (signal?.aborted === true) throw aborted(signal);
    const pool = await this.#open();
    await pool.start(signal);
    return this.#parts.connection(pool);
  }

  onLog(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A pool that never opened needs no closing; whoever opened it has the error.
    const pool = await this.#opening?.catch(() => undefined);
    await pool?.close();
    this.#listeners.clear();
  }

  #open(): Promise<Pool<C>> {
    if (this.#opening === null) {
      const opening = this.#load();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = null;
      });
    }
    return this.#opening;
  }

  async #load(): Promise<Pool<C>> {
    const pool = await this.#parts.open((event) => tellAll(this.#listeners, event));
    this.#pool = pool;
    return pool;
  }

  #refuseClosed(): void {
    if (this.#closed) throw new ClosedError(`the driver is closed; make a new one with ${this.name}()`);
  }
}

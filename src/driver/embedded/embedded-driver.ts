import type { Dialect } from '../../compiler/dialect.ts';
import { ClosedError } from '../../errors.ts';
import type { Capabilities } from '../../wire/capabilities.ts';
import type { Clock } from '../../wire/clock.ts';
import type { MaybePromise } from '../../wire/maybe-promise.ts';
import type { Connection, Driver } from '../driver.ts';
import { aborted, Mutex } from '../mutex.ts';
import { EmbeddedConnection } from './embedded-connection.ts';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { whileLocked } from './patience.ts';

/** A database that is open inside the process. */
export interface OpenEmbedded<H> {
  /** The object of the native driver. */
  readonly handle: H;
  readonly engine: EmbeddedEngine;
  /** Lets go of it, and closes it where it was opened here. */
  close(): void;
}

/** What an embedded driver is made of. */
export interface EmbeddedDriverParts<H> {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  /** Milliseconds to wait for a lock that another connection or process holds. */
  readonly lockTimeout: number;
  /** Loads what opening needs. What it gives opens the database, and is called again while that is locked. */
  readonly load: () => Promise<() => OpenEmbedded<H>>;
}

/** A driver of an engine inside the process: opens its database with the first connection. */
export class EmbeddedDriver<H> implements Driver {
  readonly name: string;
  readonly dialect: Dialect;
  readonly capabilities: Capabilities;
  readonly clock: Clock;
  readonly #parts: EmbeddedDriverParts<H>;
  readonly #mutex: Mutex = new Mutex();
  #opening: Promise<OpenEmbedded<H>> | undefined;
  #open: OpenEmbedded<H> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: EmbeddedDriverParts<H>) {
    this.name = parts.name;
    this.dialect = parts.dialect;
    this.capabilities = parts.capabilities;
    this.clock = parts.clock;
    this.#parts = parts;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    const { engine } = await this.#opened();
    const { clock, lockTimeout } = this.#parts;
    return new EmbeddedConnection({ engine, mutex: this.#mutex, clock, lockTimeout });
  }

  /** The object of the native driver; `closed` before the first connection and after the end. */
  protected get handle(): H {
    if (this.#open !== undefined) return this.#open.handle;
    const when = this.#closing === undefined ? 'not open yet; connect first' : 'closed';
    throw new ClosedError(`${this.name}: the database is ${when}`);
  }

  /** Runs `work` while no transaction is open and none begins. */
  protected async exclusively<R>(work: (handle: H) => MaybePromise<R>): Promise<R> {
    const { handle } = await this.#opened();
    await this.#mutex.acquire();
    try {
      return await work(handle);
    } finally {
      this.#mutex.release();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // A database that never opened needs no closing; whoever opened it has the error.
    const open = await this.#opening?.catch(() => undefined);
    await this.#mutex.close();
    this.#open = undefined;
    open?.close();
  }

  #opened(): Promise<OpenEmbedded<H>> {
    if (this.#closing !== undefined) return Promise.reject(new ClosedError(`${this.name}: the driver is closed`));
    if (this.#opening === undefined) {
      const opening = this.#load();
      this.#opening = opening;
      // What failed once may be tried again: a lock that is free by then, a package that was installed.
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async #load(): Promise<OpenEmbedded<H>> {
    const open = await this.#parts.load();
    const opened = await whileLocked(open, this.#parts);
    this.#open = opened;
    return opened;
  }
}

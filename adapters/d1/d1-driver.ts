import { sqlite } from '../../src/dialect/sqlite/index.ts';
import { aborted, ClosedError, ConfigurationError, type Connection, createClock, type Driver } from '../../src/port.ts';
import { d1Capabilities } from './capabilities.ts';
import { D1Connection } from './d1-connection.ts';
import type { D1Database } from './d1-database.ts';
import { D1Link } from './d1-link.ts';

/** The options of {@link d1}. */
export interface D1Options<B extends D1Database = D1Database> {
  /** The binding of the database, `env.DB`. */
  readonly binding: B;
  /**
   * Lets reads go to the replicas of the database: `first-unconstrained`, to any of them; `first-primary`, only after a first
   * request to the primary; or a bookmark, from which on a replica must know everything. Every EntityManager then sees what
   * was read and written by this driver before it. Without it, everything goes to the primary.
   */
  readonly session?: string;
}

/** A D1 database. */
export interface D1Driver<B extends D1Database = D1Database> extends Driver {
  /** The binding itself. What is done with it is not seen by events and live queries. */
  readonly binding: B;
  /**
   * How new the newest state of the database is that was read or written here, for the option `session` of a later request;
   * null before that, and without the option `session`.
   */
  readonly bookmark: string | null;
}

class BindingDriver<B extends D1Database> implements D1Driver<B> {
  readonly name = 'd1';
  readonly dialect: Driver['dialect'] = sqlite;
  readonly capabilities: Driver['capabilities'] = d1Capabilities;
  readonly clock: Driver['clock'] = createClock(globalThis);
  readonly binding: B;
  readonly #link: D1Link;
  #closing: Promise<void> | undefined;

  constructor({ binding, session }: D1Options<B>) {
    this.binding = binding;
    this.#link = new D1Link(binding, session);
  }

  get bookmark(): string | null {
    return this.#link.bookmark;
  }

  async connect(options?: { readonly signal?: AbortSignal }): Promise<Connection> {
    if (options?.signal?.aborted === true) throw aborted(options.signal);
    if (this.#closing !== undefined) throw new ClosedError('d1: the driver is closed');
    return new D1Connection(this.#link);
  }

  close(): Promise<void> {
    this.#closing ??= this.#link.close();
    return this.#closing;
  }
}

/**
 * A driver for a D1 database by its binding. One driver may serve all requests of a worker: every call is a request to D1 of
 * its own, a flush is one, and one that fails leaves nothing behind.
 *
 * @example
 * const db = await createPersistence({ driver: d1({ binding: env.DB }), entities: [Author, Post] });
 */
export function d1<B extends D1Database>(options: D1Options<B>): D1Driver<B> {
  const { binding, session } = options;
  if (typeof binding?.prepare !== 'function' || typeof binding.batch !== 'function') {
    throw new ConfigurationError(
      'd1: the option binding is no D1 database; give env.DB, as d1_databases of wrangler.jsonc names it',
    );
  }
  if (session !== undefined && (typeof session !== 'string' || session.trim() === '')) {
    throw new ConfigurationError("d1: the option session is 'first-primary', 'first-unconstrained', or a bookmark");
  }
  if (session !== undefined && binding.withSession === undefined) {
    throw new ConfigurationError('d1: this binding has no sessions; leave out the option session, or update wrangler');
  }
  return new BindingDriver(options);
}

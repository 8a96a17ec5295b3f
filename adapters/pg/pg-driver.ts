import { postgres } from '../../src/dialect/postgres/index.ts';
import {
  type Clock,
  ClosedError,
  ConfigurationError,
  type Connection,
  type Correction,
  createClock,
  createPool,
  type Dialect,
  type Driver,
  type LogEvent,
  type Pool,
  type PoolSettings,
} from '../../src/port.ts';
import { capabilities } from './capabilities.ts';
import { type PgSettings, poolConfig } from './options.ts';
import type { PgModule, PgPool } from './pg-module.ts';
import { PgSource } from './pg-source.ts';
import { PooledConnection } from './pooled-connection.ts';
import type { ServerSession } from './server-session.ts';
import { StatementNames } from './statement-names.ts';

/** A PostgreSQL server behind a pool of connections. */
export interface PgDriver extends Driver {
  /** The pool, once a first connection was asked for. */
  readonly pool: Pool<object> | undefined;
  onLog(listener: (event: LogEvent) => void): () => void;
  readonly corrections: readonly Correction[];
}

/** The driver: loads `pg` and opens its pool with the first connection. */
export class PoolDriver implements PgDriver {
  readonly name = 'pg';
  readonly dialect: Dialect = postgres;
  readonly capabilities: typeof capabilities = capabilities;
  readonly clock: Clock = createClock(globalThis);
  readonly #settings: PgSettings;
  readonly #listeners = new Set<(event: LogEvent) => void>();
  #opening: Promise<Pool<ServerSession>> | null = null;
  #pool: Pool<ServerSession> | undefined;
  #closed = false;

  constructor(settings: PgSettings) {
    this.#settings = settings;
  }

  get pool(): Pool<object> | undefined {
    return this.#pool;
  }

  get corrections(): readonly Correction[] {
    return this.#pool?.corrections ?? [];
  }

  async connect(options: { readonly signal?: AbortSignal } = {}): Promise<Connection> {
    const pool = await this.#open();
    await pool.start(options.signal);
    return new PooledConnection(pool);
  }

  onLog(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const pool = await this.#opening?.catch(() => undefined);
    await pool?.close();
    this.#listeners.clear();
  }

  #open(): Promise<Pool<ServerSession>> {
    if (this.#closed) return Promise.reject(new ClosedError('the driver is closed; make a new one with pg()'));
    if (this.#opening === null) {
      const opening = this.#openPool();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = null;
      });
    }
    return this.#opening;
  }

  async #openPool(): Promise<Pool<ServerSession>> {
    const { existingPool, pg, namedStatements, server } = this.#settings;
    const module = existingPool === null ? (pg ?? (await importPg())) : null;
    const names = namedStatements ? new StatementNames() : null;
    let source: PgSource | undefined;
    this.#pool = createPool<ServerSession>({
      driver: this.name,
      options: server.pool,
      clock: this.clock,
      open: (settings) => {
        const pool = existingPool ?? this.#makePool(module, settings);
        source = new PgSource(pool, existingPool === null, names);
        return source;
      },
      maxConnections: async (session) => source?.inspect(session) ?? null,
      onLog: (event) => this.#log(event),
    });
    return this.#pool;
  }

  #makePool(module: PgModule | null, { max, idleTimeout }: PoolSettings): PgPool {
    if (module === null) throw new ConfigurationError('pg: there is neither the package pg nor a pool');
    const pool = new module.Pool(poolConfig(this.#settings, max, idleTimeout));
    // An idle connection that is lost would otherwise end the process.
    pool.on('error', (error) => {
      const message = 'pg: an idle connection was lost';
      this.#log({ level: 'warn', event: 'pool.lost', message, driver: this.name, error });
    });
    return pool;
  }

  #log(event: LogEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

async function importPg(): Promise<PgModule> {
  let namespace: { readonly default?: unknown };
  try {
    namespace = await import('pg');
  } catch (cause) {
    throw new ConfigurationError('the package pg is not installed: npm install pg; or hand it in as the option "pg"', {
      cause,
    });
  }
  return (namespace.default ?? namespace) as PgModule;
}

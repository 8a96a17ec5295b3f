import { mysql } from '../../src/dialect/mysql/index.ts';
import {
  aborted,
  type Clock,
  ClosedError,
  type Connection,
  type Correction,
  createClock,
  createPool,
  type Dialect,
  type Driver,
  type LogEvent,
  type Pool,
  type PoolState,
} from '../../src/port.ts';
import { mysql2Capabilities } from './capabilities.ts';
import { loadMysql2 } from './load-mysql2.ts';
import { NativeSource } from './native-source.ts';
import type { Mysql2Settings } from './options.ts';
import { PooledConnection } from './pooled-connection.ts';
import type { ServerConnection } from './server-connection.ts';

/** The driver: loads mysql2 and opens its pool with the first connection. */
export class Mysql2Driver implements Driver {
  readonly name = 'mysql2';
  readonly dialect: Dialect = mysql;
  readonly capabilities: typeof mysql2Capabilities = mysql2Capabilities;
  readonly clock: Clock = createClock(globalThis);
  readonly #settings: Mysql2Settings;
  readonly #listeners = new Set<(event: LogEvent) => void>();
  #opening: Promise<Pool<ServerConnection>> | null = null;
  #pool: Pool<ServerConnection> | null = null;
  #closed = false;

  constructor(settings: Mysql2Settings) {
    this.#settings = settings;
  }

  get corrections(): readonly Correction[] {
    return this.#pool?.corrections ?? [];
  }

  get pool(): { state(): PoolState } | undefined {
    return this.#pool ?? undefined;
  }

  async connect({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Connection> {
    if (this.#closed) throw closed();
    if (signal?.aborted === true) throw aborted(signal);
    const pool = await this.#open();
    await pool.start(signal);
    return new PooledConnection(pool);
  }

  onLog(listener: (event: LogEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
    // A pool that never opened needs no closing; whoever opened it has the error.
    const pool = await this.#opening?.catch(() => null);
    await pool?.close();
    this.#listeners.clear();
  }

  #open(): Promise<Pool<ServerConnection>> {
    if (this.#opening === null) {
      const opening = this.#openPool();
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = null;
      });
    }
    return this.#opening;
  }

  async #openPool(): Promise<Pool<ServerConnection>> {
    const { mysql2, server } = this.#settings;
    const module = await loadMysql2(mysql2);
    if (this.#closed) throw closed();
    const { clock } = this;
    const statementTimeout = () => this.#pool?.settings.statementTimeout ?? 0;
    const pool = createPool<ServerConnection>({
      driver: this.name,
      options: server.pool,
      clock,
      open: (settings) => new NativeSource(this.#settings, module, settings, { clock, statementTimeout }),
      maxConnections: askMaxConnections,
      onLog: (event) => {
        for (const listener of this.#listeners) listener(event);
      },
    });
    this.#pool = pool;
    return pool;
  }
}

async function askMaxConnections(connection: ServerConnection): Promise<number | null> {
  const statement = { sql: 'SELECT @@max_connections', params: [] };
  const { result } = await connection.run(statement, { writes: [], outcome: 'rolled-back' });
  return Number(result.rows[0]?.[0]) || null;
}

function closed(): ClosedError {
  return new ClosedError('the driver is closed; make a new one with mysql2()');
}

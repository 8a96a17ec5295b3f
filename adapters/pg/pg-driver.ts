import { postgres } from '../../src/dialect/postgres/index.ts';
import {
  ConfigurationError,
  type Correction,
  createClock,
  createPool,
  type Driver,
  type LogEvent,
  type Pool,
  PooledDriver,
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

const NAME = 'pg';

/** The driver: loads `pg` and opens its pool with the first connection. */
export function createPgDriver(settings: PgSettings): PgDriver {
  return new PooledDriver<ServerSession>({
    name: NAME,
    dialect: postgres,
    capabilities,
    clock: createClock(globalThis),
    open: (onLog) => openPool(settings, onLog),
    connection: (pool) => new PooledConnection(pool),
  });
}

async function openPool(settings: PgSettings, onLog: (event: LogEvent) => void): Promise<Pool<ServerSession>> {
  const { existingPool, pg, namedStatements, server } = settings;
  const module = existingPool === null ? (pg ?? (await importPg())) : null;
  const names = namedStatements ? new StatementNames() : null;
  let source: PgSource | undefined;
  return createPool<ServerSession>({
    driver: NAME,
    options: server.pool,
    clock: createClock(globalThis),
    open: (poolSettings) => {
      const pool = existingPool ?? makePool(settings, module, poolSettings, onLog);
      source = new PgSource(pool, existingPool === null, names);
      return source;
    },
    maxConnections: async (session) => source?.inspect(session) ?? null,
    onLog,
  });
}

function makePool(
  settings: PgSettings,
  module: PgModule | null,
  { max, idleTimeout }: PoolSettings,
  onLog: (event: LogEvent) => void,
): PgPool {
  if (module === null) throw new ConfigurationError('pg: there is neither the package pg nor a pool');
  const pool = new module.Pool(poolConfig(settings, max, idleTimeout));
  // An idle connection that is lost would otherwise end the process.
  pool.on('error', (error) => {
    onLog({ level: 'warn', event: 'pool.lost', message: 'pg: an idle connection was lost', driver: NAME, error });
  });
  return pool;
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

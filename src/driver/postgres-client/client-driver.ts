import type { Dialect } from '../../compiler/dialect.ts';
import { createClock, type Timers } from '../clock.ts';
import type { LogEvent } from '../log-event.ts';
import { createPool } from '../pool/create-pool.ts';
import type { Pool } from '../pool/pool.ts';
import type { PoolSettings } from '../pool/pool-options.ts';
import { PooledDriver } from '../pool/pooled-driver.ts';
import type { PostgresClient, PostgresModule, PostgresPool } from './client.ts';
import { pipelinedCapabilities, postgresClientCapabilities } from './client-capabilities.ts';
import { clientConfig } from './client-config.ts';
import { ClientConnection } from './client-connection.ts';
import type { ClientSettings } from './client-options.ts';
import type { ClientSession } from './client-session.ts';
import { ClientSource } from './client-source.ts';
import { StatementNames } from './statement-names.ts';

/** What a driver over a pool of clients is made of. */
export interface ClientDriverParts extends ClientSettings {
  /** The adapter's name. */
  readonly name: string;
  readonly dialect: Dialect;
  readonly timers: Timers;
  /** Whether the server keeps the statements parsed. */
  readonly namedStatements: boolean;
  /** Whether the clients send statements before those before them are answered. */
  readonly pipeline: boolean;
  /** Loads the package that the pool is made of. */
  load(): Promise<PostgresModule>;
  /** Throws where a client is not fit for use, whatever its state. */
  check?(client: PostgresClient): void;
}

/** A driver over a pool of clients: it loads their package and opens the pool with the first connection. */
export function createClientDriver(parts: ClientDriverParts): PooledDriver<ClientSession> {
  return new PooledDriver<ClientSession>({
    name: parts.name,
    dialect: parts.dialect,
    capabilities: parts.pipeline ? pipelinedCapabilities : postgresClientCapabilities,
    clock: createClock(parts.timers),
    open: (onLog) => openPool(parts, onLog),
    connection: (pool) => new ClientConnection(pool, parts.pipeline),
  });
}

async function openPool(parts: ClientDriverParts, onLog: (event: LogEvent) => void): Promise<Pool<ClientSession>> {
  const { name, existingPool, namedStatements, server, check } = parts;
  const open = existingPool === null ? poolMaker(parts, await parts.load(), onLog) : () => existingPool;
  const clock = createClock(parts.timers);
  let source: ClientSource | undefined;
  return createPool<ClientSession>({
    driver: name,
    options: server.pool,
    clock,
    open: (settings) => {
      source = new ClientSource({
        pool: open(settings),
        isOwned: existingPool === null,
        clock,
        names: namedStatements ? new StatementNames() : null,
        ...(check === undefined ? {} : { check }),
      });
      return source;
    },
    maxConnections: async (session) => source?.inspect(session) ?? null,
    onLog,
  });
}

function poolMaker(
  { name, server, applicationName, pipeline }: ClientDriverParts,
  module: PostgresModule,
  onLog: (event: LogEvent) => void,
): (settings: PoolSettings) => PostgresPool {
  return ({ max, idleTimeout }) => {
    const pool = new module.Pool(clientConfig(server, { applicationName, pipeline, max, idleTimeout }));
    // An idle connection that is lost would otherwise end the process.
    pool.on('error', (error) => {
      onLog({
        level: 'warn',
        event: 'pool.lost',
        message: `${name}: an idle connection was lost`,
        driver: name,
        error,
      });
    });
    return pool;
  };
}

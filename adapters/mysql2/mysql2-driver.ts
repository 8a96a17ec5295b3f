import { mysql } from '../../src/dialect/mysql/index.ts';
import { createClock, createPool, type LogEvent, type Pool, PooledDriver } from '../../src/port.ts';
import { mysql2Capabilities, pipelinedCapabilities } from './capabilities.ts';
import { loadMysql2 } from './load-mysql2.ts';
import { NativeSource } from './native-source.ts';
import type { Mysql2Settings } from './options.ts';
import { PooledConnection } from './pooled-connection.ts';
import type { ServerConnection } from './server-connection.ts';

const NAME = 'mysql2';

/** The driver: loads mysql2 and opens its pool with the first connection. */
export function createMysql2Driver(settings: Mysql2Settings): PooledDriver<ServerConnection> {
  return new PooledDriver<ServerConnection>({
    name: NAME,
    dialect: mysql,
    capabilities: settings.pipeline ? pipelinedCapabilities : mysql2Capabilities,
    clock: createClock(globalThis),
    open: (onLog) => openPool(settings, onLog),
    connection: (pool) => new PooledConnection(pool, settings.pipeline),
  });
}

async function openPool(settings: Mysql2Settings, onLog: (event: LogEvent) => void): Promise<Pool<ServerConnection>> {
  const { mysql2, server } = settings;
  const module = await loadMysql2(mysql2);
  const clock = createClock(globalThis);
  const statementTimeout = (): number => pool.settings.statementTimeout;
  const pool: Pool<ServerConnection> = createPool<ServerConnection>({
    driver: NAME,
    options: server.pool,
    clock,
    open: (poolSettings) => new NativeSource(settings, module, poolSettings, { clock, statementTimeout }),
    maxConnections: askMaxConnections,
    onLog,
  });
  return pool;
}

async function askMaxConnections(connection: ServerConnection): Promise<number | null> {
  const statement = { sql: 'SELECT @@max_connections', params: [] };
  const { result } = await connection.run(statement, { writes: [], outcome: 'rolled-back' });
  return Number(result.rows[0]?.[0]) || null;
}

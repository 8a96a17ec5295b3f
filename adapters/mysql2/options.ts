import {
  ConfigurationError,
  type PoolOptions,
  readServerOptions,
  type ServerOptions,
  type ServerSettings,
} from '../../src/port.ts';
import type { NativePool } from './native.ts';

/** The options of {@link mysql2}: how to reach the server, or a pool that the application has. */
export interface Mysql2Options extends ServerOptions {
  /**
   * A pool of mysql2 that the application has already (`createPool` of `mysql2` or of `mysql2/promise`); it stays open
   * when the driver is closed. Instead of the options that say how to reach the server.
   */
  readonly client?: object;
  /** The package itself, for programs that do not find it by `import('mysql2')`. */
  readonly mysql2?: object;
  /** How many prepared statements each connection keeps on the server. Default 256. */
  readonly maxPreparedStatements?: number;
}

/** The options, checked. */
export interface Mysql2Settings {
  /** The application's pool; null where the driver opens its own. */
  readonly client: NativePool | null;
  readonly mysql2: object | undefined;
  readonly server: ServerSettings;
  readonly pool: PoolOptions;
  readonly maxPreparedStatements: number;
}

/** Checks the options. Throws `configuration` naming the option that is unknown or wrong. */
export function settle(options: string | Mysql2Options): Mysql2Settings {
  const given: Mysql2Options = typeof options === 'string' ? { url: options } : options;
  const { maxPreparedStatements = 256 } = given;
  if (!Number.isSafeInteger(maxPreparedStatements) || maxPreparedStatements < 1) {
    throw new ConfigurationError('maxPreparedStatements: must be a whole number from 1 on');
  }
  const server = readServerOptions(given, {
    protocols: ['mysql:', 'mariadb:'],
    port: 3306,
    options: ['client', 'mysql2', 'maxPreparedStatements'],
  });
  if (server.ssl !== false && server.ssl.servername !== undefined) {
    throw new ConfigurationError('ssl.servername: mysql2 knows the name of the host only');
  }
  return {
    client: given.client === undefined ? null : clientOf(given),
    mysql2: given.mysql2,
    server,
    pool: server.pool,
    maxPreparedStatements,
  };
}

function clientOf(options: Mysql2Options): NativePool {
  for (const name of ['url', 'host', 'port', 'database', 'user', 'password', 'ssl'] as const) {
    if (options[name] === undefined) continue;
    throw new ConfigurationError(`${name}: the client that is given as well says how to reach the server`);
  }
  // A pool of `mysql2/promise` has the one with callbacks inside.
  const client = options.client as Partial<NativePool> & { readonly pool?: Partial<NativePool> };
  const pool = client.pool ?? client;
  if (typeof pool.getConnection !== 'function' || pool.config?.connectionConfig === undefined) {
    throw new ConfigurationError(
      'client: must be a pool made by createPool of mysql2; a single connection will not do',
    );
  }
  return pool as NativePool;
}

/** FOUND_ROWS: an UPDATE tells the rows that it matched, changed or not. */
const FOUND_ROWS = 2;

/** Throws `configuration` where an option of the application's pool would change values or counts. */
export function checkClient({ config }: NativePool, encodings: readonly string[]): void {
  const { connectionConfig, resetOnRelease } = config;
  const { clientFlags, charsetNumber, typeCast, jsonStrings, decimalNumbers, queryFormat } = connectionConfig;
  const problems: readonly (readonly [boolean, string])[] = [
    [(clientFlags & FOUND_ROWS) === 0, "flags: remove '-FOUND_ROWS', or updates look like conflicts"],
    [encodings[charsetNumber] !== 'utf8', "charset: must be 'utf8mb4'"],
    [jsonStrings !== true, 'jsonStrings: must be true, or JSON loses digits'],
    [decimalNumbers === true, 'decimalNumbers: must not be set, or decimals lose digits'],
    [typeCast !== undefined && typeCast !== true, 'typeCast: must not be set'],
    [queryFormat !== undefined, 'queryFormat: must not be set'],
    [resetOnRelease === true, 'resetOnRelease: must not be set, or prepared statements are lost'],
  ];
  const found = problems.filter(([isProblem]) => isProblem).map(([, problem]) => problem);
  if (found.length > 0)
    throw new ConfigurationError(`client: the options of this pool do not fit: ${found.join('; ')}`);
}

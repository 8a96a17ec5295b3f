import {
  ConfigurationError,
  readServerOptions,
  revealSecret,
  type Secret,
  type ServerOptions,
  type ServerSettings,
} from '../../src/port.ts';
import type { PgModule, PgPool } from './pg-module.ts';

/** The options of {@link pg}. */
export interface PgOptions extends ServerOptions {
  /** A pool that the application has already; it stays the application's to end. Its address and login count, not those here. */
  readonly existingPool?: PgPool;
  /** The package `pg`, where it is not to be imported by its name. */
  readonly pg?: PgModule;
  /**
   * Whether the server keeps the statements parsed, which saves it work. Not behind a pooler that hands out connections by
   * the transaction, such as PgBouncer before 1.21. Default false.
   */
  readonly namedStatements?: boolean;
  /** Shown by the server in `pg_stat_activity`. Default `meshestra`. */
  readonly applicationName?: string;
}

/** The options, completed. */
export interface PgSettings {
  readonly server: ServerSettings;
  readonly existingPool: PgPool | null;
  readonly pg: PgModule | null;
  readonly namedStatements: boolean;
  readonly applicationName: string;
}

/** Reads options, a URL, or a pool. Throws `configuration` naming the option that is wrong. */
export function readOptions(source: string | Secret | PgOptions | PgPool): PgSettings {
  const options = isPool(source) ? { existingPool: source } : isUrl(source) ? { url: source } : source;
  const { existingPool = null, pg = null, namedStatements = false, applicationName = 'meshestra' } = options;
  if (existingPool !== null && !isPool(existingPool))
    throw new ConfigurationError('existingPool: must be a Pool of pg');
  const server = readServerOptions(options, {
    protocols: ['postgres:', 'postgresql:'],
    port: 5432,
    parameters: ['application_name', 'options'],
    options: ['existingPool', 'pg', 'namedStatements', 'applicationName'],
  });
  // More would only queue up a second time in the pool that is there.
  const max = existingPool?.options?.max;
  const pool = max === undefined ? server.pool : { max, ...server.pool };
  return { server: { ...server, pool }, existingPool, pg, namedStatements, applicationName };
}

/** The options in the words of `pg`; `max` connections, each opened within `connectTimeout`. */
export function poolConfig({ server, applicationName }: PgSettings, max: number, idleTimeout: number): object {
  const { host, port, database, user, password, ssl, connectTimeout, parameters } = server;
  const options = parameters.get('options');
  return {
    host,
    port,
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    // A function, so that the pool's options hold no secret, and a token is asked for when it is needed.
    ...(password === undefined ? {} : { password: () => revealSecret(password) }),
    ssl: ssl === false ? false : { ...ssl, ...(ssl.key === undefined ? {} : { key: reveal(ssl.key) }) },
    application_name: parameters.get('application_name') ?? applicationName,
    ...(options === undefined ? {} : { options }),
    keepAlive: true,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: idleTimeout,
    max,
  };
}

function reveal(secret: string | Secret): string {
  return typeof secret === 'string' ? secret : secret.reveal();
}

function isPool(source: unknown): source is PgPool {
  return typeof source === 'object' && source !== null && 'connect' in source && typeof source.connect === 'function';
}

function isUrl(source: unknown): source is string | Secret {
  return typeof source === 'string' || (typeof source === 'object' && source !== null && 'reveal' in source);
}

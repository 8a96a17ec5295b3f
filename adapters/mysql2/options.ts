import {
  ConfigurationError,
  type PoolOptions,
  readServerOptions,
  revealSecret,
  type Secret,
  type ServerOptions,
  type ServerSettings,
} from '../../src/port.ts';
import type { NativePool } from './native.ts';

/** A pool of mysql2 that the application has: what `createPool` of `mysql2` or of `mysql2/promise` gives. */
export interface Mysql2Pool {
  getConnection: unknown;
  execute: unknown;
}

/** The options of {@link mysql2}. */
export interface Mysql2Options extends ServerOptions {
  /** A pool that the application has already; it stays the application's to end. It says how to reach the server. */
  readonly existingPool?: Mysql2Pool;
  /** The package itself, where it is not to be imported by its name. */
  readonly mysql2?: object;
  /** How many prepared statements each connection keeps on the server. Default 256. */
  readonly maxPreparedStatements?: number;
  /**
   * Whether a flush, and a `find` with `populate`, are one request each: a text of all their statements, between START
   * TRANSACTION and COMMIT, with the values in it. Worth it where the server is far away; a pool that is handed in has to be
   * made with `multipleStatements: true`. All else stays one statement with its parameters. Default false.
   */
  readonly pipeline?: boolean;
}

/** The options, completed and checked. */
export interface Mysql2Settings {
  readonly server: ServerSettings;
  readonly existingPool: NativePool | null;
  readonly mysql2: object | undefined;
  readonly maxPreparedStatements: number;
  readonly pipeline: boolean;
}

/** Reads options, a URL, or a pool. Throws `configuration` naming the option that is unknown or wrong. */
export function readOptions(source: string | Secret | Mysql2Options | Mysql2Pool): Mysql2Settings {
  const options: Mysql2Options = isPool(source) ? { existingPool: source } : isUrl(source) ? { url: source } : source;
  const { maxPreparedStatements = 256, pipeline = false } = options;
  if (!Number.isSafeInteger(maxPreparedStatements) || maxPreparedStatements < 1) {
    throw new ConfigurationError('maxPreparedStatements: must be a whole number from 1 on');
  }
  if (typeof pipeline !== 'boolean') throw new ConfigurationError('pipeline: must be true or false');
  const server = readServerOptions(options, {
    protocols: ['mysql:', 'mariadb:'],
    port: 3306,
    options: ['existingPool', 'mysql2', 'maxPreparedStatements', 'pipeline'],
  });
  if (server.ssl !== false && server.ssl.servername !== undefined) {
    throw new ConfigurationError('ssl.servername: mysql2 has the name of the host only');
  }
  const existingPool = options.existingPool === undefined ? null : nativePool(options);
  // More would only queue up a second time in the pool that is there.
  const max = existingPool?.config.connectionLimit || undefined;
  const pool: PoolOptions = max === undefined ? server.pool : { max, ...server.pool };
  return { server: { ...server, pool }, existingPool, mysql2: options.mysql2, maxPreparedStatements, pipeline };
}

function isPool(source: object | string): source is Mysql2Pool {
  return typeof source === 'object' && 'getConnection' in source;
}

function isUrl(source: string | Secret | Mysql2Options): source is string | Secret {
  return typeof source === 'string' || 'reveal' in source;
}

function nativePool(options: Mysql2Options): NativePool {
  for (const name of ['url', 'host', 'port', 'database', 'user', 'password', 'ssl'] as const) {
    if (options[name] === undefined) continue;
    throw new ConfigurationError(`${name}: the existingPool that is given as well says how to reach the server`);
  }
  // A pool of `mysql2/promise` has the one with callbacks inside.
  const given = options.existingPool as Partial<NativePool> & { readonly pool?: Partial<NativePool> };
  const pool = given.pool ?? given;
  if (typeof pool.getConnection !== 'function' || pool.config?.connectionConfig === undefined) {
    throw new ConfigurationError('existingPool: must be a pool made by createPool of mysql2');
  }
  return pool as NativePool;
}

/** FOUND_ROWS: an UPDATE tells the rows that it matched, changed or not. */
const FOUND_ROWS = 2;

/** MULTI_STATEMENTS: a text that is sent as it is may have several statements in it. */
const MULTI_STATEMENTS = 0x1_0000;

/** Whether connections of a pool may send several statements in one text. */
export function takesSeveral({ config }: NativePool): boolean {
  return (config.connectionConfig.clientFlags & MULTI_STATEMENTS) !== 0;
}

/** Throws `configuration` where an option of the application's pool would change values or counts, or is missing. */
export function checkExistingPool(
  existing: NativePool,
  { pipeline }: Pick<Mysql2Settings, 'pipeline'>,
  encodings: readonly string[],
): void {
  const { connectionConfig, resetOnRelease } = existing.config;
  const { clientFlags, charsetNumber, typeCast, jsonStrings, decimalNumbers, queryFormat } = connectionConfig;
  const problems: readonly (readonly [boolean, string])[] = [
    [(clientFlags & FOUND_ROWS) === 0, "flags must not have '-FOUND_ROWS', or unchanged rows look like missing ones"],
    [encodings[charsetNumber] !== 'utf8', "charset must be 'utf8mb4'"],
    [jsonStrings !== true, 'jsonStrings must be true, or JSON loses digits'],
    [decimalNumbers === true, 'decimalNumbers must not be set, or decimals lose digits'],
    [typeCast !== undefined && typeCast !== true, 'typeCast must not be set'],
    [queryFormat !== undefined, 'queryFormat must not be set'],
    [
      pipeline && !takesSeveral(existing),
      'multipleStatements must be true for a pipeline, or leave the option "pipeline" away',
    ],
    [resetOnRelease === true, 'resetOnRelease must not be set, or prepared statements are lost'],
  ];
  const found = problems.filter(([isProblem]) => isProblem).map(([, problem]) => problem);
  if (found.length > 0) throw new ConfigurationError(`existingPool: its options do not fit: ${found.join('; ')}`);
}

/** The options in the words of mysql2, for a pool of `max` connections. */
export function poolConfig(
  { server, maxPreparedStatements, pipeline }: Mysql2Settings,
  max: number,
  idleTimeout: number,
): Readonly<Record<string, unknown>> {
  const { host, port, database, user, ssl, connectTimeout } = server;
  return {
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    database,
    user,
    connectTimeout,
    ...(ssl === false ? {} : { ssl: sslConfig(ssl) }),
    charset: 'utf8mb4_bin',
    // Not IGNORE_SPACE, which makes words of function names, and no server may ask for a file of this machine.
    flags: ['FOUND_ROWS', '-IGNORE_SPACE', '-LOCAL_FILES', '-ODBC'],
    jsonStrings: true,
    maxPreparedStatements,
    multipleStatements: pipeline,
    // The core's pool never asks for more than max. Only where more are allowed than may be idle does mysql2 close those
    // that have been idle for too long.
    connectionLimit: max + 1,
    maxIdle: max,
    idleTimeout,
    queueLimit: 0,
  };
}

function sslConfig(ssl: Exclude<ServerSettings['ssl'], false>): object {
  const { ca, cert, key, rejectUnauthorized = true } = ssl;
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key: typeof key === 'string' ? key : key.reveal() }),
    rejectUnauthorized,
    // Otherwise mysql2 takes a certificate of anybody's, if only its authority is known.
    verifyIdentity: rejectUnauthorized,
  };
}

/**
 * The password for the connection that is opened next, where it has to be told: mysql2 copies its options for each, and
 * one that expires is asked for anew.
 */
export async function freshPassword({ server }: Mysql2Settings, isFirst: boolean): Promise<string | undefined> {
  const { password } = server;
  if (password === undefined || (typeof password !== 'function' && !isFirst)) return undefined;
  return revealSecret(password);
}

import { ConfigurationError } from '../../errors.ts';
import { isSecret, type Secret } from '../secret.ts';
import { readServerOptions, type ServerOptions, type ServerSettings } from '../server-options.ts';
import type { PostgresPool } from './client.ts';

/** The options that all drivers over a pool of clients have. */
export interface ClientOptions extends ServerOptions {
  /** A pool that the application has already; it stays the application's to end. Its address and login count, not those here. */
  readonly existingPool?: PostgresPool;
  /** Shown by the server in `pg_stat_activity`. Default `meshestra`. */
  readonly applicationName?: string;
}

/** The options, completed. */
export interface ClientSettings {
  readonly server: ServerSettings;
  readonly existingPool: PostgresPool | null;
  readonly applicationName: string;
}

/** What an adapter knows beside {@link ClientOptions}. */
export interface ClientDefaults {
  /** The names of its own options. */
  readonly options: readonly string[];
  /** The parameters of a URL that it understands, beside those of all. */
  readonly parameters?: readonly string[];
}

/** What a driver over a pool of clients is made of: options, or a URL or a pool in place of them. */
export function clientOptions<O extends ClientOptions>(source: string | Secret | PostgresPool | O): O | ClientOptions {
  if (isPool(source)) return { existingPool: source };
  return isSecret(source) ? { url: source } : source;
}

/** Completes options. Throws `configuration` naming the option that is unknown or wrong. */
export function readClientOptions(options: ClientOptions, defaults: ClientDefaults): ClientSettings {
  const { existingPool = null, applicationName = 'meshestra' } = options;
  if (existingPool !== null && !isPool(existingPool)) throw new ConfigurationError('existingPool: must be a Pool');
  const server = readServerOptions(options, {
    protocols: ['postgres:', 'postgresql:'],
    port: 5432,
    parameters: ['application_name', 'options', ...(defaults.parameters ?? [])],
    options: ['existingPool', 'applicationName', ...defaults.options],
  });
  // More would only queue up a second time in the pool that is there.
  const max = existingPool?.options?.max;
  const pool = max === undefined ? server.pool : { max, ...server.pool };
  return { server: { ...server, pool }, existingPool, applicationName };
}

function isPool(source: unknown): source is PostgresPool {
  return typeof source === 'object' && source !== null && 'connect' in source && typeof source.connect === 'function';
}

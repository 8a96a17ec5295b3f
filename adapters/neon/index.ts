/**
 * Neon through the package `@neondatabase/serverless`: over HTTP, or over WebSockets.
 *
 * @module
 */
import { ConfigurationError, type Driver, type Secret } from '../../src/port.ts';
import { ClientTransport, lazyClient } from './client-transport.ts';
import { createHttpDriver } from './http-driver.ts';
import type { NativeClient, NeonClient } from './neon-module.ts';
import { type NeonHttpOptions, readOptions } from './options.ts';

export type { NeonClient } from './neon-module.ts';
export type { NeonHttpOptions } from './options.ts';
export { type NeonPoolDriver, type NeonPoolOptions, neonPool } from './pool-driver.ts';

/** The options of {@link neon}. */
export interface NeonOptions extends NeonHttpOptions {
  /** The package `@neondatabase/serverless`, where it is not to be imported by its name. */
  readonly neon?: object;
}

/**
 * A driver for a Neon database, over HTTP. Takes a URL, options, or what the package's own `neon()` gave. It keeps nothing
 * open, so that it may be made once and serve all requests of a worker. Every flush is one request. Nothing is loaded
 * before the first statement. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: neon(env.DATABASE_URL), entities: [Author, Post] });
 */
export function neon(source: string | Secret | NeonOptions | NeonClient): Driver {
  if (isClient(source)) {
    const client = source as unknown as NativeClient;
    return createHttpDriver('neon', new ClientTransport(async () => client), 0);
  }
  const options = typeof source === 'string' || 'reveal' in source ? { url: source } : source;
  const settings = readOptions(options, ['neon']);
  const { neon: module } = options;
  if (module !== undefined && typeof (module as { readonly neon?: unknown }).neon !== 'function') {
    throw new ConfigurationError('neon: must be the package @neondatabase/serverless');
  }
  return createHttpDriver('neon', new ClientTransport(lazyClient(settings, module)), settings.statementTimeout);
}

function isClient(source: string | Secret | NeonOptions | NeonClient): source is NeonClient {
  return typeof source === 'function' && 'transaction' in source && 'query' in source;
}

/**
 * Neon over its HTTP protocol by `fetch` alone, without any package: for workers, where every kilobyte is loaded at each
 * cold start.
 *
 * @module
 */
import { ConfigurationError, type Driver, type Secret } from '../../src/port.ts';
import { createFetchTransport, type Fetch, neonEndpoint } from './fetch-transport.ts';
import { createHttpDriver } from './http-driver.ts';
import { type NeonHttpOptions, readOptions } from './options.ts';

export type { Fetch } from './fetch-transport.ts';
export type { NeonHttpOptions } from './options.ts';

/** The options of {@link neonFetch}. */
export interface NeonFetchOptions extends NeonHttpOptions {
  /** In place of the runtime's own `fetch`: for tests, or to add tracing. */
  readonly fetch?: Fetch;
  /** The address that takes the requests, or how it follows from the URL's host. Default `https://api.<host without its first label>/sql`. */
  readonly endpoint?: string | ((host: string, hasToken: boolean) => string);
}

/**
 * A driver for a Neon database, over HTTP. It keeps nothing open, so that it may be made once and serve all requests of a
 * worker. Every flush is one request. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: neonFetch(env.DATABASE_URL), entities: [Author, Post] });
 */
export function neonFetch(source: string | Secret | NeonFetchOptions): Driver {
  const options = typeof source === 'string' || 'reveal' in source ? { url: source } : source;
  const settings = readOptions(options, ['fetch', 'endpoint']);
  const { fetch: send = runtimeFetch, endpoint = neonEndpoint } = options;
  if (typeof send !== 'function') throw new ConfigurationError('fetch: must be a function');
  const address = typeof endpoint === 'string' ? () => endpoint : endpoint;
  return createHttpDriver('neonFetch', createFetchTransport(settings, send, address), settings.statementTimeout);
}

// Looked up for each request, because test tools put another one in its place.
const runtimeFetch: Fetch = (url, init) => fetch(url, init);

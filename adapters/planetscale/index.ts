/**
 * PlanetScale through the package `@planetscale/database`, over HTTP.
 *
 * @module
 */
import { mysql } from '../../src/dialect/mysql/index.ts';
import { createClock, type Driver, HttpDriver, type OpenRequests, type Secret } from '../../src/port.ts';
import { planetscaleCapabilities } from './capabilities.ts';
import { type PlanetscaleOptions, readOptions } from './options.ts';
import { PlanetscaleConnection } from './planetscale-connection.ts';
import { loadPlanetscale, type PlanetscaleModule } from './planetscale-module.ts';
import type { SessionParts } from './server-session.ts';

export type { PlanetscaleOptions } from './options.ts';

/**
 * A driver for a PlanetScale database, over HTTP. It keeps nothing open, so that it may be made once and serve all requests
 * of a worker. A statement is one request, and a transaction is one for each statement, and two more for its beginning and
 * end. Nothing is loaded before the first statement. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: planetscale(env.DATABASE_URL), entities: [Author, Post] });
 */
export function planetscale(source: string | Secret | PlanetscaleOptions): Driver {
  const options = typeof source === 'string' || 'reveal' in source ? { url: source } : source;
  const settings = readOptions(options);
  // Kept is the package, not the promise of it: what one request of a worker waits for, another one may wait for in vain.
  let module: PlanetscaleModule | undefined;
  const load = async (): Promise<PlanetscaleModule> => {
    module ??= await loadPlanetscale(settings.module);
    return module;
  };
  let parts: SessionParts | undefined;
  return new HttpDriver({
    name: 'planetscale',
    dialect: mysql,
    capabilities: planetscaleCapabilities,
    clock: createClock(globalThis),
    statementTimeout: settings.statementTimeout,
    connection: (requests: OpenRequests) => {
      parts ??= { settings, requests, load, keyStep: null };
      return new PlanetscaleConnection(parts);
    },
  });
}

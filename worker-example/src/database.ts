import { ConfigurationError, createPersistence, type Driver, type Persistence } from 'meshestra';
import { d1 } from 'meshestra/d1';
import { createMigrator } from 'meshestra/migrations';
import { neonFetch } from 'meshestra/neon/fetch';
import { planetscale } from 'meshestra/planetscale';
import { ENTITIES } from '../../demo-web/entities.ts';
import { migrations } from '../../demo-web/migrations/index.ts';
import type { Bindings } from './environment.ts';

/** Milliseconds that a request to the database may take. */
const PATIENCE = 10_000;

/** The driver that the bindings ask for: Neon or PlanetScale by URL, else D1. */
function chooseDriver({ DB, DATABASE_URL: url, DATABASE_ENDPOINT: endpoint }: Bindings): Driver {
  if (url === undefined || url === '') return d1({ binding: DB });
  const options = { url, statementTimeout: PATIENCE, ...(endpoint === undefined ? {} : { endpoint }) };
  if (/^postgres(?:ql)?:/.test(url)) return neonFetch(options);
  if (/^mysql:/.test(url)) return planetscale(options);
  throw new ConfigurationError(
    'DATABASE_URL: must be the postgresql:// URL of Neon, or the mysql:// URL of PlanetScale; leave it out for D1',
  );
}

/** A database as one request has it. */
export interface Lease {
  readonly db: Persistence;
  /** To be called when the request is over. */
  release(): Promise<void>;
}

/** Hands out the database to one request after the other. */
export type LeaseDatabase = (bindings: Bindings) => Promise<Lease>;

/**
 * One persistence object for all requests of an isolate where the driver's client may outlive a request, else one for each.
 * Entities are never shared: each request has an EntityManager of its own.
 *
 * What is kept is the opened object, never the promise of it: workerd gives up what a request waits for when its client goes
 * away, and everybody who waited for that promise would wait without end. So several requests that come first at once each
 * open one, and each migration is applied once whoever comes first.
 */
export function createLeases(choose: (bindings: Bindings) => Driver = chooseDriver): LeaseDatabase {
  let shared: Persistence | undefined;
  return async (bindings) => {
    if (shared !== undefined) return { db: shared, release: async () => {} };
    const driver = choose(bindings);
    const db = await createPersistence({ driver, entities: ENTITIES });
    const close = () => db.close();
    // Where the database is current an isolate's start costs one request more, which reads the ledger.
    await createMigrator(db, migrations)
      .up()
      .catch(async (error: unknown) => {
        await close();
        throw error;
      });
    if (!driver.capabilities.shareAcrossRequests) return { db, release: close };
    shared ??= db;
    return { db, release: async () => {} };
  };
}

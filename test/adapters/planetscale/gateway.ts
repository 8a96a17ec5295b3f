import { type PlanetscaleOptions, planetscale } from '../../../adapters/planetscale/index.ts';
import type { Driver } from '../../../src/index.ts';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase, type ScratchDatabase } from '../../support/engines/scratch-database.ts';
import { refusesChangedRows, type ServerSessions, watchSessions } from '../../support/engines/server-sessions.ts';
import {
  openPlanetscaleGateway,
  type PlanetscaleGateway,
  type PlanetscaleLimits,
} from '../../support/gateways/planetscale-gateway.ts';

/** An empty database behind the gateway. */
export interface TestDatabase {
  readonly driver: Driver;
  readonly scratch: ScratchDatabase;
  readonly url: string;
  /** Another driver for it. */
  connect(options?: Partial<PlanetscaleOptions>): Driver;
  drop(): Promise<void>;
}

/** A gateway before the server of the tests. */
export interface TestGateway {
  /** Why there is none. */
  readonly missing: string | undefined;
  /** Whether the server refuses writes to rows that changed since the snapshot. */
  readonly snapshotIsolation: boolean;
  title(text: string): string;
  gateway(): PlanetscaleGateway;
  database(): Promise<TestDatabase>;
  /** The sessions of the server, seen from outside. */
  sessions(): Promise<ServerSessions>;
  drop(): Promise<void>;
}

/** Opens the gateway. */
export async function openTestGateway(limits: PlanetscaleLimits = {}): Promise<TestGateway> {
  const engine = await findEngine('mysql');
  const opened = engine.missing === undefined ? await openPlanetscaleGateway(limits) : undefined;
  const sessions = engine.missing === undefined ? await watchSessions('mysql', engine.url) : undefined;
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error(engine.missing);
    return value;
  };
  return {
    missing: engine.missing,
    snapshotIsolation: sessions !== undefined && (await refusesChangedRows(sessions)),
    title: (text) => engineTitle(text, engine),
    gateway: () => there(opened),
    async database() {
      const gateway = there(opened);
      const scratch = await createScratchDatabase('mysql', engine);
      const url = gateway.branch(scratch.url);
      const connect = (options: Partial<PlanetscaleOptions> = {}) =>
        planetscale({ url, endpoint: gateway.origin, ...options });
      return {
        driver: connect(),
        scratch,
        url,
        connect,
        async drop() {
          await gateway.remove(url);
          await scratch.drop();
        },
      };
    },
    sessions: async () => there(sessions),
    async drop() {
      await opened?.close();
      await sessions?.close();
    },
  };
}

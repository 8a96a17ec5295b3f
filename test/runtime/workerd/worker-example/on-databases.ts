import { afterAll, describe, expect } from 'vitest';
import { openTestGateway as openNeon } from '../../../adapters/neon/gateway.ts';
import { openTestGateway as openPlanetscale } from '../../../adapters/planetscale/gateway.ts';
import { buildWorker } from './build-worker.ts';
import { type RunningWorker, runWorker } from './running-worker.ts';

/** The worker on one of its databases. */
export interface OnDatabase {
  worker(): RunningWorker;
  /** How many requests to the database `work` has made. */
  counted<R>(work: () => Promise<R>): Promise<[result: R, requests: number]>;
  /** So many requests; any number of them where the database takes no batches. */
  requests(count: number): unknown;
}

/** Registers tests of the built worker on each database that it may have. */
export async function onDatabases(tests: (on: OnDatabase) => void): Promise<void> {
  const built = await buildWorker();
  const onD1 = await runWorker(built);
  afterAll(() => onD1.stop());
  describe('worker-example on D1', () => tests(onDatabase(onD1, () => onD1.countD1(), true)));

  const neon = await openNeon();
  afterAll(() => neon.drop());
  const onNeon =
    neon.missing === undefined
      ? await runWorker(built, place(await neon.url(), `${neon.gateway().origin}/sql`))
      : undefined;
  afterAll(() => onNeon?.stop());
  describe.skipIf(onNeon === undefined)(neon.title('worker-example on Neon'), () =>
    tests(onDatabase(onNeon, async () => neon.gateway().requests.length, true)),
  );

  const planetscale = await openPlanetscale();
  afterAll(() => planetscale.drop());
  const database = planetscale.missing === undefined ? await planetscale.database() : undefined;
  afterAll(() => database?.drop());
  const onPlanetscale =
    database === undefined ? undefined : await runWorker(built, place(database.url, planetscale.gateway().origin));
  afterAll(() => onPlanetscale?.stop());
  describe.skipIf(onPlanetscale === undefined)(planetscale.title('worker-example on PlanetScale'), () =>
    tests(onDatabase(onPlanetscale, async () => planetscale.gateway().requests.length, false)),
  );
}

const place = (url: string, endpoint: string) => ({ DATABASE_URL: url, DATABASE_ENDPOINT: endpoint });

function onDatabase(running: RunningWorker | undefined, count: () => Promise<number>, hasBatches: boolean): OnDatabase {
  return {
    worker() {
      if (running === undefined) throw new Error('there is no server for it');
      return running;
    },
    async counted(work) {
      const before = await count();
      const result = await work();
      return [result, (await count()) - before];
    },
    requests: (expected) => (hasBatches ? expected : expect.any(Number)),
  };
}

import { afterAll, describe } from 'vitest';
import { openTestGateway } from '../../../adapters/neon/gateway.ts';
import { buildWorker } from './build-worker.ts';
import { type RunningWorker, runWorker } from './running-worker.ts';

/** The worker on one of its databases. */
export interface OnDatabase {
  worker(): RunningWorker;
  /** How many requests to the database `work` has made. */
  counted<R>(work: () => Promise<R>): Promise<[result: R, requests: number]>;
}

/** Registers tests of the built worker on each database that it may have. */
export async function onDatabases(tests: (on: OnDatabase) => void): Promise<void> {
  const built = await buildWorker();
  const test = await openTestGateway();
  const onD1 = await runWorker(built);
  const onNeon =
    test.missing === undefined
      ? await runWorker(built, { DATABASE_URL: await test.url(), DATABASE_ENDPOINT: `${test.gateway().origin}/sql` })
      : undefined;
  afterAll(async () => {
    await onD1.stop();
    await onNeon?.stop();
    await test.drop();
  });
  const on = (worker: () => RunningWorker, count: () => Promise<number>): OnDatabase => ({
    worker,
    async counted(work) {
      const before = await count();
      const result = await work();
      return [result, (await count()) - before];
    },
  });
  describe('worker-example on D1', () =>
    tests(
      on(
        () => onD1,
        () => onD1.countD1(),
      ),
    ));
  describe.skipIf(test.missing !== undefined)(test.title('worker-example on Neon'), () => {
    const worker = (): RunningWorker => {
      if (onNeon === undefined) throw new Error(test.missing);
      return onNeon;
    };
    tests(on(worker, async () => test.gateway().requests.length));
  });
}

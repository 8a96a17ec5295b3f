import * as serverless from '@neondatabase/serverless';
import { afterAll, describe } from 'vitest';
import { neonFetch } from '../../../adapters/neon/fetch.ts';
import { neon } from '../../../adapters/neon/index.ts';
import { createPersistence } from '../../../src/index.ts';
import type { Driver } from '../../../src/port.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { flushTests } from '../../support/gateways/flush-tests.ts';
import { openTestGateway } from './gateway.ts';

const test = await openTestGateway();
afterAll(() => test.drop());

const KINDS: readonly (readonly [name: string, make: (url: string) => Driver])[] = [
  ['the package', (url) => neon({ url, neon: serverless })],
  ['fetch', (url) => neonFetch({ url, endpoint: `${test.gateway().origin}/sql` })],
];

describe.skipIf(test.missing !== undefined).each(KINDS)(test.title('flushes over Neon by %s'), (_name, make) => {
  flushTests({
    async open(entities) {
      const db = await createPersistence({ driver: make(await test.url()), entities });
      await createSchema(db);
      return db;
    },
    gateway: () => test.gateway(),
    requests: () => 1,
    commit: 'perhaps',
  });
});

import { afterAll, describe } from 'vitest';
import { createPersistence } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import { flushTests } from '../../support/gateways/flush-tests.ts';
import { openTestGateway } from './gateway.ts';

const test = await openTestGateway();
afterAll(() => test.drop());

describe.skipIf(test.missing !== undefined)(test.title('flushes over PlanetScale'), () => {
  flushTests({
    async open(entities) {
      const { driver } = await test.database();
      const db = await createPersistence({ driver, entities });
      await createSchema(db);
      return db;
    },
    gateway: () => test.gateway(),
    // START TRANSACTION, and COMMIT.
    requests: (statements) => statements + 2,
    commit: '"COMMIT"',
  });
});

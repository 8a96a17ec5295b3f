import { describe, expect, it } from 'vitest';
import { sqljs } from '../../adapters/sqljs/index.ts';
import { createPersistence } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { playRandomly, setGraphStage } from './graphs/random-play.ts';

/** How many flushes are played: `MESHESTRA_FLUSHES=100000 npx vitest run test/conformance/random-graphs.test.ts`. */
const FLUSHES = Number(process.env.MESHESTRA_FLUSHES ?? 10_000);

// Measured at 0.6 to 2.5 ms each.
const MILLISECONDS_EACH = 15;

describe('random edits of a graph of entities', () => {
  it(
    `leave rows, memory and a trivial reference the same over ${FLUSHES} flushes`,
    async () => {
      await using stage = await setGraphStage({
        async open(entities, wrap = (driver) => driver) {
          const db = await createPersistence({ driver: wrap(sqljs()), entities });
          await createSchema(db);
          return db;
        },
      });
      expect(await playRandomly(stage, FLUSHES, 100)).toBeGreaterThanOrEqual(FLUSHES);
    },
    60_000 + FLUSHES * MILLISECONDS_EACH,
  );
});

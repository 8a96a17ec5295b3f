import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSqliteStage } from './schemas/sqlite-stage.ts';
import { playPair } from './schemas/survival.ts';

/** How many pairs are played: `MESHESTRA_SCHEMAS=10000 npx vitest run test/conformance/random-schemas.test.ts`. */
const PAIRS = Number(process.env.MESHESTRA_SCHEMAS ?? 300);

describe('random pairs of schemas', () => {
  it(`keep every row and column that stays, there and back, over ${PAIRS} pairs`, async () => {
    const stage = await openSqliteStage();
    const first = fc.readConfigureGlobal().seed ?? 0;
    for (let seed = first; seed < first + PAIRS; seed += 1) {
      await playPair(stage, seed).catch((error: unknown) => {
        throw new Error(`MESHESTRA_SEED=${seed}: ${String(error)}`, { cause: error });
      });
    }
    expect(PAIRS).toBeGreaterThan(0);
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { playPair, type SchemaStage } from './survival.ts';

/** The law that random pairs of schemas show; `MESHESTRA_SCHEMAS=1000` plays more of them. */
export function randomLaws(stage: SchemaStage, usual: number): void {
  const pairs = Number(process.env.MESHESTRA_SCHEMAS ?? usual);
  it(`random pairs of schemas keep every row and column that stays, there and back, over ${pairs} pairs`, {
    timeout: pairs * 2000,
  }, async () => {
    const first = fc.readConfigureGlobal().seed ?? 0;
    for (let seed = first; seed < first + pairs; seed += 1) {
      await playPair(stage, seed).catch((error: unknown) => {
        throw new Error(`MESHESTRA_SEED=${seed}: ${String(error)}`, { cause: error });
      });
    }
    expect(pairs).toBeGreaterThan(0);
  });
}

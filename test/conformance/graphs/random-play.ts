import fc from 'fast-check';
import { type Stage, setStage } from '../faults/fail-each.ts';
import type { Subject } from '../subject.ts';
import { sequences } from './edits.ts';
import { graph } from './model.ts';
import { play } from './play.ts';

/** Opens a database that graphs of entities are played on. */
export const setGraphStage = (subject: Pick<Subject, 'open'>): Promise<Stage> =>
  setStage(subject, { entities: graph, seed: () => undefined });

/**
 * Plays random sequences of edits until so many flushes were made and checked, and gives their number. Each round has the
 * next seed; a failure tells its own, and `MESHESTRA_SEED` begins with it.
 */
export async function playRandomly(stage: Stage, flushes: number, sequencesPerRound: number): Promise<number> {
  const score = { flushes: 0 };
  const first = fc.readConfigureGlobal().seed ?? 0;
  const property = fc.asyncProperty(sequences, async (edits) => {
    stage.driver.reset();
    await stage.rows.empty();
    await play(stage, edits, score);
  });
  for (let seed = first; score.flushes < flushes; seed += 1) {
    await fc.assert(property, { numRuns: sequencesPerRound, seed });
  }
  return score.flushes;
}

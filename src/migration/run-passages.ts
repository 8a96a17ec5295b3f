import { applyInBatch } from './apply-in-batch.ts';
import { applyInPieces } from './apply-in-pieces.ts';
import { applyInTransaction, isNext } from './apply-in-transaction.ts';
import { Lease } from './lease.ts';
import type { LedgerEntry } from './ledger.ts';
import { type MigrationOutcome, outcomeOf } from './migration-outcome.ts';
import type { MigrationRun } from './migration-run.ts';
import { isInTheWay, type Passage } from './passage.ts';
import { patience } from './patience.ts';
import { segmentsOf } from './segments.ts';

/** Runs one migration after the other, each time looking at the ledger anew: others may be at it, too. */
export async function runPassages(
  run: MigrationRun,
  choose: (entries: readonly LedgerEntry[]) => readonly Passage[],
): Promise<readonly MigrationOutcome[]> {
  const { session } = run.target;
  const outcomes: MigrationOutcome[] = [];
  const wait = patience(run);
  try {
    for (;;) {
      const entries = await run.ledger.read(session);
      const passages = choose(entries);
      const passage = passages.find((one) => isBegun(entries, one)) ?? passages[0];
      if (passage === undefined) return outcomes;
      try {
        const outcome = await runPassage(run, passage, entries);
        if (outcome !== null) outcomes.push(outcome);
      } catch (error) {
        if (!isInTheWay(error)) throw error;
        await wait(error instanceof Error ? error.message : String(error), error);
      }
    }
  } finally {
    await run.lease?.release();
  }
}

/** Gives null where there is nothing to do any more, or the ledger has to be read again. */
async function runPassage(
  run: MigrationRun,
  passage: Passage,
  entries: readonly LedgerEntry[],
): Promise<MigrationOutcome | null> {
  const { session } = run.target;
  const { version, name } = passage.migration;
  const { onProgress } = run.options;
  const isWhole = segmentsOf(passage, run.ledger.dialect).every(({ kind }) => kind === 'atomic');
  if (run.lease === null && (!isWhole || run.ledger.dialect.alwaysLeased || !isNext(entries, passage))) {
    run.lease = await Lease.take(run);
    // Whoever had the lease may have done it.
    return null;
  }
  run.lease?.assertHeld();
  const began = session.driver.clock.monotonic();
  onProgress?.({ kind: 'began', version, name, direction: passage.direction, steps: passage.side.steps.length });
  if (!(await apply(run, passage, entries, isWhole))) return null;
  const durationMs = session.driver.clock.monotonic() - began;
  onProgress?.({ kind: 'ended', version, name, durationMs });
  return outcomeOf(passage, durationMs);
}

async function apply(
  run: MigrationRun,
  passage: Passage,
  entries: readonly LedgerEntry[],
  isWhole: boolean,
): Promise<boolean> {
  if (isWhole && isNext(entries, passage)) {
    return run.target.session.driver.capabilities.interactive === 'none'
      ? applyInBatch(run, passage, entries)
      : applyInTransaction(run, passage);
  }
  if (run.lease === null) return false;
  await applyInPieces(run, passage, run.lease, entries);
  return true;
}

function isBegun(entries: readonly LedgerEntry[], { migration }: Passage): boolean {
  return entries.some(({ version, state }) => version === migration.version && state !== 'applied');
}

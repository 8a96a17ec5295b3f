import { LEDGER_TABLE } from '../compiler/ledger-dialect.ts';
import { askStakes } from './ask-stakes.ts';
import type { LedgerEntry } from './ledger.ts';
import { announceStep, entryChange, type MigrationRun, verifiedHistory } from './migration-run.ts';
import { failure, type Passage } from './passage.ts';
import { runItem } from './run-item.ts';
import { runText } from './run-text.ts';

const UNDONE = { fate: 'All of it was rolled back', outcome: 'rolled-back' } as const;

/**
 * Applies a whole migration in one transaction, with its entry in the ledger, which is read again inside of it. Gives false
 * where somebody else was there first, or has begun it.
 */
export async function applyInTransaction(run: MigrationRun, passage: Passage): Promise<boolean> {
  const { target, options, ledger } = run;
  const { session } = target;
  const { dialect } = ledger;
  const began = session.driver.clock.monotonic();
  const rebuilds = passage.side.steps.some((item) => typeof item === 'object' && 'rebuild' in item);
  const keysOff = rebuilds && session.driver.capabilities.foreignKeysOff === true;
  try {
    return await session.transact(
      async (inside) => {
        if (dialect.lock !== null) await runText(inside, { sql: dialect.lock, params: [] }, []);
        if (!dialect.commitsByItself(dialect.create)) {
          await runText(inside, { sql: dialect.create, params: [] }, [LEDGER_TABLE]);
        }
        const { entries } = verifiedHistory(run, await ledger.readAll(inside));
        if (!isNext(entries, passage)) return false;
        await askStakes(inside, passage, options.allowLoss ?? false, options.signal);
        for (let place = 0; place < passage.side.steps.length; place += 1) {
          announceStep(run, passage, place);
          await runItem(run, inside, passage, place, UNDONE);
        }
        await runText(inside, entryChange(run, passage, entries, began), [LEDGER_TABLE]);
        return true;
      },
      {
        ...(options.signal === undefined ? {} : { signal: options.signal }),
        ...(keysOff ? { foreignKeys: false as const } : {}),
        // A snapshot from before the lock was granted would not show what another runner has done meanwhile.
        ...(dialect.lock === null ? {} : { isolation: 'read committed' as const }),
      },
    );
  } catch (cause) {
    throw failure(passage, cause, UNDONE);
  }
}

/** Whether a migration is still to be done, and nobody has begun any. */
export function isNext(entries: readonly LedgerEntry[], { migration, direction }: Passage): boolean {
  const entry = entries.find(({ version }) => version === migration.version);
  return entries.every(({ state }) => state === 'applied') && (direction === 'up') === (entry === undefined);
}

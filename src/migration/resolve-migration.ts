import { LEDGER_TABLE } from '../compiler/ledger-dialect.ts';
import { ConfigurationError, MigrationError } from '../errors.ts';
import type { Statement } from '../wire/statement.ts';
import type { ArrangedMigration } from './arrange-migrations.ts';
import type { Ledger, LedgerEntry } from './ledger.ts';
import type { MigrationRun } from './migration-run.ts';
import { overtaken } from './passage.ts';
import { runText } from './run-text.ts';
import { titleOf } from './title-of.ts';

/** What became of a migration: all of it is there, nothing is, or the number of the step that is next. */
type Resolution = 'applied' | 'rolled-back' | number;

/** Writes into the ledger what became of a migration that was begun and not ended. */
export async function resolveMigration(
  { ledger, target }: MigrationRun,
  migration: ArrangedMigration,
  as: Resolution,
): Promise<void> {
  const { version } = migration;
  const entry = (await ledger.read(target.session)).find((one) => one.version === version);
  if (entry === undefined || entry.state === 'applied') {
    const state = entry === undefined ? 'not begun' : 'applied';
    throw new MigrationError(`${titleOf(migration)} is ${state}: there is nothing to resolve`, {
      problem: 'unknown',
      version,
      migration: migration.name,
    });
  }
  const { affectedRows } = await runText(target.session, resolution(ledger, migration, entry, as), [LEDGER_TABLE]);
  if (affectedRows !== 1) throw overtaken(migration, 'look at its status');
}

function resolution(
  ledger: Ledger,
  { up, down, checksum }: ArrangedMigration,
  entry: LedgerEntry,
  as: Resolution,
): Statement {
  const isUp = entry.state === 'started' || entry.state === 'failed';
  const end = (isUp ? up : (down ?? up)).steps.length + 1;
  if (as === 'rolled-back') return ledger.delete(entry);
  // Whoever says where it goes on says so of its steps as they are now: the one that failed may have been corrected.
  const kept = isUp ? { ...entry, checksum } : entry;
  if (as === 'applied') return ledger.update(entry, { ...kept, state: 'applied', step: end - 1, mark: '' });
  if (Number.isSafeInteger(as) && as >= 1 && as <= end) {
    return ledger.update(entry, { ...kept, state: isUp ? 'failed' : 'revert-failed', step: as, mark: '' });
  }
  throw new ConfigurationError(
    `resolve: say 'applied', 'rolled-back', or the number of the step that is next, from 1 to ${end}`,
  );
}

import { MigrationError } from '../errors.ts';
import { arrangeMigrations } from './arrange-migrations.ts';
import { checkHistory } from './check-history.ts';
import { loadLedger } from './ledger.ts';
import type { Migration } from './migration.ts';
import type { MigrationTarget } from './migration-run.ts';
import { titleOf } from './title-of.ts';

/**
 * Throws `migration` unless exactly the migrations of the program are applied: for a program that migrates elsewhere and must
 * not work with a database that is older (`behind`) or newer (`newer`) than itself.
 *
 * @example
 * ```ts
 * import { assertCurrent, type Migration } from 'meshestra/migrations';
 *
 * declare const migrations: readonly Migration[];
 * await assertCurrent(db, migrations);
 * ```
 */
export async function assertCurrent(db: MigrationTarget, migrations: readonly Migration[]): Promise<void> {
  const arranged = arrangeMigrations(migrations, db.session.dialect.name);
  const ledger = await loadLedger(db.session.dialect);
  const { problems, pending } = checkHistory(arranged, await ledger.read(db.session), { allowOutOfOrder: true });
  const [problem] = problems;
  if (problem !== undefined) throw problem;
  const [first] = pending;
  if (first === undefined) return;
  throw new MigrationError(
    `the database is behind the program: ${titleOf(first)}${pending.length > 1 ? ` and ${pending.length - 1} more are` : ' is'} not applied; run up()`,
    { problem: 'behind', version: first.version, migration: first.name },
  );
}

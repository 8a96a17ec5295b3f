import type { Persistence } from '../../src/index.ts';
import { createMigrator, type Migration } from '../../src/migration/index.ts';
import { CliError, EXIT } from '../cli-error.ts';

/** Throws a `CliError` where the database is behind the migrations: what they will do would be written a second time. */
export async function refusePending(db: Persistence, migrations: readonly Migration[]): Promise<void> {
  const status = await createMigrator(db, migrations).status();
  const problem = status.migrations.find((migration) => migration.problem !== null)?.problem;
  if (problem !== undefined && problem !== null) throw new CliError(problem.message, EXIT.different);
  const pending = status.migrations.filter(({ state }) => state === 'pending' || state === 'unfinished');
  if (pending.length === 0) return;
  const list = pending.map(({ version, name }) => `${version} ${name}`).join(', ');
  throw new CliError(
    `not applied yet, or not to its end: ${list}; run \`meshestra migration:run\` first`,
    EXIT.different,
  );
}

import type { Persistence } from '../../src/index.ts';
import { describeChange, planMigration, type Questioner } from '../../src/migration/index.ts';
import { EXIT, type ExitCode } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';

/** Tells what a migration would change. With `check`, a difference is the exit code 3. */
export async function showDifference(context: CommandContext, check: boolean): Promise<ExitCode> {
  return context.withDatabase((db) => tellDifference(context, db, check));
}

/** The same for a database that is open already. */
export async function tellDifference({ output }: CommandContext, db: Persistence, check: boolean): Promise<ExitCode> {
  const renames: string[] = [];
  const plan = await planMigration(db, curious(renames));
  const changes = plan.up.changes.flatMap(describeChange);
  if (changes.length === 0) output.line('The database has what the entities want.');
  for (const change of changes) output.line(change);
  for (const rename of renames) output.line(output.colors.yellow(rename));
  output.result({ changes, steps: plan.up.steps, atStake: plan.up.atStake, mayBeRenamed: renames });
  return check && changes.length > 0 ? EXIT.different : EXIT.done;
}

// A difference is only shown here, so that nothing hangs on what was renamed; but it has to be said.
function curious(renames: string[]): Questioner {
  return {
    formerTable(table, gone) {
      renames.push(`${table} may be one of ${gone.join(', ')} under another name`);
      return null;
    },
    formerColumn(table, column, gone) {
      renames.push(`${table}.${column} may be one of ${gone.join(', ')} under another name`);
      return null;
    },
    fill: () => null,
  };
}

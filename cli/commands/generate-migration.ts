import { describeChange, planMigration } from '../../src/migration/index.ts';
import type { CommandContext } from '../command-context.ts';
import { nextVersion, tidyName } from '../migration-folder.ts';
import { createQuestioner, type GivenAnswers } from '../questioner.ts';
import { refusePending } from './refuse-pending.ts';

/** Compares the entities with the database and writes the difference as a migration; writes nothing where there is none. */
export async function generateMigration(context: CommandContext, name: string, given: GivenAnswers): Promise<void> {
  const { output, host } = context;
  await context.withDatabase(async (db, folder) => {
    await refusePending(db, await folder.load());
    const plan = await planMigration(db, createQuestioner(given, context.isInteractive));
    const changes = plan.up.changes.flatMap(describeChange);
    if (changes.length === 0) {
      output.line('The database has what the entities want: nothing to write.');
      output.result({ files: [], changes });
      return;
    }
    const version = await nextVersion(folder.path, host.now());
    const files = await folder.write({ version, name: tidyName(name), dialect: db.dialect.name, plan });
    for (const change of changes) output.line(`  ${change}`);
    for (const { kind, what } of plan.up.atStake) {
      if (kind === 'loss') output.line(output.colors.yellow(`  rows may be lost: ${what}`));
    }
    for (const file of files) output.line(`${output.colors.green('wrote')} ${file}`);
    output.result({ version, files, changes, atStake: plan.up.atStake });
  });
}

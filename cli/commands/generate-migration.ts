import { describeChange, planMigration } from '../../src/migration/index.ts';
import type { CommandContext } from '../command-context.ts';
import { nextVersion, tidyName } from '../migration-folder.ts';
import { createQuestioner, type GivenAnswers } from '../questioner.ts';
import { refusePending } from './refuse-pending.ts';

/** What is said of a migration that is to be generated. */
export interface GenerateOptions extends GivenAnswers {
  /** Whether only what old and new programs can both work with is written. */
  readonly expand?: boolean;
  /** Whether indexes and constraints are added while others write. */
  readonly online?: boolean;
}

/** Compares the entities with the database and writes the difference as a migration; writes nothing where there is none. */
export async function generateMigration(context: CommandContext, name: string, given: GenerateOptions): Promise<void> {
  const { output, host } = context;
  await context.withDatabase(async (db, folder) => {
    await refusePending(db, await folder.load());
    const plan = await planMigration(db, createQuestioner(given, context.isInteractive), {
      expand: given.expand === true,
    });
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

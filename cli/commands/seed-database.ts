import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { refusePending } from './refuse-pending.ts';

/** Runs the `seed` of the config on a database that has all migrations. */
export async function seedDatabase(context: CommandContext): Promise<void> {
  const { config } = await context.loadConfig();
  const { seed } = config;
  if (seed === undefined) throw new CliError('the config has no `seed`: a function that fills the database');
  await context.withDatabase(async (db, folder) => {
    await refusePending(db, await folder.load());
    await seed(db);
  });
  context.output.line(context.output.colors.green('seeded'));
  context.output.result({ seeded: true });
}

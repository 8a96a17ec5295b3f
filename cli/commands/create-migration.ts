import type { CommandContext } from '../command-context.ts';
import { nextVersion, openMigrationFolder, tidyName } from '../migration-folder.ts';

/** Writes a migration without steps, for what somebody writes by hand; it needs no database. */
export async function createMigration(context: CommandContext, name: string): Promise<void> {
  const { output, host } = context;
  const folder = openMigrationFolder(await context.loadConfig());
  const version = await nextVersion(folder.path, host.now());
  const files = await folder.write({ version, name: tidyName(name), dialect: null, plan: null });
  for (const file of files) output.line(`${output.colors.green('wrote')} ${file}`);
  output.result({ version, files });
}

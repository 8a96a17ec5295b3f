import { createMigrator, type MigrationStatus } from '../../src/migration/index.ts';
import { EXIT, type ExitCode } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { Output } from '../output.ts';
import { tellDifference } from './show-difference.ts';

/** Tells which migrations are applied. */
export async function showStatus(context: CommandContext): Promise<void> {
  const { output } = context;
  await context.withDatabase(async (db, folder) => {
    const status = await createMigrator(db, await folder.load()).status();
    if (status.migrations.length === 0) output.line('There are no migrations.');
    for (const migration of status.migrations) tellMigration(output, migration);
    output.result(status);
  });
}

function tellMigration({ line, colors }: Output, { version, name, state, problem, appliedAt }: MigrationStatus): void {
  const color = { applied: colors.green, pending: colors.yellow, unfinished: colors.red, unknown: colors.red }[state];
  const at = appliedAt === null ? '' : ` ${colors.dim(appliedAt.toISOString())}`;
  line(`${color(state.padEnd(10))} ${version} ${name}${at}`);
  if (problem !== null) line(colors.red(`  ${problem.message}`));
}

/** Fails where migrations are not applied, or the entities want something else than the database has: for CI. */
export async function checkMigrations(context: CommandContext): Promise<ExitCode> {
  return context.withDatabase(async (db, folder) => {
    const status = await createMigrator(db, await folder.load()).status();
    const open = status.migrations.filter(({ state, problem }) => state !== 'applied' || problem !== null);
    for (const migration of open) tellMigration(context.output, migration);
    const code = await tellDifference(context, db, true);
    return status.isCurrent ? code : EXIT.different;
  });
}

import { createMigrator, type MigrationOutcome, type MigrationProgress } from '../../src/migration/index.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import type { Output } from '../output.ts';
import { allow } from '../questioner.ts';

/** How migrations are to be applied. */
export interface RunOptions {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly allowLoss?: boolean;
  readonly allowOutOfOrder?: boolean;
}

/** How migrations are to be taken back. */
export interface RevertOptions extends RunOptions {
  readonly steps?: number;
  readonly yes?: boolean;
}

/** Applies what is not applied yet. */
export async function runMigrations(context: CommandContext, options: RunOptions): Promise<void> {
  const { to, dryRun = false } = options;
  await context.withDatabase(async (db, folder) => {
    const migrator = createMigrator(db, await folder.load(), migratorOptions(context, options));
    const outcomes = await migrator.up({ dryRun, ...(to === undefined ? {} : { to }) });
    tell(context.output, outcomes, dryRun, 'Nothing to apply: the database is up to date.');
  });
}

/** Says of what is not applied yet that the database has it already. */
export async function baselineMigrations(
  context: CommandContext,
  { to, yes = false }: Pick<RevertOptions, 'to' | 'yes'>,
): Promise<void> {
  await context.withDatabase(async (db, folder) => {
    const migrator = createMigrator(db, await folder.load(), migratorOptions(context, {}));
    const range = to === undefined ? {} : { to };
    const planned = await migrator.baseline({ ...range, dryRun: true });
    const list = planned.map(({ version, name }) => `${version} ${name}`).join(', ');
    if (planned.length > 0)
      await allow(`Say of ${list} that the database has it, and run nothing?`, yes, context.isInteractive);
    const outcomes = await migrator.baseline(range);
    tell(context.output, outcomes, false, 'Nothing to say: the database has all of them.');
  });
}

/** Takes the newest migration back, or several. */
export async function revertMigrations(context: CommandContext, options: RevertOptions): Promise<void> {
  const { to, steps, dryRun = false, yes = false } = options;
  await context.withDatabase(async (db, folder) => {
    const migrator = createMigrator(db, await folder.load(), migratorOptions(context, options));
    const range = {
      ...(to === undefined ? { steps: steps ?? 1 } : { to: to === '0' ? null : to }),
      // Both at once are for the migrator to refuse.
      ...(steps === undefined ? {} : { steps }),
    };
    const planned = await migrator.down({ ...range, dryRun: true });
    if (!dryRun && planned.length > 0) {
      const list = planned.map(({ version, name }) => `${version} ${name}`).join(', ');
      await allow(`Take back ${list}?`, yes, context.isInteractive);
      refuseOthers(planned, await migrator.down({ ...range, dryRun: true }));
    }
    const outcomes = dryRun ? planned : await migrator.down(range);
    tell(context.output, outcomes, dryRun, 'Nothing to take back.');
  });
}

// Somebody else may have applied one while the question stood there.
function refuseOthers(asked: readonly MigrationOutcome[], now: readonly MigrationOutcome[]): void {
  const versions = (outcomes: readonly MigrationOutcome[]) => outcomes.map(({ version }) => version).join();
  if (versions(asked) === versions(now)) return;
  throw new CliError('other migrations were applied meanwhile: nothing was taken back; ask again', EXIT.refused);
}

/** Says what became of a migration that could not tell by itself. */
export async function resolveMigration(context: CommandContext, version: string, as: string): Promise<void> {
  const step = Number(as);
  const resolution = as === 'applied' || as === 'rolled-back' ? as : step;
  if (typeof resolution === 'number' && !(Number.isSafeInteger(step) && step > 0)) {
    throw new CliError(`say applied, rolled-back, or the number of the step that is next, not ${as}`);
  }
  await context.withDatabase(async (db, folder) => {
    await createMigrator(db, await folder.load(), migratorOptions(context, {})).resolve(version, resolution);
  });
  context.output.line(`${context.output.colors.green('resolved')} ${version} as ${as}`);
  context.output.result({ version, as: resolution });
}

function migratorOptions({ output, host }: CommandContext, { allowLoss = false, allowOutOfOrder = false }: RunOptions) {
  return {
    allowLoss,
    allowOutOfOrder,
    signal: host.signal,
    onProgress: (progress: MigrationProgress) => tellProgress(output, progress),
  };
}

function tellProgress({ progress: say, colors }: Output, progress: MigrationProgress): void {
  if (progress.kind === 'began') {
    say(`${progress.direction === 'up' ? 'applying' : 'taking back'} ${progress.version} ${progress.name}`);
  } else if (progress.kind === 'step') say(colors.dim(`  ${progress.step}/${progress.of} ${firstLine(progress.sql)}`));
  else if (progress.kind === 'ended') say(`  done in ${Math.round(progress.durationMs)} ms`);
  else say('somebody else migrates; waiting');
}

function firstLine(sql: string): string {
  const [line = ''] = sql.split('\n');
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function tell(output: Output, outcomes: readonly MigrationOutcome[], dryRun: boolean, nothing: string): void {
  if (outcomes.length === 0) output.line(nothing);
  for (const { version, name, direction, statements } of outcomes) {
    const what = direction === 'up' ? 'applied' : 'taken back';
    output.line(dryRun ? `${version} ${name}` : `${output.colors.green(what)} ${version} ${name}`);
    if (dryRun) for (const sql of statements) output.line(`${sql};`);
  }
  output.result({ dryRun, migrations: outcomes });
}

import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { CliError, EXIT, type ExitCode } from './cli-error.ts';
import { type CommandContext, type CommandHost, type CommonOptions, createContext } from './command-context.ts';
import { createDatabase, dropDatabase } from './commands/administer-database.ts';
import { createMigration } from './commands/create-migration.ts';
import { type GenerateEntitiesOptions, generateEntities } from './commands/generate-entities.ts';
import { type GenerateOptions, generateMigration } from './commands/generate-migration.ts';
import { initialize } from './commands/init.ts';
import { inspectSchema } from './commands/inspect-schema.ts';
import { baselineMigrations, resolveMigration, revertMigrations, runMigrations } from './commands/run-migrations.ts';
import { seedDatabase } from './commands/seed-database.ts';
import { showDifference } from './commands/show-difference.ts';
import { checkMigrations, showStatus } from './commands/show-status.ts';

const EXIT_CODES = `
Exit codes: 0 done; 1 failed; 2 wrong use or config; 3 a difference or pending migrations; 4 refused until it is allowed.`;

/** Runs the command that the arguments name, without the two of Node, and gives the exit code of the process. */
export async function runProgram(args: readonly string[], host: CommandHost): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const program = createProgram(host, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return report(error, host, args.includes('--json'));
  }
}

/** What a command does; `name` is its argument, where it has one. It may give an exit code. */
type Work<O> = (context: CommandContext, options: O, name: string, second: string) => Promise<unknown>;

function createProgram(host: CommandHost, ended: (code: ExitCode) => void): Command {
  const program = new Command('meshestra')
    .description('Migrations, schema and data of an application that uses Meshestra.')
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
    });
  const command = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option('-c, --config <file>', 'the config file; meshestra.config.ts unless given')
      .option('--json', 'one JSON document for machines, and no questions');
  const running: Running =
    <O>(work: Work<O>) =>
    async (...given: readonly unknown[]) => {
      const options = given.at(-2) as O & CommonOptions;
      const result = await work(createContext(host, options), options, String(given[0]), String(given[1]));
      ended(typeof result === 'number' ? (result as ExitCode) : EXIT.done);
    };
  addMigrationCommands(command, running);
  addDatabaseCommands(command, running);
  return program;
}

type Define = (name: string, description: string) => Command;
type Running = <O>(work: Work<O>) => (...given: readonly unknown[]) => Promise<void>;

/** The options of `migration:generate` as commander gives them. */
interface GivenOptions extends Omit<GenerateOptions, 'fresh'> {
  readonly new: readonly string[];
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function count(value: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('give a whole number from 1 on');
  return number;
}

function addMigrationCommands(command: Define, running: Running): void {
  command('init', 'write a config to begin with').action(running(initialize));
  command('migration:generate <name>', 'write the difference between entities and database as a migration')
    .option('--rename-table <old=new>', 'a table that has another name now; may be repeated', collect, [])
    .option('--rename-column <table.old=new>', 'a column that has another name now; may be repeated', collect, [])
    .option(
      '--fill <table.column=sql>',
      'what rows get in a column that may not be NULL, in new names; may be repeated',
      collect,
      [],
    )
    .option('--expand', 'only what programs of before and after can both work with; the next one is the rest')
    .option('--online', 'add indexes and constraints while others write (PostgreSQL)')
    .option('--new <name>', 'a table, or table.column, that is new whatever is gone; may be repeated', collect, [])
    .action(
      running((context, { new: fresh, ...given }: GivenOptions, name) =>
        generateMigration(context, name, { ...given, fresh }),
      ),
    );
  command('migration:create <name>', 'write an empty migration, to be filled by hand').action(
    running((context, _options, name) => createMigration(context, name)),
  );
  command('migration:run', 'apply the migrations that are not applied yet')
    .option('--to <version>', 'the last one to apply')
    .option('--dry-run', 'print the SQL and run nothing')
    .option('--allow-loss', 'apply migrations that delete or change rows for good')
    .option('--allow-out-of-order', 'apply migrations that are older than one that was applied')
    .action(running(runMigrations));
  command('migration:revert', 'take the newest migration back')
    .option('--steps <number>', 'how many to take back', count)
    .option('--to <version>', 'the version that is the newest afterwards; 0 for none')
    .option('--dry-run', 'print the SQL and run nothing')
    .option('--allow-loss', 'delete or change rows for good')
    .option('-y, --yes', 'do not ask')
    .action(running(revertMigrations));
  command('migration:baseline', 'say that the database has what is not applied yet, and run none of it')
    .option('--to <version>', 'the last one that it has')
    .option('-y, --yes', 'do not ask')
    .action(running(baselineMigrations));
  command(
    'migration:resolve <version> <as>',
    'say what became of an unfinished one: applied, rolled-back, or its next step',
  ).action(running((context, _options, version, as) => resolveMigration(context, version, as)));
  command('migration:status', 'tell which migrations are applied').action(running(showStatus));
  command('migration:check', 'fail where migrations are pending or entities differ from the database').action(
    running(checkMigrations),
  );
}

function addDatabaseCommands(command: Define, running: Running): void {
  command('schema:diff', 'tell what entities and database differ in')
    .option('--check', 'a difference is exit code 3')
    .action(running((context, { check }: { check?: boolean }) => showDifference(context, check === true)));
  command('schema:inspect', 'tell what is in the database').action(running(inspectSchema));
  command('entities:generate', 'write entities for the tables that the database has')
    .option('-o, --output <file>', 'the file to write; standard output unless given')
    .option('--decorators', 'classes with decorators, in the place of Entity(…)')
    .option('--table <name>', 'only this table; may be repeated', collect, [])
    .option('-y, --yes', 'write over a file that is there')
    .action(running((context, options: GenerateEntitiesOptions) => generateEntities(context, options)));
  command('db:create', 'create the database that the config names').action(running(createDatabase));
  command('db:drop', 'drop the database that the config names, with all that is in it')
    .option('-y, --yes', 'do not ask')
    .action(running((context, { yes }: { yes?: boolean }) => dropDatabase(context, yes === true)));
  command('db:seed', 'fill the database by the seed of the config').action(running(seedDatabase));
}

/** Tells why a command failed; gives the exit code. */
function report(error: unknown, { stderr, stdout }: CommandHost, json: boolean): ExitCode {
  // Commander has said it already, help included.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  const { message, code, problem, exitCode = EXIT.failed } = describe(error);
  if (json) stdout.write(`${JSON.stringify({ error: { message, code, problem } }, null, 2)}\n`);
  else stderr.write(`${message}\n`);
  return exitCode;
}

interface Described {
  readonly message: string;
  readonly code: string;
  readonly problem?: string;
  readonly exitCode?: ExitCode;
}

function describe(error: unknown): Described {
  if (error instanceof CliError) return { message: error.message, code: 'cli', exitCode: error.exitCode };
  if (!(error instanceof Error)) return { message: String(error), code: 'unknown' };
  // Somebody who leaves a question means that nothing is to be done.
  if (error.name === 'ExitPromptError') return { message: 'nothing was done', code: 'cli', exitCode: EXIT.refused };
  const { code = 'unknown', problem } = error as { code?: string; problem?: string };
  const exitCode = problem === 'rows-at-stake' ? EXIT.refused : EXIT.failed;
  return { message: error.message, code, exitCode, ...(problem === undefined ? {} : { problem }) };
}

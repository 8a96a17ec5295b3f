import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { draftEntities } from '../../src/migration/index.ts';
import { CliError, EXIT } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { printEntities, RESERVED_CLASS_NAMES } from '../print-entities/print-entities.ts';

/** The options of `entities:generate`. */
export interface GenerateEntitiesOptions {
  readonly output?: string;
  readonly decorators?: boolean;
  readonly table: readonly string[];
  readonly yes?: boolean;
}

/** Writes entities for the tables of the database: to a file, or to standard output. */
export async function generateEntities(
  context: CommandContext,
  { output: path, decorators = false, table, yes = false }: GenerateEntitiesOptions,
): Promise<void> {
  const { output, host } = context;
  const file = path === undefined ? null : resolve(host.directory, path);
  if (file !== null && !yes) await refuseExisting(file);
  const { config } = await context.loadConfig();
  const draft = await context.withDatabase((db) =>
    draftEntities(db, {
      reserved: RESERVED_CLASS_NAMES,
      ...(table.length === 0 ? {} : { tables: table }),
      ...(config.naming === undefined ? {} : { naming: config.naming }),
    }),
  );
  const source = printEntities(draft, decorators ? 'decorators' : 'classes');
  if (file === null) output.line(source.trimEnd());
  else {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, source);
    const shown = relative(host.directory, file);
    output.line(`${output.colors.green('wrote')} ${shown}: ${draft.entities.length} entities`);
    for (const note of draft.notes) output.line(output.colors.dim(`  ${note}`));
    for (const difference of draft.differences) {
      output.line(output.colors.yellow(`  a migration would still change: ${difference}`));
    }
  }
  output.result({ ...draft, file, source });
}

async function refuseExisting(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) throw new CliError(`${file} is there already; write over it with --yes`, EXIT.refused);
}

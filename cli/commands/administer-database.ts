import { access, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createPersistence, identifier, type RawQuery, sql } from '../../src/index.ts';
import type { ServerDatabase } from '../cli-config.ts';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';
import { allow } from '../questioner.ts';

/** Creates the database that the config names. */
export async function createDatabase(context: CommandContext): Promise<void> {
  const { database, file } = await target(context);
  if (file !== null) await (await open(file, 'wx').catch(refuseExisting(file))).close();
  else await administer(database, sql`CREATE DATABASE ${identifier(database.name)}`);
  const name = file ?? database.name;
  context.output.line(`${context.output.colors.green('created')} ${name}`);
  context.output.result({ created: name });
}

/** Drops the database that the config names, after somebody allowed it. */
export async function dropDatabase(context: CommandContext, yes: boolean): Promise<void> {
  const { database, file } = await target(context);
  const name = file ?? database.name;
  await allow(`Drop ${name} with all that is in it?`, yes, context.isInteractive);
  if (file !== null) {
    await access(file).catch(() => {
      throw new CliError(`${file} does not exist`, 1);
    });
    // What SQLite keeps beside a database belongs to it.
    for (const end of ['', '-wal', '-shm', '-journal']) await rm(`${file}${end}`, { force: true });
  } else await administer(database, sql`DROP DATABASE ${identifier(database.name)}`);
  context.output.line(`${context.output.colors.green('dropped')} ${name}`);
  context.output.result({ dropped: name });
}

async function target(
  context: CommandContext,
): Promise<{ database: ServerDatabase; file: null } | { database: { name: string }; file: string }> {
  const { config, root } = await context.loadConfig();
  const { database } = config;
  if (database === undefined) {
    throw new CliError(
      'the config has no `database`: name the file, { file }, or the server and the database, { name, driver }',
    );
  }
  return 'file' in database
    ? { database: { name: database.file }, file: resolve(root, database.file) }
    : { database, file: null };
}

async function administer({ driver }: ServerDatabase, statement: RawQuery): Promise<void> {
  const db = await createPersistence({ driver: await driver(), entities: [] });
  try {
    await db.em().execute(statement);
  } finally {
    await db.close();
  }
}

function refuseExisting(file: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    if (error.code === 'EEXIST') throw new CliError(`${file} is there already`, 1);
    throw error;
  };
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli-error.ts';
import type { CommandContext } from '../command-context.ts';

const CONFIG = `import { defineConfig } from 'meshestra/cli';
import { betterSqlite3 } from 'meshestra/better-sqlite3';

const config = defineConfig({
  // Any driver: pg({ url }), mysql2({ url }), …
  driver: () => betterSqlite3({ path: 'app.db' }),
  // Your entity classes.
  entities: [],
  migrations: { folder: 'migrations' },
});
export default config;
`;

/** Writes a config to begin with. Throws a \`CliError\` where there is one. */
export async function initialize({ host, output }: CommandContext): Promise<void> {
  const file = join(host.directory, 'meshestra.config.ts');
  await writeFile(file, CONFIG, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new CliError(`${file} is there already`);
    throw error;
  });
  output.line(`${output.colors.green('wrote')} ${file}`);
  output.line('Name your driver and your entities in it, then: meshestra migration:generate "first tables"');
  output.result({ files: [file] });
}

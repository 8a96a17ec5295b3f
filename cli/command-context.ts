import process from 'node:process';
import { createPersistence, type Persistence } from '../src/index.ts';
import { type LoadedConfig, loadCliConfig } from './load-cli-config.ts';
import { type MigrationFolderFiles, openMigrationFolder } from './migration-folder.ts';
import { createOutput, type Output, type Streams } from './output.ts';

/** The options that every command has. */
export interface CommonOptions {
  readonly config?: string;
  readonly json?: boolean;
}

/** The process that a command runs in. */
export interface CommandHost extends Streams {
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether somebody is there to be asked. */
  readonly isInteractive: boolean;
  readonly now: () => Date;
  /** Fires when the process is asked to end. */
  readonly signal: AbortSignal;
}

/** What a command works with. */
export interface CommandContext {
  readonly host: CommandHost;
  readonly output: Output;
  readonly isInteractive: boolean;
  loadConfig(): Promise<LoadedConfig>;
  /** Runs `work` on the database of the config, and closes it whatever happens. */
  withDatabase<R>(work: (db: Persistence, folder: MigrationFolderFiles) => Promise<R>): Promise<R>;
}

/** Makes what a command works with from the options that all of them have. */
export function createContext(host: CommandHost, { config: path, json = false }: CommonOptions): CommandContext {
  let loaded: Promise<LoadedConfig> | null = null;
  const load = async () => {
    const configured = await loadCliConfig(path, host.directory);
    // A driver's relative path means the same file as one of the config.
    process.chdir(configured.root);
    return configured;
  };
  const loadConfig = () => {
    loaded ??= load();
    return loaded;
  };
  return {
    host,
    output: createOutput(host, json, host.environment),
    isInteractive: host.isInteractive && !json,
    loadConfig,
    async withDatabase(work) {
      const configured = await loadConfig();
      const { driver, entities, naming } = configured.config;
      const db = await createPersistence({
        driver: await driver(),
        entities,
        ...(naming === undefined ? {} : { naming }),
      });
      try {
        return await work(db, openMigrationFolder(configured));
      } finally {
        await db.close();
      }
    },
  };
}

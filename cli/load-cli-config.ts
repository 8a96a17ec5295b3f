import { access } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { bundleRequire } from 'bundle-require';
import type { CliConfig } from './cli-config.ts';
import { CliError } from './cli-error.ts';

/** The config, and the folder that paths in it are relative to. */
export interface LoadedConfig {
  readonly config: CliConfig;
  readonly root: string;
}

const NAMES = ['meshestra.config.ts', 'meshestra.config.mts', 'meshestra.config.js', 'meshestra.config.mjs'];

/** Finds and loads the config, TypeScript with decorators included. Throws a `CliError` where there is none or it is wrong. */
export async function loadCliConfig(path: string | undefined, directory: string): Promise<LoadedConfig> {
  const file = path === undefined ? await findConfig(directory) : resolve(directory, path);
  const loaded = await loadModule(file);
  const config: unknown = loaded.default ?? loaded.config;
  assertConfig(config, file);
  return { config, root: dirname(file) };
}

async function findConfig(directory: string): Promise<string> {
  for (const name of NAMES) {
    const file = resolve(directory, name);
    if (await exists(file)) return file;
  }
  throw new CliError(
    `there is no ${NAMES[0]} in ${directory}; make one with \`meshestra init\`, or name it by --config`,
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** Loads a module, TypeScript or not, with what it imports relatively; packages stay where they are. */
export async function loadModule(file: string): Promise<Record<string, unknown>> {
  if (!(await exists(file))) throw new CliError(`${file} does not exist`);
  try {
    const { mod } = await bundleRequire({ filepath: file, format: 'esm', esbuildOptions: { target: 'node20.19' } });
    return mod as Record<string, unknown>;
  } catch (cause) {
    if (isMissingEsbuild(cause)) {
      throw new CliError('TypeScript is read by esbuild, which is not installed: npm install --save-dev esbuild', 2, {
        cause,
      });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CliError(`${file} could not be loaded: ${reason}`, 1, { cause });
  }
}

function isMissingEsbuild(error: unknown): boolean {
  return error instanceof Error && /Cannot find (?:package|module) 'esbuild'/.test(error.message);
}

function assertConfig(config: unknown, file: string): asserts config is CliConfig {
  if (typeof config !== 'object' || config === null) {
    throw new CliError(`${file} has no default export; export defaults what defineConfig({ … }) gives`);
  }
  const { driver, entities } = config as Partial<CliConfig>;
  if (typeof driver !== 'function')
    throw new CliError(`${file}: \`driver\` has to be a function that makes the driver`);
  if (!Array.isArray(entities)) throw new CliError(`${file}: \`entities\` has to be a list of entity classes`);
}

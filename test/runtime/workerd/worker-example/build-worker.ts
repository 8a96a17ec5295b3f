import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import ts from 'typescript';
import { ROOT } from '../../../architecture/source-file.ts';

const CONFIGURATION = join(ROOT, 'worker-example/wrangler.jsonc');

/** The worker as `wrangler deploy` would upload it. */
export interface BuiltWorker {
  readonly script: string;
  readonly metafile: Metafile;
}

/** Builds the worker of worker-example, on the built package, by the tool that its users deploy it with. */
export async function buildWorker(): Promise<BuiltWorker> {
  const artifacts = join(ROOT, 'test/artifacts');
  await mkdir(artifacts, { recursive: true });
  const folder = await mkdtemp(join(artifacts, 'worker-'));
  const metafile = join(folder, 'metafile.json');
  const more = ['--outdir', folder, '--metafile', metafile, '--config', CONFIGURATION];
  await promisify(execFile)(join(ROOT, 'node_modules/.bin/wrangler'), ['deploy', '--dry-run', ...more], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_LOG_PATH: folder, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
  });
  return {
    script: await readFile(join(folder, 'worker.js'), 'utf8'),
    metafile: JSON.parse(await readFile(metafile, 'utf8')) as Metafile,
  };
}

/** What wrangler.jsonc says. */
export interface WorkerConfiguration {
  readonly main: string;
  readonly compatibility_date: string;
  readonly compatibility_flags: string[];
  readonly d1_databases: readonly { readonly binding: string }[];
}

/** Reads wrangler.jsonc. */
export async function readConfiguration(): Promise<WorkerConfiguration> {
  return ts.parseConfigFileTextToJson(CONFIGURATION, await readFile(CONFIGURATION, 'utf8'))
    .config as WorkerConfiguration;
}

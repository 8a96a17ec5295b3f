import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import { ROOT } from '../../architecture/source-file.ts';
import type { Subject } from '../../conformance/subject.ts';

/** What a worker is built for: everything that was on by default at that date, and no flag besides. */
const COMPATIBILITY_DATE = '2026-04-01';
/** Milliseconds; as long as any test may take. */
const LONGEST_LAW = 240_000;
const LAWS =
  "export * from './test/runtime/workerd/worker/worker.ts'; export { default } from './test/runtime/workerd/worker/worker.ts';";
const WASM = 'sql-wasm.wasm';

/** Bundles a worker as an application's bundler does; `vitest` becomes the collector of laws. */
export async function bundleWorkerCode(contents: string, external: readonly string[] = []): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    target: 'es2022',
    logLevel: 'silent',
    // Of the tests, too, files are imported for what they do.
    ignoreAnnotations: true,
    define: Object.fromEntries(
      ['MESHESTRA_SEED', 'MESHESTRA_QUERIES'].map((name) => [
        `process.env.${name}`,
        JSON.stringify(process.env[name]) ?? 'undefined',
      ]),
    ),
    alias: { vitest: join(ROOT, 'test/runtime/bare/vitest-in-bare-realm.ts') },
    external: [`*${WASM}`, ...external],
  });
  return outputFiles[0]?.text ?? '';
}

/** Starts workerd with a worker, its databases of D1 and its Durable Object. The caller disposes of it. */
export function startWorkerd(script: string, options: Partial<MiniflareOptions> = {}): Miniflare {
  return new Miniflare({
    modulesRoot: '/',
    modules: [
      { type: 'ESModule', path: '/worker.js', contents: script },
      {
        type: 'CompiledWasm',
        path: `/${WASM}`,
        contents: readFileSync(join(ROOT, 'node_modules/sql.js/dist/sql-wasm.wasm')),
      },
    ],
    compatibilityDate: COMPATIBILITY_DATE,
    d1Databases: { DB1: 'one', DB2: 'two', DB3: 'three' },
    durableObjects: { STORAGE: { className: 'StorageObject', useSQLite: true } },
    ...options,
  } as MiniflareOptions);
}

/**
 * Runs the laws of a subject by the worker, in which the subject of the same name runs its driver; `desk` is where it is
 * given databases behind HTTP.
 */
export async function lawsInWorkerd(
  name: string,
  desk?: string,
): Promise<{
  readonly elsewhere: NonNullable<Subject['elsewhere']>;
  stop(): Promise<void>;
}> {
  const workerd = startWorkerd(await bundleWorkerCode(LAWS), desk === undefined ? {} : { bindings: { DESK: desk } });
  return {
    async elsewhere(suite, law) {
      const response = await workerd.dispatchFetch('http://worker', {
        method: 'POST',
        body: `${name}: ${suite} > ${law}`,
        signal: AbortSignal.timeout(LONGEST_LAW),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      const { failure } = JSON.parse(text) as { failure: string | null };
      if (failure !== null) throw new Error(failure);
    },
    stop: () => workerd.dispose(),
  };
}

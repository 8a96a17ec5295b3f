import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Metafile } from 'esbuild';
import { entriesOf, type PackageManifest } from '../rules/exports-map.ts';
import { ROOT } from '../source-file.ts';

/** What a program weighs, and what it holds. */
export interface BundleMeasure {
  /** Minified. */
  readonly bytes: number;
  /** Minified and compressed, which is what travels. */
  readonly gzipBytes: number;
  /** The part of it that the page loads before the first line of the program runs. */
  readonly initialGzipBytes: number;
  /** The source files of which at least one byte is in the bundle. */
  readonly files: readonly string[];
}

/** Where the public entries are taken from: the published build, or the sources it is made of. */
export type EntrySource = 'dist' | 'src';

/**
 * Bundles a program as an application's bundler does: minified, tree-shaken, ESM, and without vendor packages (sql.js,
 * idb-keyval), whose weight is not ours.
 *
 * `dist` is what users get, and what budgets are about; `src` says which source files the bundle holds, which the few
 * bundled files of dist no longer tell.
 */
export async function measureBundle(
  program: { readonly path: string } | { readonly code: string },
  manifest: PackageManifest,
  from: EntrySource,
  neverLoaded: RegExp = ON_DEMAND,
): Promise<BundleMeasure> {
  const entries = new Map(
    entriesOf(manifest).map(({ name, source, output }) => [
      name === '.' ? 'meshestra' : `meshestra${name.slice(1)}`,
      join(ROOT, from === 'dist' ? output : source),
    ]),
  );
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    ...('path' in program
      ? { entryPoints: [program.path] }
      : { stdin: { contents: program.code, resolveDir: ROOT, loader: 'ts' as const } }),
    bundle: true,
    splitting: true,
    outdir: 'out',
    minify: true,
    treeShaking: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
    plugins: [
      {
        name: 'public-entries',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
            if (kind === 'entry-point') return null;
            const entry = entries.get(path);
            return entry === undefined ? { path, external: true } : { path: entry, sideEffects: false };
          });
        },
      },
    ],
  });
  if (outputFiles.length === 0) throw new Error('esbuild wrote nothing');
  const loaded = loadedBy(metafile, (kind, path) => kind === 'import-statement' || !neverLoaded.test(path));
  const weighed = outputFiles.filter(({ path }) => loaded.has(basename(path)));
  const initial = loadedBy(metafile, (kind) => kind === 'import-statement');
  const inputs = Object.entries(metafile.outputs)
    .filter(([path]) => loaded.has(basename(path)))
    .flatMap(([, { inputs: held }]) => Object.entries(held));
  return {
    bytes: sum(weighed.map(({ contents }) => contents.byteLength)),
    gzipBytes: sum(weighed.map(({ contents }) => gzipSync(contents, { level: 9 }).byteLength)),
    initialGzipBytes: sum(
      outputFiles
        .filter(({ path }) => initial.has(basename(path)))
        .map(({ contents }) => gzipSync(contents, { level: 9 }).byteLength),
    ),
    files: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
  };
}

/** What the code of one entry weighs, minified and compressed, without what it imports from core. */
export async function measureOwnCode(entry: string): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    external: ['../../src/*'],
    packages: 'external',
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return sum(outputFiles.map(({ contents }) => gzipSync(contents, { level: 9 }).byteLength));
}

/**
 * Chunks that the measured program never loads, because they come with `import()` at the moment they are needed: the DDL
 * when a schema is created, a worker's client, the check of an imported file, the way around a hook that failed, the question
 * after the health of servers, options of transactions that few ask for, batches for drivers that have no transactions, the
 * order of rows that wait for each other in one flush. What it does load in the end, such as the store over IndexedDB, is
 * weighed.
 */
const ON_DEMAND =
  /[/\\](?:create-schema|worker-database|import-file|wasm-file|deferred-mode|exporting-host|borrowed-heap|without-location|check-health|on-demand|run-batch|deferred-session|flush-in-batch|load-in-batch|arrange-carefully|batch|foreign-key-pause)-[^/\\]*$/;

/** The names of the entry's chunk and of those that come with it by the imports that are followed. */
function loadedBy({ outputs }: Metafile, isFollowed: (kind: string, path: string) => boolean): ReadonlySet<string> {
  const entries = Object.keys(outputs).filter((path) => {
    const { entryPoint } = outputs[path] ?? {};
    return entryPoint !== undefined && !/^(?:src|adapters|dist)\//.test(entryPoint);
  });
  const loaded = new Set(entries);
  for (const path of loaded) {
    for (const { kind, path: imported, external } of outputs[path]?.imports ?? []) {
      if (external !== true && isFollowed(kind, imported)) loaded.add(imported);
    }
  }
  return new Set([...loaded].map((path) => basename(path)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

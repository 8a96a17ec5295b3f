/**
 * Builds the demo into `demo-web/dist`: the app, the database worker, the sprite of icons, and a service worker that
 * knows every file of this very build. Needs the built package (`npm run build`), which it uses by its public entries.
 */
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeSprite } from './sprite.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);

const common = {
  bundle: true,
  minify: true,
  sourcemap: false,
  target: ['es2022'],
  legalComments: 'external',
  logLevel: 'warning',
};

/** See src/ui/style-map.ts: Lit's own would need `'unsafe-inline'` styles. */
const policyProofStyleMap = {
  name: 'policy-proof-style-map',
  setup(bundler) {
    bundler.onResolve({ filter: /^lit\/directives\/style-map\.js$/ }, () => ({
      path: join(here, 'src/ui/style-map.ts'),
    }));
  },
};

async function bundle(out) {
  await build({
    ...common,
    entryPoints: { app: join(here, 'src/main.tsx'), 'database-worker': join(here, 'worker/database-worker.ts') },
    outdir: out,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    plugins: [policyProofStyleMap],
  });
  await build({ ...common, entryPoints: [join(here, 'src/styles/app.css')], outfile: join(out, 'app.css') });
  await build({ ...common, entryPoints: [join(here, 'src/theme.ts')], outfile: join(out, 'theme.js'), format: 'iife' });
}

async function listFiles(folder, prefix = '') {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) =>
    entry.isDirectory() ? listFiles(join(folder, entry.name), `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
  return (await Promise.all(nested)).flat().sort();
}

async function bundleServiceWorker(out) {
  const files = (await listFiles(out)).filter((file) => !file.endsWith('.LEGAL.txt'));
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(join(out, file)));
  // The page itself is stored under the address people open, not under its file name.
  const precached = files.map((file) => (file === 'index.html' ? './' : file));
  await build({
    ...common,
    entryPoints: [join(here, 'worker/service-worker.ts')],
    outfile: join(out, 'service-worker.js'),
    format: 'iife',
    define: { BUILD: JSON.stringify({ id: hash.digest('hex').slice(0, 12), files: precached }) },
  });
  return precached;
}

/** Builds everything into a folder; resolves with the names of the files that work offline. */
export async function buildDemo(out = join(here, 'dist')) {
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await cp(join(here, 'public'), out, { recursive: true });
  await cp(require.resolve('sql.js/dist/sql-wasm.wasm'), join(out, 'sql-wasm.wasm'));
  await writeFile(join(out, 'icons.svg'), await makeSprite());
  await bundle(out);
  return bundleServiceWorker(out);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const files = await buildDemo();
  console.log(`Built demo-web/dist: ${files.length} files, all of them usable offline.`);
}

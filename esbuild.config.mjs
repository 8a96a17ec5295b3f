/**
 * Builds the published package into dist/: one JavaScript build of all entries, and their declarations.
 *
 * The entries are read from the `exports` of package.json, so that a public entry exists in one place only:
 * `dist/types/<path>.d.ts` names its source `<path>.ts`, and `default` names its output.
 *
 * All entries are built at once with `splitting`: code that two entries share lives in one chunk. Built apart, each
 * entry would carry its own copy of every error class, and `instanceof` would be false across entries.
 *
 * Code inside this repository (demo-web, worker-example, test/docs) consumes the built package by self-reference:
 * `import { … } from 'meshestra'` resolves through the `exports` below in Node, esbuild and TypeScript. A package.json
 * in a sub-folder would start a scope of its own and break that (verified: ERR_MODULE_NOT_FOUND in Node, "Could not
 * resolve" in esbuild), and npm does not link a root package into its own workspaces. So demo-web has no package.json.
 */
import { spawnSync } from 'node:child_process';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const TYPES = './dist/types/';

/** Output name (without extension) -> source file, of every public entry. */
async function readEntries() {
  const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const entries = {};
  for (const [name, target] of Object.entries(exports)) {
    if (typeof target === 'string') continue;
    if (!target.types?.startsWith(TYPES) || !target.default?.startsWith('./dist/')) {
      throw new Error(`package.json exports["${name}"] needs "types" below ${TYPES} and "default" below ./dist/`);
    }
    const output = target.default.slice('./dist/'.length).replace(/\.js$/, '');
    entries[output] = target.types.slice(TYPES.length).replace(/\.d\.ts$/, '.ts');
  }
  return entries;
}

/** Removes what an earlier build left, except the declarations, which tsc keeps up to date by itself. */
async function clean() {
  const names = await readdir(join(root, 'dist')).catch(() => []);
  await Promise.all(
    names.filter((name) => name !== 'types').map((name) => rm(join(root, 'dist', name), { recursive: true })),
  );
}

/**
 * The command line tool: a script of its own, with the libraries it is made of inside, so that the package depends on none.
 * What it uses of the package are the public entries, as everybody's: `../src/migration/index.ts` is `meshestra/migrations`.
 */
async function buildCommand(entryPoints) {
  const names = new Map(
    Object.entries(entryPoints).map(([output, source]) => [
      join(root, source),
      output === 'index' ? 'meshestra' : `meshestra/${output}`,
    ]),
  );
  const publicEntries = {
    name: 'public-entries',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
        const name = names.get(join(resolveDir, path));
        return name === undefined || path.startsWith('./') ? undefined : { path: name, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: root,
    entryPoints: { 'cli/main': 'cli/main.ts' },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: ['esbuild'],
    plugins: [publicEntries],
    // What the libraries require() of Node is not there in a module.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outputFiles;
}

async function buildScripts() {
  const entryPoints = await readEntries();
  for (const [output, source] of Object.entries(entryPoints)) {
    await access(join(root, source)).catch(() => {
      throw new Error(`package.json exports ${output}.js, but its source ${source} does not exist`);
    });
  }
  // Written only when everything built: a failing build leaves the last good one for whoever is using it.
  const { outputFiles } = await build({
    write: false,
    absWorkingDir: root,
    entryPoints,
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    // Lowers `await using` and decorators, which Node 20 and older browsers cannot parse.
    target: 'es2022',
    packages: 'external',
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
  const command = await buildCommand(entryPoints);
  await clean();
  for (const { path, text } of command) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: 0o755 });
  }
  for (const { path, contents, text } of outputFiles) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, path.endsWith('.js') ? withoutBareImports(text) : contents);
  }
  return outputFiles.filter(({ path }) => path.endsWith('.js')).length;
}

/**
 * A chunk imports every chunk that one of its modules was imported from, also where nothing of it is left to use. By
 * `sideEffects` of package.json that does nothing, and bundlers would warn of each one. Lines stay, for the source maps.
 */
function withoutBareImports(script) {
  return script.replace(/^import "\.[^"]*";$/gm, '');
}

/** TypeScript keeps `./x.ts` in declarations; `./x.js` is what every resolver finds `x.d.ts` by. */
async function rewriteDeclarations() {
  const names = await readdir(join(root, TYPES), { recursive: true });
  const declarations = names.filter((name) => name.endsWith('.d.ts'));
  await Promise.all(
    declarations.map(async (name) => {
      const path = join(root, TYPES, name);
      const text = await readFile(path, 'utf8');
      const rewritten = text.replace(/((?:from |import |import\()['"]\.{1,2}\/[^'"\n]*)\.ts(['"])/g, '$1.js$2');
      if (rewritten !== text) await writeFile(path, rewritten);
    }),
  );
  return declarations.length;
}

async function buildDeclarations() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [tsc, '-b', 'src', 'adapters', 'integrations', 'cli'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('tsc found errors, see above');
  return rewriteDeclarations();
}

try {
  const scripts = await buildScripts();
  const declarations = process.argv.includes('--no-types') ? 0 : await buildDeclarations();
  process.stdout.write(`dist: ${scripts} scripts, ${declarations} declarations\n`);
} catch (error) {
  process.stderr.write(`build failed: ${error.message}\n`);
  process.exitCode = 1;
}

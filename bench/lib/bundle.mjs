// The same small program, bundled with each contender: size minified and gzipped, sql.js external. Each bundle is run once,
// so that no size is reported of a program that does not work.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { runScript } from './process.mjs';
import { kilobytes, table } from './report.mjs';
import { BUNDLE } from './targets.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const SHARED = {
  bundle: true,
  minify: true,
  format: 'esm',
  write: false,
  logLevel: 'silent',
  legalComments: 'none',
  external: ['sql.js', 'node:*', '@mikro-orm/core/fs-utils', '@mikro-orm/core/file-discovery'],
};
/** MikroORM's two file-system modules are imported only when asked for; left out, in its favour. Neutral first; what needs a browser's resolution (TypeORM) is built for a browser and says so. */
const PLATFORMS = [
  { platform: 'neutral', mainFields: ['module', 'main'], conditions: ['import'] },
  { platform: 'browser', mainFields: ['browser', 'module', 'main'] },
];

async function bundle(name) {
  const errors = [];
  for (const options of PLATFORMS) {
    try {
      const result = await build({ ...SHARED, ...options, entryPoints: [here(`../program/${name}.mjs`)] });
      const text = result.outputFiles[0].contents;
      return {
        name,
        platform: options.platform,
        minified: text.length,
        gzip: gzipSync(text, { level: 9 }).length,
        text,
      };
    } catch (error) {
      errors.push(`${options.platform}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
    }
  }
  throw new Error(`${name} cannot be bundled: ${errors.join('; ')}`);
}

export async function measureBundles({ contenders, failures }) {
  const folder = here('../.cache/bundles/');
  mkdirSync(folder, { recursive: true });
  const results = {};
  for (const name of contenders.filter((one) => one !== 'limit')) {
    try {
      const { text, ...sizes } = await bundle(name);
      writeFileSync(`${folder}${name}.mjs`, text);
      const { runs, why } = await runScript(here('./bundle-child.mjs'), [`${folder}${name}.mjs`, sizes.platform]);
      results[name] = {
        platform: sizes.platform,
        minified: sizes.minified,
        gzip: sizes.gzip,
        runs,
        ...(why === undefined ? {} : { why }),
      };
    } catch (error) {
      failures.push(`bundle ${name}: ${error.message}`);
    }
  }
  const verdict = (gzip) => (gzip <= BUNDLE.aim ? 'aim met' : gzip <= BUNDLE.budget ? 'within budget' : 'over budget');
  const rows = Object.entries(results).map(([name, r]) => [
    name,
    r.platform,
    kilobytes(r.minified),
    kilobytes(r.gzip),
    r.runs ? 'yes' : `no: ${r.why}`,
    name === 'meshestra' ? `${verdict(r.gzip)} (${kilobytes(BUNDLE.budget)} / ${kilobytes(BUNDLE.aim)})` : '',
  ]);
  return {
    results,
    title: 'Bundle of the small program, kB (sql.js external)',
    body: table(['', 'esbuild platform', 'minified', 'gzip', 'runs', 'budget / aim'], rows),
  };
}

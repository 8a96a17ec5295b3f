// npm run bench: everything, or the parts asked for. See README.md.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const CONTENDERS = ['raw', 'limit', 'meshestra', 'kysely', 'drizzle', 'drizzle-rc', 'typeorm', 'mikro-orm'];
const WORKLOADS = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7', 'W8', 'W9'];
const ENGINES = ['sqljs', 'better-sqlite3', 'pg'];
const PARTS = ['workloads', 'heap', 'bundle', 'cold', 'scale', 'latency', 'browser'];
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    parts: { type: 'string' },
    browser: { type: 'boolean', default: false },
    sizes: { type: 'string' },
    contenders: { type: 'string' },
    workloads: { type: 'string' },
    engines: { type: 'string' },
    pragmas: { type: 'boolean', default: false },
    'no-write': { type: 'boolean', default: false },
  },
});
const list = (value, all) => {
  if (value === undefined) return all;
  const chosen = value.split(',');
  const unknown = chosen.filter((one) => !all.includes(one));
  if (unknown.length > 0) throw new Error(`Unknown: ${unknown.join(', ')}. Known: ${all.join(', ')}`);
  return chosen;
};
const parts = options.browser ? ['browser'] : list(options.parts, PARTS);
const contenders = list(options.contenders, CONTENDERS);
const workloads = list(options.workloads, WORKLOADS);
const engines = list(options.engines, ENGINES);
const sizes = (options.sizes ?? (options.quick ? '1,10' : '1,10,50,100')).split(',').map(Number);
const rounds = Number(options.rounds ?? (options.quick ? 3 : 15));
const log = (text) => process.stderr.write(`${text}\n`);

/** The peers, Node 24 among them, live in bench/node_modules; Meshestra is linked there and found by its public exports. */
function prepare() {
  if (['typeorm', 'pg', 'better-sqlite3'].some((name) => !existsSync(here(`node_modules/${name}`)))) {
    log('Installing the contenders in bench/ …');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here('.'), stdio: ['ignore', 'inherit', 'inherit'] });
  }
  if (!existsSync(here('node_modules/meshestra'))) symlinkSync('../..', here('node_modules/meshestra'), 'dir');
  if (contenders.includes('meshestra') && !existsSync(here('node_modules/meshestra/dist/index.js'))) {
    log('Building Meshestra …');
    execFileSync('npm', ['run', 'build'], { cwd: here('..'), stdio: ['ignore', 'inherit', 'inherit'] });
  }
}

const version = (name) => JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), 'utf8')).version;

function environment() {
  const names = {
    'sql.js': 'sql.js',
    'better-sqlite3': 'better-sqlite3',
    pg: 'pg',
    kysely: 'kysely',
    drizzle: 'drizzle-orm',
    'drizzle-rc': 'drizzle-orm-rc',
    typeorm: 'typeorm',
    'mikro-orm': '@mikro-orm/sql',
    node: 'node',
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`,
    rounds,
    pragmas: options.pragmas,
    versions: Object.fromEntries(Object.entries(names).map(([name, folder]) => [name, version(folder)])),
  };
}

async function main() {
  prepare();
  const { requireNode } = await import('./lib/process.mjs');
  requireNode();
  const failures = [];
  const context = {
    engines,
    contenders,
    workloads,
    rounds,
    sizes,
    quick: options.quick,
    pragmas: options.pragmas,
    failures,
    log,
  };
  const { measure } = await import('./lib/parts.mjs');
  const { results, sections } = await measure(parts, context);
  const about = environment();
  const text = [
    '# Benchmark results',
    '',
    `${about.date}, ${about.cpu}, Node ${about.versions.node}, ${rounds} rounds${options.quick ? ' (quick: indicative only)' : ''}${options.pragmas ? ', both pragmas for everybody' : ''}. ` +
      Object.entries(about.versions)
        .map(([name, v]) => `${name} ${v}`)
        .join(', ') +
      '.',
    ...sections.flatMap(({ title, body }) => ['', `## ${title}`, '', body]),
    ...(failures.length > 0
      ? ['', '## Failures', '', ...failures.map((f) => `- ${f.split('\n').slice(0, 3).join(' ')}`)]
      : []),
    '',
  ].join('\n');
  process.stdout.write(text);
  if (!options['no-write']) {
    mkdirSync(here('results'), { recursive: true });
    writeFileSync(here('results/latest.md'), text);
    writeFileSync(here('results/latest.json'), `${JSON.stringify({ ...about, results, failures }, null, 1)}\n`);
  }
  if (failures.length > 0) {
    for (const failure of failures) log(failure);
    process.exitCode = 1;
  }
}

await main();

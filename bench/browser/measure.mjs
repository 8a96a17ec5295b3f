// Commit latency of a one-row update in Chromium, by database size: one browser process and profile per engine, all in one
// run, rounds in rotating order, ratios inside a round. What was stored is opened again at the end and has to be whole.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import initSqlJs from 'sql.js';
import { median, short, table } from '../lib/report.mjs';
import { createFile, rowsFor } from './database.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ENGINES = {
  'meshestra relaxed': { script: 'meshestra', query: '?durability=relaxed', of: 'meshestra' },
  'meshestra strict': { script: 'meshestra', query: '?durability=strict', of: 'meshestra' },
  'export + put': { script: 'naive', query: '' },
  'typeorm autoSave': { script: 'typeorm', query: '', of: 'typeorm' },
};
const BASE = 'meshestra relaxed';

/** Commits per engine and round; what takes seconds is sampled a few times only, and the report says how many. */
function plan(engine, megabytes, quick) {
  if (engine.startsWith('meshestra')) return { warm: 5, perRound: 20 };
  if (engine === 'export + put') return { warm: 3, perRound: megabytes > 20 ? 2 : 5 };
  return { warm: megabytes > 20 ? 0 : 1, perRound: 1, rounds: quick ? 1 : megabytes > 20 ? 3 : 5 };
}

async function scripts(names) {
  const result = await build({
    entryPoints: names.map((name) => here(`./engines/${name}.js`)),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    outdir: '/',
    logLevel: 'error',
    external: ['node:*'],
  });
  return new Map(result.outputFiles.map((file) => [`/${file.path.split('/').at(-1)}`, file.contents]));
}

function serve(files) {
  const headers = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cache-control': 'no-store',
  };
  const types = { js: 'text/javascript', wasm: 'application/wasm', sqlite: 'application/octet-stream' };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname.startsWith('/page/')) {
      response.writeHead(200, { ...headers, 'content-type': 'text/html' });
      return response.end(
        `<!doctype html><title>loading</title><script type="module" src="/${pathname.slice(6)}.js"></script>`,
      );
    }
    const body = files.get(pathname);
    response.writeHead(body === undefined ? 404 : 200, {
      ...headers,
      'content-type': types[pathname.split('.').at(-1)] ?? 'text/plain',
    });
    response.end(body);
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function openEngine(name, base, megabytes) {
  const profile = mkdtempSync(join(tmpdir(), 'meshestra-bench-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
  });
  const page = await context.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  const { script, query } = ENGINES[name];
  const address = `${base}/page/${script}${query}`;
  const ready = async () => {
    await page.goto(address);
    await page
      .waitForFunction(() => document.title === 'ready', null, { timeout: 30_000 })
      .catch(() => {
        throw new Error(`${name}: the page did not start: ${problems.join('; ')}`);
      });
  };
  const close = async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  };
  try {
    await ready();
    await page.evaluate(
      ([url, rows]) => globalThis.bench.open(url, rows),
      [`${base}/items.sqlite`, rowsFor(megabytes)],
    );
  } catch (error) {
    await close();
    throw error;
  }
  return {
    name,
    sample: (times) => page.evaluate((n) => globalThis.bench.sample(n), times),
    reopen: async () => {
      await ready();
      return page.evaluate(() => globalThis.bench.reopen());
    },
    close,
  };
}

async function openAll(megabytes, { names, base, failures }) {
  const open = [];
  for (const name of names) {
    try {
      open.push(await openEngine(name, base, megabytes));
    } catch (error) {
      failures.push(`browser ${megabytes} MB ${name}: ${error.message}`);
    }
  }
  return open;
}

/** Rounds in rotating order. An engine that fails once is left out from there on, and reported. */
async function sampleAll(open, megabytes, { quick, failures, log }) {
  const samples = new Map(open.map((one) => [one.name, []]));
  const rounds = quick ? 2 : 5;
  const sample = async (one, round) => {
    const { perRound, rounds: limit = rounds } = plan(one.name, megabytes, quick);
    if (round >= limit || !samples.has(one.name)) return;
    try {
      samples.get(one.name).push(await one.sample(perRound));
    } catch (error) {
      samples.delete(one.name);
      failures.push(`browser ${megabytes} MB ${one.name}: ${error.message.split('\n')[0]}`);
    }
  };
  for (const one of open) await one.sample(plan(one.name, megabytes, quick).warm);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < open.length; i++) await sample(open[(i + round) % open.length], round);
    log(`${megabytes} MB, round ${round + 1} of ${rounds}`);
  }
  return samples;
}

async function measureSize(megabytes, context) {
  const open = await openAll(megabytes, context);
  try {
    const samples = await sampleAll(open, megabytes, context);
    const result = {};
    for (const one of open) {
      if (samples.has(one.name)) result[one.name] = await settle(one, samples, { megabytes, ...context });
    }
    return result;
  } finally {
    for (const one of open) await one.close();
  }
}

async function settle(one, samples, { megabytes, quick, failures }) {
  const base = samples.get(BASE);
  const rounds = samples.get(one.name);
  const all = rounds.flat();
  const expected = all.length + plan(one.name, megabytes, quick).warm;
  let reopened;
  try {
    reopened = await one.reopen();
    if (reopened.sum !== expected) throw new Error(`${reopened.sum} updates were stored, not ${expected}`);
  } catch (error) {
    failures.push(`browser ${megabytes} MB ${one.name}: ${error.message.split('\n')[0]}`);
  }
  const ratios = base === undefined ? [] : rounds.map((values, round) => median(values) / median(base[round]));
  return {
    ms: median(all),
    max: Math.max(...all),
    samples: all.length,
    ratio: ratios.length > 0 ? median(ratios) : null,
    openMs: reopened?.ms,
  };
}

export async function measureBrowser({ contenders, sizes, quick, failures, log }) {
  if (!existsSync(CHROMIUM))
    throw new Error(`${CHROMIUM} is missing: apt-get install chromium, or set CHROMIUM to one.`);
  const names = Object.keys(ENGINES).filter(
    (name) => ENGINES[name].of === undefined || contenders.includes(ENGINES[name].of),
  );
  const files = await scripts([...new Set(names.map((name) => ENGINES[name].script))]);
  files.set('/sql-wasm-browser.wasm', readFileSync(here('../node_modules/sql.js/dist/sql-wasm-browser.wasm')));
  mkdirSync(here('../.cache/'), { recursive: true });
  const SQL = await initSqlJs();
  const server = await serve(files);
  const base = `http://127.0.0.1:${server.address().port}`;
  const results = {};
  try {
    for (const megabytes of sizes) {
      files.set('/items.sqlite', createFile(SQL, megabytes));
      results[megabytes] = await measureSize(megabytes, { names, base, quick, failures, log });
    }
  } finally {
    server.close();
  }
  return { results, title: 'Commit of a one-row update in Chromium, by database size', body: report(results, names) };
}

function report(results, names) {
  const sizes = Object.keys(results).sort((a, b) => a - b);
  const cells = (of) => names.map((name) => [name, ...sizes.map((size) => of(results[size][name]))]);
  const head = (title) => [title, ...sizes.map((size) => `${size} MB`)];
  return [
    table(
      head('median ms until stored (samples)'),
      cells((r) => (r === undefined ? 'failed' : `${short(r.ms)} (${r.samples})`)),
    ),
    table(
      head(`× ${BASE}`),
      cells((r) => short(r?.ratio ?? undefined)),
    ),
    table(
      head('open again what was stored and read it, ms'),
      cells((r) => short(r?.openMs)),
    ),
  ].join('\n\n');
}

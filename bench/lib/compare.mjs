// The workloads: every contender warm, then rounds in rotating order, ratios taken inside each round.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import initSqlJs from 'sql.js';
import { createFixture, fill } from './fixture.mjs';
import { startContender } from './process.mjs';
import { median, short, table } from './report.mjs';
import { STATEMENTS, verdict } from './targets.mjs';

const WARM = { quick: { times: 3, budgetMs: 1_000 }, full: { times: 25, budgetMs: 5_000 } };
const UNITS = { W7: 'µs', W8: 'ms' };

/** Writes the fixture where the engine's contenders find it; gives the file, where it is one. */
export async function writeFixture(engine) {
  if (engine?.writeFixture !== undefined) return engine.writeFixture(createFixture());
  const SQL = await initSqlJs();
  const db = new SQL.Database();
  fill(db, createFixture());
  const folder = fileURLToPath(new URL('../.cache/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}fixture.sqlite`, db.export());
  db.close();
  return `${folder}fixture.sqlite`;
}

/** Starts what can be started; what cannot is reported as failed, with its reason. */
export async function startAll(engine, names, file, pragmas, failures) {
  const started = [];
  for (const name of names) {
    try {
      started.push(await startContender(engine, name, file, pragmas));
    } catch (error) {
      failures.push(`${engine}: ${error.message}`);
    }
  }
  return started;
}

export async function compareWorkloads({ engine, contenders, file, workloads, rounds, quick, pragmas, failures, log }) {
  const started = await startAll(engine, contenders, file, pragmas, failures);
  const results = {};
  try {
    for (const workload of workloads) {
      log(`${engine} ${workload} …`);
      results[workload] = await compareOne(started, workload, { rounds, quick, failures });
    }
  } finally {
    await Promise.all(started.map((c) => c.stop()));
  }
  return results;
}

async function compareOne(started, workload, { rounds, quick, failures }) {
  const statements = {};
  const ready = [];
  for (const contender of started) {
    try {
      const count = await contender.ask({ op: 'warm', workload, ...(quick ? WARM.quick : WARM.full) });
      if (count === null) continue;
      statements[contender.name] = count;
      ready.push(contender);
    } catch (error) {
      failures.push(error.message);
    }
  }
  const samples = Object.fromEntries(ready.map((c) => [c.name, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < ready.length; i++) {
      const contender = ready[(i + round) % ready.length];
      samples[contender.name].push(await contender.ask({ op: 'sample', workload }));
    }
  }
  return Object.fromEntries(
    ready.map(({ name }) => [name, { ...summary(samples, name), statements: statements[name] }]),
  );
}

function summary(samples, name) {
  const of = (key) => samples[name].map((sample) => sample[key]);
  const against = (key) =>
    samples.raw === undefined ? null : median(of(key).map((value, i) => value / samples.raw[i][key]));
  return { ms: median(of('ms')), cpu: median(of('cpu')), ratio: against('ms'), cpuRatio: against('cpu') };
}

const isRatio = (workload) => UNITS[workload] === undefined;

/** What a target is compared with: the ratio to raw, or the time where the workload is judged by its time. */
const judged = (workload, result) => (result === undefined ? undefined : isRatio(workload) ? result.ratio : result.ms);
const judgedCpu = (workload, result) =>
  result === undefined ? undefined : isRatio(workload) ? result.cpuRatio : result.cpu;

export function workloadTables(results, contenders) {
  const workloads = Object.keys(results);
  const head = (w) => (isRatio(w) ? w : `${w} ${UNITS[w]}`);
  const row = (name, cell) => [name, ...workloads.map((w) => cell(w, results[w][name]))];
  const ratios = table(
    ['× raw', ...workloads.map(head)],
    contenders.map((name) => row(name, (w, r) => short(judged(w, r) ?? undefined))),
  );
  const cpu = table(
    ['× raw, CPU time', ...workloads.map(head)],
    contenders.map((name) => row(name, (w, r) => short(judgedCpu(w, r) ?? undefined))),
  );
  const times = table(
    ['median', ...workloads.map((w) => `${w} ${UNITS[w] ?? 'ms'}`)],
    contenders.map((name) => row(name, (_, r) => short(r?.ms))),
  );
  const statements = table(
    ['statements', ...workloads],
    contenders.map((name) => row(name, (_, r) => (r === undefined ? '–' : String(r.statements)))),
  );
  return { ratios, cpu, times, statements };
}

export function verdictTable(results, name, targets) {
  const rows = Object.keys(results).map((w) => {
    const result = results[w][name];
    const target = targets[w];
    const peers = Object.entries(results[w]).filter(([peer]) => !['raw', 'limit', name].includes(peer));
    const best = peers.sort((a, b) => judged(w, a[1]) - judged(w, b[1]))[0];
    const limit = STATEMENTS[w];
    const count =
      result === undefined
        ? '–'
        : limit === undefined
          ? String(result.statements)
          : `${result.statements} of ${limit}${result.statements > limit ? ' ✗' : ''}`;
    return [
      w,
      short(judged(w, result)),
      short(judgedCpu(w, result)),
      short(target.must),
      short(target.stretch),
      verdict(judged(w, result), target),
      best === undefined ? '–' : `${short(judged(w, best[1]))} ${best[0]}`,
      count,
    ];
  });
  return table([name, 'result', 'by CPU', 'must', 'stretch', 'verdict', 'best rival', 'statements'], rows);
}

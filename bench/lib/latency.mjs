// A flush over Neon's HTTP protocol, at a distance: one request against a request for each table or each row.
import { fileURLToPath } from 'node:url';
import { runScript } from './process.mjs';
import { median, short, table } from './report.mjs';

const SCRIPT = fileURLToPath(new URL('../latency/measure.mjs', import.meta.url));
const OURS = 'one request';

export async function measureLatency({ rounds, log }) {
  const results = await runScript(SCRIPT, [String(rounds)]);
  const distances = Object.keys(results[OURS].ms);
  const rows = Object.entries(results).map(([name, { requests, ms }]) => [
    name,
    String(requests),
    ...distances.map((distance) => {
      const time = `${short(median(ms[distance]))} ms`;
      if (name === OURS) return time;
      // In the same round, as everywhere.
      const ratios = ms[distance].map((value, round) => value / results[OURS].ms[distance][round]);
      return `${time}, **${short(median(ratios))} ×**`;
    }),
  ]);
  log(`latency: ${rounds} rounds`);
  const header = ['27 rows of 5 tables', 'requests', ...distances.map((distance) => `at ${distance} ms`)];
  return { results, title: 'Flush at a distance, Neon over HTTP', body: table(header, rows) };
}

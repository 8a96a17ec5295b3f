// Cold start: a fresh process each time, in rotating order, medians.
import { fileURLToPath } from 'node:url';
import { runScript } from './process.mjs';
import { median, short, table } from './report.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export async function measureCold({ contenders, quick, failures }) {
  const names = contenders.filter((one) => one !== 'limit');
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  const broken = new Set();
  const times = quick ? 5 : 15;
  for (let round = 0; round < times; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length];
      if (broken.has(name)) continue;
      try {
        samples[name].push(await runScript(here('./cold-child.mjs'), [here(`../program/${name}.mjs`)]));
      } catch (error) {
        broken.add(name);
        failures.push(`cold ${name}: ${error.message}`);
      }
    }
  }
  const results = Object.fromEntries(
    names
      .filter((name) => !broken.has(name))
      .map((name) => {
        const of = (key) => median(samples[name].map((one) => one[key]));
        return [name, { import: of('import'), run: of('run'), rss: of('rss') }];
      }),
  );
  const rows = Object.entries(results).map(([name, r]) => [
    name,
    short(r.import),
    short(r.run),
    short(r.import + r.run),
    (r.rss / 1_000_000).toFixed(0),
  ]);
  return {
    results,
    title: `Cold start, ms (median of ${times})`,
    body: table(['', 'import', 'instantiate sql.js, define, open, write, read', 'sum', 'RSS MB'], rows),
  };
}

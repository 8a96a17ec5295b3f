// What must not overflow a stack or a parameter list: 100,000 rows, chains of 10,000, and a collection of 100,000.
import { fileURLToPath } from 'node:url';
import { loadEngine } from './engines/index.mjs';
import { runScript } from './process.mjs';
import { median, short, table } from './report.mjs';

const child = fileURLToPath(new URL('./scale-child.mjs', import.meta.url));

const TITLES = {
  insert: '100,000 new entities in one flush, keys read back',
  chain: 'a parent chain 10,000 deep in one flush',
  diff: 'a collection of 100,000 with 50,000 replaced',
};

const CONTENDERS = ['raw', 'meshestra'];

/** A round of both contenders, each in a process of its own, one after the other; who is first alternates. */
async function playRound(engine, round) {
  const order = round % 2 === 0 ? CONTENDERS : CONTENDERS.toReversed();
  const results = {};
  for (const name of order) results[name] = await runScript(child, [engine, name]);
  return results;
}

/** The medians of the rounds: of the times, and of the ratios within a round. */
function summarize(rounds, scenario) {
  const of = (name) => rounds.map((round) => round[name][scenario]);
  const times = (name) => median(of(name).map(({ ms }) => ms));
  const [raw, ours] = CONTENDERS.map((name) => ({ ms: times(name), statements: of(name)[0].statements }));
  const ratio = (key) => median(rounds.map((round) => round.meshestra[scenario][key] / round.raw[scenario][key]));
  return { raw, ours, wall: ratio('ms'), cpu: ratio('cpu') };
}

/** Both contenders on each engine: times, the ratio to hand-written statements, and how many statements were sent. */
export async function measureScale({ engines, quick, failures }) {
  const results = {};
  const rows = [];
  const count = quick ? 1 : 5;
  for (const engine of engines) {
    const { title } = (await loadEngine(engine)).engine;
    try {
      const rounds = [];
      for (let round = 0; round < count; round++) rounds.push(await playRound(engine, round));
      results[engine] = rounds;
      for (const [scenario, what] of Object.entries(TITLES)) {
        const { raw, ours, wall, cpu } = summarize(rounds, scenario);
        const statements = `${ours.statements} (${raw.statements})`;
        rows.push([`${title}: ${what}`, short(raw.ms), short(ours.ms), short(wall), short(cpu), statements]);
      }
    } catch (error) {
      failures.push(`scale ${engine}: ${error.message}`);
    }
  }
  const header = ['', 'raw, ms', 'meshestra, ms', '× raw, wall', '× raw, CPU', 'statements (raw)'];
  return { results, title: `Scale: one flush each (medians of ${count})`, body: table(header, rows) };
}

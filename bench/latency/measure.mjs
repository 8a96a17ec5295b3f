// On Node 24: flushes the graph by each way at each distance, in turn, and prints what it took as JSON.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openPerRow, openPerTable } from './by-hand.mjs';
import { open } from './meshestra.mjs';

const DISTANCES = [0, 20, 50];
const WAYS = { 'one request': open, 'statement per table': openPerTable, 'statement per row': openPerRow };
const WARM_UP = 10;
const rounds = Number(process.argv[2]);

const child = fork(fileURLToPath(new URL('./gateway.mjs', import.meta.url)), {
  execArgv: ['--no-warnings'],
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});
const answer = () =>
  new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`the gateway ended with ${code}`));
    child.once('exit', ended);
    child.once('message', ({ value, error }) => {
      child.off('exit', ended);
      if (error === undefined) resolve(value);
      else reject(new Error(error));
    });
  });
const ask = (operation, given = {}) => {
  const reply = answer();
  child.send({ operation, ...given });
  return reply;
};

const place = await answer();
const ways = [];
for (const [name, start] of Object.entries(WAYS)) ways.push({ name, ...(await start(place)) });
let expected;

/** Reads outside of the clock and without distance, then flushes; the rows have to be those of everybody else. */
async function flushOnce({ name, prepare }, latency) {
  await ask('empty');
  const flush = await prepare();
  const before = await ask('requests');
  await ask('distance', { latency });
  const started = performance.now();
  await flush();
  const ms = performance.now() - started;
  const requests = (await ask('requests')) - before;
  const stored = JSON.stringify(await ask('stored'));
  expected ??= stored;
  if (stored !== expected) throw new Error(`${name} stored something else: ${stored}`);
  return { ms, requests };
}

for (let n = 0; n < WARM_UP; n++) for (const way of ways) await flushOnce(way, 0);
const results = Object.fromEntries(
  ways.map(({ name }) => [name, { requests: 0, ms: Object.fromEntries(DISTANCES.map((distance) => [distance, []])) }]),
);
for (let round = 0; round < rounds; round++) {
  for (const latency of DISTANCES) {
    for (let n = 0; n < ways.length; n++) {
      const way = ways[(round + n) % ways.length];
      const { ms, requests } = await flushOnce(way, latency);
      results[way.name].requests = requests;
      results[way.name].ms[latency].push(ms);
    }
  }
}
for (const { close } of ways) await close();
await ask('close');
console.log(JSON.stringify(results));

// One contender of the scale part in a process of its own: runs each scenario once to warm up, then timed, and prints JSON.
const [, , engine, name] = process.argv;
const { openScale } = await import(`../scale/${name === 'meshestra' ? name : `raw-${engine}`}.mjs`);
const collect = globalThis.gc ?? (() => {});

/** The sizes that the design names. */
const SIZES = { insert: 100_000, chain: 10_000, diff: 100_000 };

/** Runs a scenario on an empty database: `{ ms, cpu, statements }`. What it prepares and checks is outside the clock. */
async function runOnce(scenario) {
  const database = await openScale(engine);
  try {
    const run = await database[scenario](SIZES[scenario]);
    collect();
    const counted = database.countStatements();
    const before = process.cpuUsage();
    const start = performance.now();
    await run.work();
    const ms = performance.now() - start;
    const { user, system } = process.cpuUsage(before);
    const statements = counted();
    await run.verify();
    return { ms, cpu: (user + system) / 1_000, statements };
  } finally {
    await database.close();
  }
}

const results = {};
for (const scenario of Object.keys(SIZES)) {
  await runOnce(scenario);
  results[scenario] = await runOnce(scenario);
}
process.stdout.write(`${JSON.stringify(results)}\n`);

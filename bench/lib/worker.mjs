// One contender in one process. The parent asks for samples over IPC; between samples the process is idle.
import { readFileSync } from 'node:fs';
import { loadEngine } from './engines/index.mjs';
import { createFixture } from './fixture.mjs';
import { createWorkloads } from './workloads.mjs';

const [, , engineName, name, file, pragmas] = process.argv;
const OURS = 'meshestra';
const collect = globalThis.gc ?? (() => {});
const fixture = createFixture();
const { engine, family } = await loadEngine(engineName);
const workloads = createWorkloads(fixture, engine);
// Meshestra's driver for sql.js initialises it itself, with its hook; sql.js is a singleton, so it must not be loaded before.
const native = name === OURS ? undefined : await engine.load();
const { open } = await import(name === OURS ? `../contenders/${name}.mjs` : `../contenders/${family}/${name}.mjs`);
const bytes = file === '' ? undefined : new Uint8Array(readFileSync(file));
const contender = await open({ engine, native, bytes, pragmas: pragmas === 'pragmas' });

/** Checks what came back and puts the rows back, so that a failure of one workload does not spoil the next. */
async function settle(workload, outcome) {
  try {
    await workload.verify(contender, outcome);
  } finally {
    await workload.reset?.(contender);
    contender.dispose?.();
  }
}

/** What the last untimed run gave: alive during the collection, because V8 forgets the shapes of objects that are all gone. */
const kept = { outcome: undefined };

/**
 * One timed run, right after an untimed one: the process idled while others ran, and a forced collection shrinks the
 * young generation, which would make the timed run pay for growing it again.
 */
async function sample(workload) {
  collect();
  kept.outcome = await workload.run(contender);
  await workload.reset?.(contender);
  const outcome = await workload.run(contender);
  await settle(workload, outcome);
  return { ms: outcome.ms, cpu: outcome.cpu };
}

/** A first run with its statements counted, then further runs until the code is warm. */
async function warm(workload, { times, budgetMs }) {
  let outcome;
  const statements = await engine.countStatements(native ?? contender.native(), async () => {
    outcome = await workload.run(contender);
  });
  await settle(workload, outcome);
  const start = performance.now();
  for (let i = 0; i < times && performance.now() - start < budgetMs; i++) await sample(workload);
  return workload.statementsPer ? workload.statementsPer(statements) : statements;
}

/** The heap in use once it no longer shrinks: finalisers, weak maps and code caches need several collections. */
async function settledHeap() {
  let lowest = Number.POSITIVE_INFINITY;
  for (let stable = 0; stable < 3; ) {
    collect();
    await new Promise((done) => setTimeout(done, 5));
    const used = process.memoryUsage().heapUsed;
    stable = used < lowest - 1_000 ? 0 : stable + 1;
    lowest = Math.min(lowest, used);
  }
  return lowest;
}

/** Bytes of heap per entity of a load, with everything that lives as long as its context: what letting go of it frees. */
async function heap(kind) {
  kept.outcome = undefined;
  for (let i = 0; i < 3; i++) {
    await contender[kind]();
    contender.dispose?.();
  }
  let held = await contender[kind]();
  const full = await settledHeap();
  const count = kind === 'W2' ? held.length : fixture.authors.length + fixture.posts.length + fixture.tags.length;
  held = undefined;
  contender.dispose?.();
  return (full - (await settledHeap())) / count;
}

const handlers = {
  warm: ({ workload, ...options }) => (supports(workload) ? warm(workloads[workload], options) : null),
  sample: ({ workload }) => (supports(workload) ? sample(workloads[workload]) : null),
  heap: ({ kind }) => heap(kind),
};
const supports = (workload) => typeof contender[workload] === 'function';

process.on('message', async (message) => {
  try {
    process.send({ value: await handlers[message.op](message) });
  } catch (error) {
    process.send({ error: `${name} ${message.workload ?? message.op}: ${error.stack}` });
  }
});
process.send({ value: 'ready' });

// The parts of a run, each to a section of the report.
import { compareWorkloads, verdictTable, workloadTables, writeFixture } from './compare.mjs';
import { loadEngine } from './engines/index.mjs';
import { measureHeap } from './heap.mjs';
import { TARGETS } from './targets.mjs';

const OURS = 'meshestra';

/** The workloads on one engine after the other. */
async function workloads(context) {
  const results = {};
  const bodies = [];
  for (const name of context.engines) {
    const { engine } = await loadEngine(name);
    try {
      const file = await writeFixture(engine);
      results[name] = await compareWorkloads({ ...context, engine: name, file });
    } finally {
      await engine.removeFixture?.();
    }
    const { ratios, cpu, times, statements } = workloadTables(results[name], context.contenders);
    const ours = context.contenders.includes(OURS) ? [verdictTable(results[name], OURS, TARGETS[name]), ''] : [];
    bodies.push(`### ${engine.title}\n`, ...ours, ratios, '', cpu, '', times, '', statements, '');
  }
  return { results, title: 'Workloads', body: bodies.join('\n').trimEnd() };
}

const MEASURES = {
  workloads,
  heap: async (context) => measureHeap({ ...context, file: await writeFixture() }),
  bundle: async (context) => (await import('./bundle.mjs')).measureBundles(context),
  cold: async (context) => (await import('./cold.mjs')).measureCold(context),
  scale: async (context) => (await import('./scale.mjs')).measureScale(context),
  latency: async (context) => (await import('./latency.mjs')).measureLatency(context),
  browser: async (context) => (await import('../browser/measure.mjs')).measureBrowser(context),
};

/** Runs the parts in order. A part that cannot run is a failure of the whole, with its reason, never a silent gap. */
export async function measure(parts, context) {
  const results = {};
  const sections = [];
  for (const part of parts) {
    context.log(`== ${part}`);
    try {
      const { results: numbers, ...section } = await MEASURES[part](context);
      results[part] = numbers;
      sections.push(section);
    } catch (error) {
      context.failures.push(`${part}: ${error.stack}`);
    }
  }
  return { results, sections };
}

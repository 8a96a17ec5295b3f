// The parts of a run, each to a section of the report.
import { compareWorkloads, verdictTable, workloadTables, writeFixture } from './compare.mjs';
import { measureHeap } from './heap.mjs';

const OURS = 'meshestra';

async function workloads(context) {
  const file = await writeFixture();
  const results = await compareWorkloads({ ...context, file });
  const { ratios, cpu, times, statements } = workloadTables(results, context.contenders);
  const ours = context.contenders.includes(OURS) ? [verdictTable(results, OURS), ''] : [];
  return {
    results,
    title: 'Workloads on sql.js',
    body: [...ours, ratios, '', cpu, '', times, '', statements].join('\n'),
  };
}

const MEASURES = {
  workloads,
  heap: async (context) => measureHeap({ ...context, file: await writeFixture() }),
  bundle: async (context) => (await import('./bundle.mjs')).measureBundles(context),
  cold: async (context) => (await import('./cold.mjs')).measureCold(context),
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

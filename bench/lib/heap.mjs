// Heap that stays reachable after a load, per entity: result, context, identity map and snapshots together.
import { startAll } from './compare.mjs';
import { median, table } from './report.mjs';
import { HEAP_AIM } from './targets.mjs';

const LOADS = { W2: '10,000 posts with their references', W4: 'authors, posts and tags, with 30,000 links' };

export async function measureHeap({ contenders, file, pragmas, quick, failures }) {
  const results = {};
  for (const name of contenders) {
    const [contender] = await startAll('sqljs', [name], file, pragmas, failures);
    if (contender === undefined) continue;
    results[name] = {};
    try {
      for (const kind of Object.keys(LOADS)) {
        const samples = [];
        for (let i = 0; i < (quick ? 1 : 3); i++) samples.push(await contender.ask({ op: 'heap', kind }));
        results[name][kind] = Math.round(median(samples));
      }
    } catch (error) {
      failures.push(error.message);
    } finally {
      await contender.stop();
    }
  }
  const rows = Object.entries(results).map(([name, r]) => [
    name,
    ...Object.keys(LOADS).map((k) => String(r[k] ?? '–')),
    name === 'meshestra' ? `${r.W2 <= HEAP_AIM ? 'met' : 'missed'} (aim ${HEAP_AIM} B)` : '',
  ]);
  return { results, title: 'Heap per entity, bytes', body: table(['', ...Object.values(LOADS), 'aim'], rows) };
}

// What every engine's page offers to the measuring code: open the file, time some commits, open again what was stored.
import { rowOf } from '../database.mjs';

/** An engine: `open(file)`, `commit(id)` resolving once the update is stored, `reopen()` giving the sum of counters stored. */
export function offer(engine) {
  let done = 0;
  let rows = 0;
  globalThis.bench = {
    async open(url, count) {
      const file = new Uint8Array(await (await fetch(url)).arrayBuffer());
      rows = count;
      await engine.open(file);
      return file.length;
    },
    async sample(times) {
      const out = [];
      for (let i = 0; i < times; i++) {
        const id = rowOf(done++, rows);
        await engine.prepare?.(id);
        const start = performance.now();
        await engine.commit(id);
        out.push(performance.now() - start);
      }
      return out;
    },
    async reopen() {
      const start = performance.now();
      const sum = await engine.reopen();
      return { sum, ms: performance.now() - start };
    },
  };
  document.title = 'ready';
}
